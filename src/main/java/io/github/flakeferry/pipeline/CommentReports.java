package io.github.flakeferry.pipeline;

import io.github.flakeferry.forge.Forge;
import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.report.Comment;
import io.github.flakeferry.report.Headline;
import io.github.flakeferry.report.RunReport;
import java.util.Collection;
import java.util.List;

/** One comment on a pull request for each environment: about its boards alone. */
final class CommentReports {
  /** Makes a report about some results of the run. */
  interface Reporting {
    RunReport about(List<String> environments, String headline, List<BoardResult> results);
  }

  private final Forge forge;

  CommentReports(Forge forge) {
    this.forge = forge;
  }

  /** Writes all comments of a plan, which may have none. */
  void write(Plan plan, String headline, Collection<BoardResult> results, Reporting reporting) {
    switch (plan) {
      case Plan.Preview(var source, var number, var pools) ->
          pools.forEach(p -> write(number, p, headline, results, reporting));
      case Plan.GiveBack(var head, var number, var pools) ->
          pools.forEach(p -> write(number, p, headline, results, reporting));
      case Plan.Sweep _, Plan.Nothing _, Plan.BuildOnly _, Plan.Deploy _ -> {}
    }
  }

  private void write(
      long pullRequest,
      Plan.Pool pool,
      String headline,
      Collection<BoardResult> results,
      Reporting reporting) {
    String environment = pool.environment().name();
    List<BoardResult> own =
        results.stream()
            .filter(r -> pool.boards().stream().anyMatch(b -> b.name().equals(r.board())))
            .toList();
    RunReport report =
        reporting.about(List.of(environment), own.isEmpty() ? headline : Headline.of(own), own);
    forge.comment(pullRequest, environment, Comment.render(report));
  }
}
