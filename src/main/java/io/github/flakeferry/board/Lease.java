package io.github.flakeferry.board;

import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.StorePath;
import java.time.Instant;
import java.util.Optional;

/**
 * A preview board that is or was lent to somebody, as the board says. The code on such a board may
 * say anything: it is a hint.
 *
 * @param owner such as {@code owner/repo#12}, always one that {@link
 *     io.github.flakeferry.model.terms.LeaseTerms} takes; {@link #UNKNOWN} where the lease is there
 *     but damaged
 * @param system what it was lent for
 * @param commit what that was built from; may be empty
 * @param since when the owner first got it, by the clock of whoever lent it
 * @param until by the same clock; absent: until it is given back
 * @param bootId of the boot in which it was lent
 */
public record Lease(
    String owner,
    Optional<StorePath> system,
    String commit,
    Instant since,
    Optional<Instant> until,
    String bootId) {
  /** The owner of a lease that can't be read. */
  public static final String UNKNOWN = "unknown";

  static final Lease DAMAGED =
      new Lease(UNKNOWN, Optional.empty(), "", Instant.EPOCH, Optional.empty(), "");

  /** What a lease is worth. */
  public enum Worth {
    /** The board is its owner's. */
    HELD,
    /** Its time is over: the board is anybody's. */
    OVER,
    /** The board was started anew, and runs its profile's system: it is anybody's. */
    LOST
  }

  /** The commit, where it is one. */
  public Optional<GitRevision> builtFrom() {
    return GitRevision.of(commit);
  }

  /** Whether it is there but can't be read. */
  public boolean isDamaged() {
    return owner.equals(UNKNOWN);
  }

  /** Whose it is, since when and until when, for people. */
  public String told() {
    return isDamaged()
        ? "nobody knows whom: its lease can't be read"
        : owner + " since " + since + until.map(end -> " until " + end).orElse("");
  }
}
