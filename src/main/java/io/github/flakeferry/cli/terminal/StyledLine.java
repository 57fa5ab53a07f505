package io.github.flakeferry.cli.terminal;

/** A line of the log, without its end, and how it is meant. */
record StyledLine(Tone tone, String text) {
  enum Tone {
    PLAIN,
    HEADING,
    GOOD,
    DOUBTFUL,
    BAD
  }
}
