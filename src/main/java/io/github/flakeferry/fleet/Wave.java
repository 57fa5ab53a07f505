package io.github.flakeferry.fleet;

/** Which of an environment's boards are deployed to before the next ones. */
public sealed interface Wave {
  /** Those that a selector chooses. */
  record Selected(Selector selector) implements Wave {
    @Override
    public String toString() {
      return selector.toString();
    }
  }

  /**
   * A part of all boards of the environment, rounded up, of those that no earlier wave had.
   *
   * @param percent 1 to 100
   */
  record Percent(int percent) implements Wave {
    @Override
    public String toString() {
      return percent + "%";
    }
  }

  /** All that no earlier wave had. */
  record Rest() implements Wave {
    @Override
    public String toString() {
      return "rest";
    }
  }
}
