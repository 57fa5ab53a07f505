package io.github.flakeferry.pipeline.setup;

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

  /** Asks whether it may; an empty answer is no. */
  boolean confirm(String question);
}
