package io.github.flakeferry.pipeline;

import io.github.flakeferry.fleet.EnvironmentPolicy;
import io.github.flakeferry.forge.EnvironmentRef;
import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.GitRevision;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * An environment of a plan, as far as its state is told: a commit is on its way to it.
 *
 * @param pullRequest whose preview it is
 * @param boards that the commit is for; of a preview's one gets it
 */
record Reported(
    EnvironmentPolicy environment,
    GitRevision commit,
    Optional<Long> pullRequest,
    List<BoardName> boards) {
  Reported {
    boards = List.copyOf(boards);
  }

  /** Those of a plan, in its order. */
  static List<Reported> of(Plan plan) {
    return switch (plan) {
      case Plan.Deploy(var source, var boards) ->
          boards.stream()
              .map(Plan.PlannedBoard::environment)
              .distinct()
              .map(e -> new Reported(e, source.commit(), Optional.empty(), names(boards, e)))
              .toList();
      case Plan.Preview(var source, var number, var pools) ->
          pools.stream()
              .map(
                  pool ->
                      new Reported(
                          pool.environment(), source.commit(), Optional.of(number), names(pool)))
              .toList();
      case Plan.Sweep _, Plan.Nothing _, Plan.BuildOnly _, Plan.GiveBack _ -> List.of();
    };
  }

  private static List<BoardName> names(List<Plan.PlannedBoard> all, EnvironmentPolicy environment) {
    return all.stream()
        .filter(b -> b.environment().equals(environment))
        .map(b -> b.board().name())
        .toList();
  }

  private static List<BoardName> names(Plan.Pool pool) {
    return pool.boards().stream().map(b -> b.name()).toList();
  }

  /** What the status of an environment is about. */
  static String context(EnvironmentPolicy environment) {
    return "flakeferry/" + environment.name();
  }

  /** What the status of one of its boards is about. */
  static String context(EnvironmentPolicy environment, BoardName board) {
    return context(environment) + "/" + board;
  }

  EnvironmentRef ref() {
    return new EnvironmentRef(environment.name(), pullRequest);
  }

  /** Where people reach it: what the policy's health check asks first. */
  Optional<URI> url() {
    return environment.terms().health().urls().stream().findFirst();
  }

  /** The results that are about its boards. */
  List<BoardResult> own(Collection<BoardResult> results) {
    return results.stream().filter(r -> boards.contains(r.board())).toList();
  }

  /** Whether these results are all that there will be. */
  boolean isThrough(Collection<BoardResult> results) {
    int own = own(results).size();
    return pullRequest.isPresent() ? own > 0 : own == boards.size();
  }
}
