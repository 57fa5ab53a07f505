package io.github.flakeferry.fleet;

import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.FailureCode;

/** A text is not a selector. */
public final class SelectorInvalid extends Failure {
  private final String selector;
  private final int column;
  private final String fault;

  SelectorInvalid(String selector, int column, String fault) {
    super(
        FailureCode.SELECTOR,
        "the selector " + Shown.quoted(selector) + ", column " + column + ": " + fault,
        "a selector is made of tags and names, & | ! and parentheses: \"riscv64 & !canary\"");
    this.selector = selector;
    this.column = column;
    this.fault = fault;
  }

  public String selector() {
    return selector;
  }

  /** From 1, in code points of the selector's text. */
  public int column() {
    return column;
  }

  /** What is wrong there, without the place. */
  public String fault() {
    return fault;
  }
}
