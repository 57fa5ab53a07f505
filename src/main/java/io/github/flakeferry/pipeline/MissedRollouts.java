package io.github.flakeferry.pipeline;

import io.github.flakeferry.board.BoardFailure;
import io.github.flakeferry.board.Boards;
import io.github.flakeferry.fleet.EnvironmentPolicy;
import io.github.flakeferry.forge.CommitStatus;
import io.github.flakeferry.forge.StatusState;
import io.github.flakeferry.pipeline.Plan.PlannedBoard;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Brings boards to what they should have and missed. */
record MissedRollouts(Work work, Reporter reporter, KnownStatuses statuses, Boards boards) {
  private record Answer(PlannedBoard board, Optional<CatchUp.Asked> asked) {}

  /**
   * Deploys to the boards that are behind.
   *
   * @param planned what a run for this content deploys to
   * @return empty where there are none
   */
  Optional<Verdict> catchUp(Plan.Content source, List<PlannedBoard> planned) {
    List<Answer> answers =
        AtOnce.each(
            planned,
            work.policy().parallel(),
            this::ask,
            board -> new Answer(board, Optional.empty()));
    var catchUp =
        new CatchUp(
            source.commit(),
            new ToldByStatuses(statuses, source.commit()),
            new CommitHistory(work.source(), source, work.progress()),
            work.progress());
    List<PlannedBoard> behind =
        catchUp.of(
            answers.stream().flatMap(a -> a.asked().stream()).toList(),
            answers.stream().filter(a -> a.asked().isEmpty()).map(Answer::board).toList());
    if (behind.isEmpty()) {
      return Optional.empty();
    }
    // those that are not behind have it: what is told is about the whole environment
    var deploy = new Plan.Deploy(source, behind, Set.of());
    Reporter part = reporter.part(deploy);
    Verdict verdict = part.finishing(() -> new DeployRun(work, part).deploy(deploy));
    if (part.hasReached(behind)) {
      behind.stream().map(PlannedBoard::environment).distinct().forEach(e -> endParts(source, e));
    }
    return Optional.of(verdict);
  }

  private Answer ask(PlannedBoard planned) {
    try {
      return new Answer(
          planned,
          Optional.of(
              new CatchUp.Asked(
                  planned, boards.facts(planned.board().name(), planned.board().address()))));
    } catch (BoardFailure failure) {
      work.progress().warn(failure.told());
      return new Answer(planned, Optional.empty());
    }
  }

  /** What a job said that had a part of the boards, and whose boards waited. */
  private void endParts(Plan.Content source, EnvironmentPolicy environment) {
    String parts = Reported.partContexts(environment).toLowerCase(Locale.ROOT);
    statuses.of(source.commit()).stream()
        .filter(s -> s.state() == StatusState.WAITING)
        .map(CommitStatus::context)
        .filter(context -> context.toLowerCase(Locale.ROOT).startsWith(parts))
        .forEach(
            context ->
                work.forge()
                    .status(
                        source.commit(),
                        context,
                        StatusState.SUCCESS,
                        "its boards got it from a later run"));
  }
}
