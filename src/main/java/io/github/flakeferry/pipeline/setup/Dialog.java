package io.github.flakeferry.pipeline.setup;

import java.util.function.Function;

/** Whoever sits before it, or nobody. */
public interface Dialog {
  /** Tells one or more lines; what a board said in them is printable. */
  void say(String text);

  /**
   * Asks for one line.
   *
   * @param proposal what an empty answer stands for; may be empty itself
   */
  String ask(String question, String proposal);

  /** Whether somebody is there who could answer otherwise. */
  boolean isAnswered();

  /**
   * Asks until the answer is of use.
   *
   * @param reading of the answer; what it refuses is told
   * @throws SetupRefused what it refuses, where nobody is there
   */
  default <T> T ask(String question, String proposal, Function<String, T> reading) {
    while (true) {
      // where the answers have come to their end it fails, for good
      String answer = ask(question, proposal);
      try {
        return reading.apply(answer);
      } catch (SetupRefused refused) {
        if (!isAnswered()) {
          throw refused;
        }
        say(("  " + refused.problem() + ". " + refused.advice()).strip().indent(2).stripTrailing());
      }
    }
  }

  /** Asks whether it may; an empty answer is no. */
  boolean confirm(String question);
}
