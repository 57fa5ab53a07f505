package io.github.flakeferry.pipeline;

import io.github.flakeferry.fleet.EnvironmentPolicy;
import io.github.flakeferry.forge.CommitStatus;
import io.github.flakeferry.forge.StatusState;
import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.pipeline.Plan.Content;
import io.github.flakeferry.pipeline.Plan.PlannedBoard;
import io.github.flakeferry.pipeline.Plan.Proof;
import io.github.flakeferry.support.progress.Progress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds what was last rolled out to environments that a tag, a release or another branch deploys
 * to. That a run has done it, and how it ended, is told by the commit's statuses: what has none was
 * never rolled out, and is not by a sweep either. One that did not end well, or is under way, is
 * left alone, and so is what it took the place of.
 *
 * @param refs what may have been, by their full names
 */
record Rollouts(Map<String, GitRevision> refs, KnownStatuses statuses, Progress progress) {

  /**
   * One that ended well, but for boards that wait.
   *
   * @param boards that it was for
   * @param at when that was told last
   */
  record Rollout(Content source, List<PlannedBoard> boards, Instant at) {}

  /**
   * The last one of each environment, the newest first, each board in the newest that has it.
   *
   * @param boards of any environments
   */
  List<Rollout> of(List<PlannedBoard> boards) {
    List<Rollout> newestFirst =
        boards.stream()
            .map(PlannedBoard::environment)
            .distinct()
            .flatMap(e -> last(e, boards).stream())
            .sorted(Comparator.comparing(Rollout::at).reversed())
            .toList();
    Set<BoardName> taken = new HashSet<>();
    var each = new ArrayList<Rollout>();
    for (Rollout one : newestFirst) {
      List<PlannedBoard> own =
          one.boards().stream().filter(b -> taken.add(b.board().name())).toList();
      if (!own.isEmpty()) {
        each.add(new Rollout(one.source(), own, one.at()));
      }
    }
    return each;
  }

  /** What was told of an environment on one commit. */
  private record Told(String ref, GitRevision commit, List<CommitStatus> statuses) {
    Instant at() {
      return statuses.stream().map(CommitStatus::at).max(Comparator.naturalOrder()).orElseThrow();
    }
  }

  private Optional<Rollout> last(EnvironmentPolicy environment, List<PlannedBoard> boards) {
    List<Map.Entry<String, GitRevision>> own =
        refs.entrySet().stream()
            .filter(ref -> environment.trigger().matchesRef(ref.getKey()))
            .toList();
    if (own.stream().anyMatch(ref -> !statuses.tells(ref.getValue()))) {
      progress.note(
          environment.name() + ": left alone, for what was rolled out last can't be told");
      return Optional.empty();
    }
    return own.stream()
        .map(ref -> told(environment, ref.getKey(), ref.getValue()))
        .filter(told -> !told.statuses().isEmpty())
        // of two for the same commit the one that needs no proof
        .max(
            Comparator.comparing(Told::at)
                .thenComparing(told -> environment.trigger().names(told.ref())))
        .flatMap(told -> wellEnded(environment, told, boards));
  }

  private Told told(EnvironmentPolicy environment, String ref, GitRevision commit) {
    String parts = Reported.partContexts(environment).toLowerCase(Locale.ROOT);
    return new Told(
        ref,
        commit,
        statuses.of(commit).stream()
            .filter(
                s ->
                    s.isAbout(Reported.context(environment))
                        || s.context().toLowerCase(Locale.ROOT).startsWith(parts))
            .toList());
  }

  private Optional<Rollout> wellEnded(
      EnvironmentPolicy environment, Told told, List<PlannedBoard> boards) {
    if (!told.statuses().stream().allMatch(s -> isGood(s.state()))) {
      progress.note(
          "%s: %s is left alone, for its rollout is under way or did not end well"
              .formatted(environment.name(), told.ref()));
      return Optional.empty();
    }
    boolean whole =
        told.statuses().stream().anyMatch(s -> s.isAbout(Reported.context(environment)));
    List<PlannedBoard> own =
        boards.stream()
            .filter(b -> b.environment().equals(environment))
            // of jobs that have a part each, not all need have come to their turn
            .filter(b -> whole || isGood(told.commit(), b))
            .toList();
    var proof =
        environment.trigger().names(told.ref()) ? Proof.OF_ITS_REF : Proof.ON_DEFAULT_BRANCH;
    return Optional.of(new Rollout(new Content(told.commit(), told.ref(), proof), own, told.at()));
  }

  private boolean isGood(GitRevision commit, PlannedBoard board) {
    return statuses
        .of(commit, Reported.context(board.environment(), board.board().name()))
        .filter(s -> isGood(s.state()))
        .isPresent();
  }

  private static boolean isGood(StatusState state) {
    return state == StatusState.SUCCESS || state == StatusState.WAITING;
  }
}
