package io.github.flakeferry.model.terms;

/**
 * What is left of older systems once a new one is the default.
 *
 * @param keep how many generations of the profile, the newest included, at least 1; the current,
 *     the booted and the last known good system stay in any case
 * @param collect when the board's garbage collector runs
 */
public record Generations(int keep, Collect collect) {
  /** Ten generations, and nothing is collected. */
  public static final Generations DEFAULT = new Generations(10, new Collect.Never());

  public Generations {
    if (keep < 1) {
      throw new IllegalArgumentException("keep " + keep + " generations");
    }
  }

  /** When the garbage collector runs. */
  public sealed interface Collect {
    /** Not by us. */
    record Never() implements Collect {}

    /** After each commit. */
    record Always() implements Collect {}

    /**
     * After a commit that leaves less than this free in {@code /nix}.
     *
     * @param bytes above 0
     */
    record WhenBelow(long bytes) implements Collect {}
  }
}
