package io.github.flakeferry.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.flakeferry.fleet.EnvironmentPolicy;
import io.github.flakeferry.forge.EnvironmentRef;
import io.github.flakeferry.model.BoardAction;
import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.support.Words;
import java.net.URI;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.zip.CRC32;

/**
 * An environment of a plan, as far as its state is told: a commit is on its way to it.
 *
 * @param pullRequest whose preview it is
 * @param boards that the commit is for; of a preview's one gets it
 * @param part these boards' name, where the run's inputs leave out others of the environment; else
 *     empty
 * @param milder what is done instead, where somebody asked for less than the policy's action; else
 *     empty
 * @param byHand whether somebody asked for a preview of this very commit
 */
record Reported(
    EnvironmentPolicy environment,
    GitRevision commit,
    Optional<Long> pullRequest,
    List<BoardName> boards,
    String part,
    String milder,
    boolean byHand) {
  private static final int LONGEST_PART = 80;
  private static final String OURS = "flakeferry/";

  Reported {
    boards = List.copyOf(boards);
  }

  /** Those of a plan, in its order. */
  static List<Reported> of(Plan plan) {
    return switch (plan) {
      case Plan.Deploy deploy ->
          deploy.boards().stream()
              .map(Plan.PlannedBoard::environment)
              .distinct()
              .map(e -> of(deploy, e))
              .toList();
      case Plan.Preview(var source, var number, var pools) ->
          pools.stream()
              .map(
                  pool ->
                      new Reported(
                          pool.environment(),
                          source.commit(),
                          Optional.of(number),
                          names(pool),
                          "",
                          "",
                          source.proof() == Plan.Proof.PRESENT_HEAD))
              .toList();
      case Plan.Sweep _, Plan.Nothing _, Plan.BuildOnly _, Plan.GiveBack _ -> List.of();
    };
  }

  private static Reported of(Plan.Deploy plan, EnvironmentPolicy environment) {
    List<BoardName> boards = names(plan.boards(), environment);
    return new Reported(
        environment,
        plan.source().commit(),
        Optional.empty(),
        boards,
        plan.parts().contains(environment.name()) ? part(boards) : "",
        plan.boards().stream()
            .filter(b -> b.environment().equals(environment))
            .map(Plan.PlannedBoard::action)
            .filter(action -> action != environment.action())
            .map(BoardAction::label)
            .findFirst()
            .orElse(""),
        false);
  }

  /** The same boards have the same name, and others another one. */
  static String part(List<BoardName> boards) {
    String all = boards.stream().map(BoardName::value).sorted().collect(Collectors.joining(", "));
    return shortened(all, LONGEST_PART);
  }

  /** What is longer than that is cut, and still has a name of its own. */
  static String shortened(String name, int longest) {
    if (name.length() <= longest) {
      return name;
    }
    var sum = new CRC32();
    sum.update(name.getBytes(UTF_8));
    return Words.shortened(name, longest) + " " + HexFormat.of().toHexDigits((int) sum.getValue());
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

  /**
   * What its status is about. Jobs that have a part of an environment each must not speak for the
   * whole: one that goes well would hide another's failure.
   */
  String context() {
    return base() + (part.isEmpty() ? "" : " (" + part + ")");
  }

  /** What the status of one of its boards is about. */
  String context(BoardName board) {
    return base() + "/" + board;
  }

  // what somebody asked to be done less of is no rollout
  private String base() {
    return context(environment) + (milder.isEmpty() ? "" : ": " + milder);
  }

  /** What the contexts of an environment's parts begin with. */
  static String partContexts(EnvironmentPolicy environment) {
    return context(environment) + " (";
  }

  /** Whether a status is one of ours, by its context. */
  static boolean isOurs(String context) {
    return context.toLowerCase(Locale.ROOT).startsWith(OURS);
  }

  /** What the status of an environment is about. */
  static String context(EnvironmentPolicy environment) {
    return OURS + environment.name();
  }

  /** What the status of one of its boards is about. */
  static String context(EnvironmentPolicy environment, BoardName board) {
    return context(environment) + "/" + board;
  }

  /** What the description of its status begins with; empty for what an event has started. */
  String preface() {
    return byHand ? pullRequest.map(Reported::byHand).orElse("") : "";
  }

  /** The same for a pull request that somebody asked for. */
  static String byHand(long pullRequest) {
    return "#" + pullRequest + " by hand: ";
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
