package io.github.flakeferry.forge.actions;

import io.github.flakeferry.forge.RunContext;
import java.io.IOException;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * Which run left a report behind, and whether that is over: {@code GET
 * /repos/{owner}/{repo}/actions/runs/{id}}. Not for more than one thread.
 */
public final class RunPages {
  /** What a report says in the end whose run was killed. */
  public static final String ABANDONED = "the run ended without saying so";

  /**
   * How long a job may last on GitHub's own machines. It is asked for where the token may not read
   * runs; one on a machine of one's own that takes longer still says its end itself.
   */
  private static final Duration LONGEST_JOB = Duration.ofHours(6);

  private static final Pattern PAGE =
      Pattern.compile("(.+/actions/runs/)(\\d{1,18})(?:/attempts/(\\d{1,9}))?(?:/.*)?");

  private final RunContext run;
  private final InstantSource clock;
  private final boolean tellsOfRuns;
  private final Map<Long, Optional<JsonNode>> known = new HashMap<>();

  /**
   * @param tellsOfRuns see {@link Dialect}
   */
  RunPages(RunContext run, InstantSource clock, boolean tellsOfRuns) {
    this.run = run;
    this.clock = clock;
    this.tellsOfRuns = tellsOfRuns;
  }

  private record Page(String runs, long id, long attempt) {
    static Optional<Page> of(String url) {
      Matcher parts = PAGE.matcher(url);
      return parts.matches()
          ? Optional.of(
              new Page(
                  parts.group(1),
                  Long.parseLong(parts.group(2)),
                  parts.group(3) == null ? 1 : Long.parseLong(parts.group(3))))
          : Optional.empty();
    }
  }

  private Optional<Page> own() {
    return run.url().map(URI::toString).flatMap(Page::of);
  }

  /** Whether a page is this run's, whichever job or attempt of it. */
  public boolean isOfThisRun(String url) {
    return own()
        .flatMap(own -> Page.of(url).filter(p -> p.runs.equals(own.runs) && p.id == own.id))
        .isPresent();
  }

  /**
   * Whether what a run of this repository said is its last word, because it is over.
   *
   * @param url its page
   * @param since when it said it, as the forge writes times
   */
  public boolean isOver(Api api, String url, String since) throws ApiTrouble, IOException {
    Optional<Page> own = own();
    Optional<Page> other =
        Page.of(url).filter(p -> own.map(Page::runs).stream().anyMatch(p.runs::equals));
    if (own.isEmpty() || other.isEmpty()) {
      return false;
    }
    Page page = other.orElseThrow();
    if (page.id == own.orElseThrow().id) {
      // one attempt begins when the one before is over; other jobs of the same one may go on
      return page.attempt < own.orElseThrow().attempt;
    }
    Optional<JsonNode> told = tellsOfRuns ? ask(api, page.id) : Optional.empty();
    return told.isPresent()
        ? told.orElseThrow().path("status").asString("").equals("completed")
            || told.orElseThrow().path("run_attempt").asLong(1) > page.attempt
        : isOld(since);
  }

  private Optional<JsonNode> ask(Api api, long id) throws ApiTrouble, IOException {
    if (!known.containsKey(id)) {
      known.put(id, askNow(api, id));
    }
    return known.get(id);
  }

  private Optional<JsonNode> askNow(Api api, long id) throws ApiTrouble, IOException {
    try {
      return Optional.of(
          api.get("/repos/" + run.repository().fullName() + "/actions/runs/" + id).body());
    } catch (ApiTrouble e) {
      if (e.isForbidden() || e.isNotFound()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private boolean isOld(String since) {
    try {
      return Instant.parse(since).plus(LONGEST_JOB).isBefore(clock.instant());
    } catch (DateTimeException e) {
      return false;
    }
  }
}
