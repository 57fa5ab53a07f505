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
          pools.forEach(
              p ->
                  forge.comment(
                      number, p.environment().name(), text(p, headline, results, reporting)));
      case Plan.GiveBack(var head, var number, var pools) ->
          pools.forEach(p -> ofTheEnd(number, p, headline, results, reporting));
      case Plan.Sweep _, Plan.Nothing _, Plan.BuildOnly _, Plan.Deploy _ -> {}
    }
  }

  // one that never had a board there has read nothing of it, and need not now
  private void ofTheEnd(
      long pullRequest,
      Plan.Pool pool,
      String headline,
      Collection<BoardResult> results,
      Reporting reporting) {
    String environment = pool.environment().name();
    String text = text(pool, headline, results, reporting);
    if (own(pool, results).isEmpty()) {
      forge.commentAgain(pullRequest, environment, text);
    } else {
      forge.comment(pullRequest, environment, text);
    }
  }

  private static String text(
      Plan.Pool pool, String headline, Collection<BoardResult> results, Reporting reporting) {
    List<BoardResult> own = own(pool, results);
    return Comment.render(
        reporting.about(
            List.of(pool.environment().name()), own.isEmpty() ? headline : Headline.of(own), own));
  }

  private static List<BoardResult> own(Plan.Pool pool, Collection<BoardResult> results) {
    return results.stream()
        .filter(r -> pool.boards().stream().anyMatch(b -> b.name().equals(r.board())))
        .toList();
  }
}
