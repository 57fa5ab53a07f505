package io.github.flakeferry.board;

import io.github.flakeferry.model.BoardAction;
import io.github.flakeferry.model.BoardAddress;
import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.model.SystemPlatform;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What one board is to run.
 *
 * @param system the system to activate; empty for {@link BoardAction#GIVE_BACK}, and only then
 * @param closure the system and all it refers to, with signatures; empty for GIVE_BACK
 * @param platform what the system was built for
 * @param activationDeadline how long an activation may take, on the board's own stopwatch; also the
 *     bound of a rollback and of the boot loader's installation
 * @param confirmDeadline how long the board waits for the acknowledgement before it rolls back
 * @param owner the run, for people: an address or an id, one line
 * @param commit what the system was built from
 * @param lease who a preview board is given to, such as {@code owner/repo#12}: for TEST the lease
 *     that is taken, for GIVE_BACK the one that ends
 */
public record Deployment(
    BoardName board,
    BoardAddress address,
    BoardAction action,
    Optional<StorePath> system,
    List<PathInfo> closure,
    SystemPlatform platform,
    Duration activationDeadline,
    Duration confirmDeadline,
    String owner,
    GitRevision commit,
    Optional<String> lease) {
  public Deployment {
    closure = List.copyOf(closure);
    if (system.isEmpty() != (action == BoardAction.GIVE_BACK)) {
      throw new IllegalArgumentException(action.label() + " with the system " + system);
    }
    if (system.isPresent()
        && closure.stream().noneMatch(info -> info.path().equals(system.orElseThrow()))) {
      throw new IllegalArgumentException("the closure lacks its own root, " + system.orElseThrow());
    }
    if (activationDeadline.toSeconds() < 1 || confirmDeadline.toSeconds() < 1) {
      throw new IllegalArgumentException("a deadline below a second");
    }
  }
}
