package io.github.flakeferry.model.terms;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Whom a preview board is lent to, and until when.
 *
 * @param owner {@code owner/repo#12}
 * @param until by the clock of whoever lends it; absent: until it is given back
 * @param takeFrom whose board it may be meanwhile, as the board names them, to be taken from them;
 *     absent: nobody's but the owner's
 */
public record LeaseTerms(String owner, Optional<Instant> until, Optional<String> takeFrom) {
  // as is_owner in base.sh
  private static final Pattern OWNER = Pattern.compile("[0-9a-zA-Z._/#-]{1,200}");

  /**
   * @throws IllegalArgumentException if somebody in it is not called as an owner can be
   */
  public LeaseTerms {
    // a board keeps whole seconds
    until = until.map(end -> end.truncatedTo(ChronoUnit.SECONDS));
    if (!isOwner(owner) || takeFrom.filter(other -> !isOwner(other)).isPresent()) {
      throw new IllegalArgumentException("no owner of a lease: '" + owner + "', " + takeFrom);
    }
  }

  /** Until it is given back. */
  public static LeaseTerms of(String owner) {
    return new LeaseTerms(owner, Optional.empty(), Optional.empty());
  }

  /** The owner that a pull request is. */
  public static String owner(String repository, long pullRequest) {
    return repository + "#" + pullRequest;
  }

  /** Whether a text may name an owner. */
  public static boolean isOwner(String text) {
    return OWNER.matcher(text).matches();
  }

  /** Whether a board that is this owner's may be had by these terms. */
  public boolean mayHave(String holder) {
    return holder.equals(owner) || takeFrom.equals(Optional.of(holder));
  }

  public LeaseTerms until(Instant other) {
    return new LeaseTerms(owner, Optional.of(other), takeFrom);
  }

  public LeaseTerms takeFrom(String other) {
    return new LeaseTerms(owner, until, Optional.of(other));
  }
}
