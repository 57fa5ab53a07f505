package io.github.flakeferry.testbed;

/**
 * What one commit of the demo flake says.
 *
 * @param version of the package {@code hello}
 * @param message what the program prints; one line
 * @param kernel the version of the kernel
 * @param fault what is wrong with it
 */
public record Variation(String version, String message, String kernel, Fault fault) {
  /** What can be wrong with a commit. */
  public enum Fault {
    NONE,
    /** A package that does not exist. */
    DOES_NOT_EVALUATE,
    /** The C program has an error. */
    DOES_NOT_COMPILE,
    /** The program runs but ends with 1, and so its unit fails. */
    UNIT_FAILS,
    /** The board's network is gone once it is activated. */
    TAKES_NETWORK_DOWN
  }

  /** What a first commit says. */
  public static final Variation FIRST =
      new Variation("1.0", "Hello from your board", "6.12.1", Fault.NONE);

  public Variation version(String other) {
    return new Variation(other, message, kernel, fault);
  }

  public Variation message(String other) {
    return new Variation(version, other, kernel, fault);
  }

  public Variation kernel(String other) {
    return new Variation(version, message, other, fault);
  }

  public Variation fault(Fault other) {
    return new Variation(version, message, kernel, other);
  }
}
