package io.github.flakeferry.fleet;

import io.github.flakeferry.model.BoardName;
import java.util.List;
import java.util.Optional;

/**
 * What {@code flakeferry.yml} says, checked.
 *
 * @param emulate whether a build may run programs of the boards' platform through binfmt
 * @param parallel how many boards are deployed to at once, at least 1
 * @param caches in the file's order
 * @param substituters caches of others to take from, in the file's order
 * @param boards in the file's order, no name twice
 * @param environments in the file's order, no name twice
 */
public record Policy(
    CrossPolicy cross,
    boolean emulate,
    int parallel,
    List<CachePolicy> caches,
    List<Substituter> substituters,
    List<BoardPolicy> boards,
    List<EnvironmentPolicy> environments) {
  /** Boards at once where the policy doesn't say. */
  public static final int DEFAULT_PARALLEL = 16;

  public Policy {
    caches = List.copyOf(caches);
    substituters = List.copyOf(substituters);
    boards = List.copyOf(boards);
    environments = List.copyOf(environments);
  }

  /** The boards that an environment's selector chooses, in the file's order. */
  public List<BoardPolicy> boardsOf(EnvironmentPolicy environment) {
    return boards.stream()
        .filter(board -> environment.boards().matches(board.name(), board.tags()))
        .toList();
  }

  /** The caches that take what was built for an audience, in the file's order. */
  public List<CachePolicy> cachesFor(Audience audience) {
    return caches.stream().filter(cache -> cache.audience() == audience).toList();
  }

  public Optional<BoardPolicy> board(BoardName name) {
    return boards.stream().filter(board -> board.name().equals(name)).findFirst();
  }

  public Optional<EnvironmentPolicy> environment(String name) {
    return environments.stream().filter(e -> e.name().equals(name)).findFirst();
  }
}
