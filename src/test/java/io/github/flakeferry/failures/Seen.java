package io.github.flakeferry.failures;

import java.util.List;

/**
 * A failure that arose, or a run of the program.
 *
 * @param what it was: a failure's class, a board, the words after the program
 * @param codes those that it shows
 * @param faults what of it must not be so; empty when all is well
 */
public record Seen(String what, List<String> codes, List<String> faults) {
  public Seen {
    codes = List.copyOf(codes);
    faults = List.copyOf(faults);
  }
}
