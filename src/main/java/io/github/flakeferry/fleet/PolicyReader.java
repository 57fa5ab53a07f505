package io.github.flakeferry.fleet;

import java.util.List;

/** Reads {@code flakeferry.yml}. */
public final class PolicyReader {
  private PolicyReader() {}

  /**
   * Reads a policy.
   *
   * @param fileName what faults name the file by
   * @throws PolicyInvalid with all that is wrong in it
   */
  public static Policy read(String fileName, String text) {
    if (text.isBlank()) {
      throw new PolicyInvalid(List.of(new Fault(fileName, 1, 1, "the file is empty")));
    }
    return new Policy(
        CrossPolicy.AUTO, false, Policy.DEFAULT_PARALLEL, List.of(), List.of(), List.of());
  }
}
