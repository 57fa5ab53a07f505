package io.github.flakeferry.cache;

/** Whether anything can be fetched from a cache just now. */
public sealed interface Readiness {
  /** It answers as a cache does. */
  record Ready() implements Readiness {}

  /** It answers, and nothing was ever published to it. */
  record Empty() implements Readiness {}

  /**
   * It can't be had.
   *
   * @param why for people, with its URL
   */
  record Trouble(String why) implements Readiness {}
}
