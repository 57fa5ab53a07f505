package io.github.flakeferry.forge.github;

import io.github.flakeferry.forge.CheckConclusion;
import io.github.flakeferry.forge.CheckResult;
import io.github.flakeferry.forge.RunContext;
import io.github.flakeferry.forge.actions.Api;
import io.github.flakeferry.forge.actions.ApiTrouble;
import io.github.flakeferry.forge.actions.RunPages;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.support.Words;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import tools.jackson.databind.JsonNode;

/**
 * The check run of a run: {@code POST /repos/{owner}/{repo}/check-runs}, {@code PATCH
 * /repos/{owner}/{repo}/check-runs/{id}}, {@code GET
 * /repos/{owner}/{repo}/commits/{sha}/check-runs}. A job is a check run, too, and may have the same
 * name: ours are known by their external id. Not for more than one thread.
 */
final class CheckRuns {
  private static final String OURS = "flakeferry ";
  private static final int LONGEST_SUMMARY = 65_535;
  private static final int LONGEST_TITLE = 255;
  // 64 KiB, of at most 3 bytes a char
  private static final int LONGEST_MESSAGE = 21_000;
  private static final int MOST_ANNOTATIONS = 50;

  private final RunContext run;
  private final RunPages pages;
  private final Map<GitRevision, Long> begun = new HashMap<>();
  private final Map<GitRevision, Integer> annotated = new HashMap<>();
  private boolean uncertain;

  CheckRuns(RunContext run, RunPages pages) {
    this.run = run;
    this.pages = pages;
  }

  void begin(Api api, GitRevision commit, String name, String title)
      throws ApiTrouble, IOException {
    // made when there is no time left, it might stay open
    if (!begun.containsKey(commit) && !api.isHurried()) {
      begun.put(commit, make(api, commit, name, title));
    }
  }

  // one whose answer was lost may be there
  private long make(Api api, GitRevision commit, String name, String title)
      throws ApiTrouble, IOException {
    if (uncertain) {
      Optional<Long> there = find(api, commit, name);
      if (there.isPresent()) {
        return there.orElseThrow();
      }
    }
    var fields = new LinkedHashMap<String, Object>();
    fields.put("name", name);
    fields.put("head_sha", commit.value());
    fields.put("status", "in_progress");
    run.url().ifPresent(url -> fields.put("details_url", url.toString()));
    fields.put("external_id", externalId());
    fields.put("output", output(title, "Under way.", List.of()));
    uncertain = true;
    long id = api.write("POST", checks(), fields, false).body().path("id").asLong();
    uncertain = false;
    return id;
  }

  private Optional<Long> find(Api api, GitRevision commit, String name)
      throws ApiTrouble, IOException {
    var found = new AtomicReference<Optional<Long>>(Optional.empty());
    api.each(
        ofCommit(commit),
        "/check_runs",
        check -> {
          // another job of this run has the same id
          if (check.path("external_id").asString("").equals(externalId())
              && check.path("name").asString("").equals(name)) {
            found.set(Optional.of(check.path("id").asLong()));
          }
          return found.get().isEmpty();
        });
    return found.get();
  }

  private String externalId() {
    return OURS + run.url().map(URI::toString).orElse(run.runId());
  }

  /** Annotations are appended, at most fifty at once; the last ones come with the conclusion. */
  void end(Api api, GitRevision commit, String name, CheckResult result)
      throws ApiTrouble, IOException {
    begin(api, commit, name, result.title());
    if (!begun.containsKey(commit)) {
      return;
    }
    String path = checks() + "/" + begun.get(commit);
    List<CheckResult.Annotation> all = result.annotations();
    int from = annotated.getOrDefault(commit, 0);
    for (; all.size() - from > MOST_ANNOTATIONS; from += MOST_ANNOTATIONS) {
      var some = all.subList(from, from + MOST_ANNOTATIONS);
      api.write(
          "PATCH", path, Map.of("output", output(result.title(), result.summary(), some)), false);
      annotated.put(commit, from + MOST_ANNOTATIONS);
    }
    var rest = all.subList(Math.min(from, all.size()), all.size());
    api.write(
        "PATCH",
        path,
        completed(
            result.conclusion().name().toLowerCase(Locale.ROOT),
            output(result.title(), result.summary(), rest)),
        rest.isEmpty());
    annotated.put(commit, all.size());
  }

  private static Map<String, Object> completed(String conclusion, Map<String, Object> output) {
    return Map.of("status", "completed", "conclusion", conclusion, "output", output);
  }

  private static Map<String, Object> output(
      String title, String summary, List<CheckResult.Annotation> annotations) {
    var output = new LinkedHashMap<String, Object>();
    output.put("title", Words.shortened(Words.printableLine(title), LONGEST_TITLE));
    output.put("summary", Words.shortened(summary, LONGEST_SUMMARY));
    if (!annotations.isEmpty()) {
      var list = new ArrayList<Map<String, Object>>();
      annotations.forEach(annotation -> list.add(annotation(annotation)));
      output.put("annotations", list);
    }
    return output;
  }

  private static Map<String, Object> annotation(CheckResult.Annotation annotation) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("path", annotation.path());
    fields.put("start_line", annotation.line());
    fields.put("end_line", annotation.line());
    fields.put("start_column", annotation.column());
    fields.put("end_column", annotation.column());
    fields.put("annotation_level", "failure");
    fields.put("message", Words.shortened(Words.printable(annotation.message()), LONGEST_MESSAGE));
    return fields;
  }

  /** Cancels those of ours whose run is over. */
  void closeAbandoned(Api api, GitRevision commit) throws ApiTrouble, IOException {
    api.each(
        ofCommit(commit),
        "/check_runs",
        check -> {
          if (isAbandoned(api, check)) {
            api.write(
                "PATCH",
                checks() + "/" + check.path("id").asLong(),
                completed(
                    CheckConclusion.CANCELLED.name().toLowerCase(Locale.ROOT),
                    output(RunPages.ABANDONED, "Its end is not known.", List.of())),
                true);
          }
          return true;
        });
  }

  private boolean isAbandoned(Api api, JsonNode check) throws ApiTrouble, IOException {
    String external = check.path("external_id").asString("");
    return external.startsWith(OURS)
        && !check.path("status").asString("").equals("completed")
        && pages.isOver(
            api, external.substring(OURS.length()), check.path("started_at").asString(""));
  }

  private String checks() {
    return "/repos/" + run.repository().fullName() + "/check-runs";
  }

  private String ofCommit(GitRevision commit) {
    return "/repos/%s/commits/%s/check-runs?filter=all"
        .formatted(run.repository().fullName(), commit);
  }
}
