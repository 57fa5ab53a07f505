package io.github.flakeferry.board;

import io.github.flakeferry.model.BoardAction;
import io.github.flakeferry.model.BoardAddress;
import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.terms.LeaseTerms;
import io.github.flakeferry.model.terms.Terms;
import java.util.Optional;

/**
 * What one board is to run.
 *
 * @param wanted the profile's for {@link BoardAction#GIVE_BACK}, and only then
 * @param owner the run, for people: an address or an id, one line
 * @param commit what the system was built from; empty where nobody knows, as for a generation
 * @param lease whom a preview board is lent to: for TEST the lease that is taken or renewed, for
 *     GIVE_BACK whose lease ends, if it is still the one until then where that is said; absent:
 *     nobody's is taken, or whosever it is ends
 */
public record Deployment(
    BoardName board,
    BoardAddress address,
    BoardAction action,
    Wanted wanted,
    Terms terms,
    String owner,
    Optional<GitRevision> commit,
    Optional<LeaseTerms> lease,
    Guards guards) {
  public Deployment {
    if (wanted instanceof Wanted.OfProfile != (action == BoardAction.GIVE_BACK)) {
      throw new IllegalArgumentException(action.label() + " with " + wanted);
    }
  }

  /** The same under other terms. */
  public Deployment terms(Terms other) {
    return new Deployment(board, address, action, wanted, other, owner, commit, lease, guards);
  }
}
