package io.github.flakeferry.report;

import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.ClosureDifference;
import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.GitRevision;
import java.net.URI;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What there is to tell about a run, at its end or on its way.
 *
 * @param environments names of the policy's environments that it deployed to
 * @param headline how it stands, in a few words: "3 boards deployed"; see {@link Headline}
 * @param commit what was built; absent where the event has none
 * @param runUrl the run's page
 * @param results the boards that are through, in the order to show them
 * @param changes what changed, for the boards that could say what they had before
 * @param warnings sentences
 * @param problem why the run as a whole failed, where it is not a matter of one board
 * @param loan the board that a pull request has to try its system on
 * @param finished when this was so
 */
public record RunReport(
    List<String> environments,
    String headline,
    Optional<GitRevision> commit,
    Optional<URI> runUrl,
    List<BoardResult> results,
    SortedMap<BoardName, ClosureDifference> changes,
    List<String> warnings,
    Optional<Failure> problem,
    Optional<Loan> loan,
    Instant finished) {
  public RunReport {
    environments = List.copyOf(environments);
    results = List.copyOf(results);
    changes = Collections.unmodifiableSortedMap(new TreeMap<>(changes));
    warnings = List.copyOf(warnings);
  }

  /** A report of a run that lends nobody a board. */
  public RunReport(
      List<String> environments,
      String headline,
      Optional<GitRevision> commit,
      Optional<URI> runUrl,
      List<BoardResult> results,
      Map<BoardName, ClosureDifference> changes,
      List<String> warnings,
      Optional<Failure> problem,
      Instant finished) {
    this(
        environments,
        headline,
        commit,
        runUrl,
        results,
        new TreeMap<>(changes),
        warnings,
        problem,
        Optional.empty(),
        finished);
  }

  /** The same with a board that is lent. */
  public RunReport lending(Loan lent) {
    return new RunReport(
        environments,
        headline,
        commit,
        runUrl,
        results,
        changes,
        warnings,
        problem,
        Optional.of(lent),
        finished);
  }

  /**
   * The same without what differs between two runs that found and left everything alike: times,
   * and, once there is something to tell, which run it was.
   */
  RunReport timeless() {
    boolean underWay = results.isEmpty() && problem.isEmpty();
    return new RunReport(
        environments,
        headline,
        commit,
        underWay ? runUrl : Optional.empty(),
        results.stream().map(BoardResult::timeless).toList(),
        changes,
        warnings,
        problem,
        loan,
        Instant.EPOCH);
  }
}
