package io.github.flakeferry.forge.actions;

import io.github.flakeferry.forge.CommitStatus;
import io.github.flakeferry.forge.RunContext;
import io.github.flakeferry.forge.StatusState;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.support.Words;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * {@code POST /repos/{owner}/{repo}/statuses/{sha}} and {@code GET
 * /repos/{owner}/{repo}/commits/{sha}/status}.
 */
final class CommitStatuses {
  /** What GitHub takes, and others more; its description does not say so. */
  static final int LONGEST_DESCRIPTION = 140;

  private static final String OURS = "flakeferry/";

  /**
   * A forge has one state for what is under way and what waits: the description tells them apart.
   */
  private static final String WAITING = "waiting: ";

  private final RunContext run;
  private final RunPages pages;
  private final Map<String, Map<String, String>> sent = new HashMap<>();

  CommitStatuses(RunContext run, RunPages pages) {
    this.run = run;
    this.pages = pages;
  }

  /** What is one status: contexts differ only beyond case. */
  static String key(GitRevision commit, String context) {
    return commit + " " + context.toLowerCase(Locale.ROOT);
  }

  static String label(StatusState state) {
    return switch (state) {
      case PENDING, WAITING -> "pending";
      case SUCCESS -> "success";
      case FAILURE -> "failure";
      case ERROR -> "error";
    };
  }

  /** Sets it, unless this run has just set the same. Not for more than one thread. */
  void set(Api api, GitRevision commit, String context, StatusState state, String description)
      throws ApiTrouble, IOException {
    String text = state == StatusState.WAITING ? WAITING + description : description;
    var fields = fields(label(state), context, text, run.url().map(Object::toString));
    if (!fields.equals(sent.get(key(commit, context)))) {
      post(api, commit, fields);
      sent.put(key(commit, context), fields);
    }
  }

  private static Map<String, String> fields(
      String state, String context, String description, Optional<String> url) {
    var fields = new LinkedHashMap<String, String>();
    fields.put("state", state);
    fields.put("context", context);
    fields.put(
        "description", Words.shortened(Words.printableLine(description), LONGEST_DESCRIPTION));
    url.ifPresent(page -> fields.put("target_url", page));
    return fields;
  }

  private void post(Api api, GitRevision commit, Map<String, String> fields)
      throws ApiTrouble, IOException {
    api.write(
        "POST", "/repos/" + run.repository().fullName() + "/statuses/" + commit, fields, true);
  }

  /** The last one in each context. */
  static List<CommitStatus> ask(Api api, RunContext run, GitRevision commit)
      throws ApiTrouble, IOException {
    return all(api, run, commit).stream()
        .flatMap(status -> state(api, status).map(state -> read(status, state)).stream())
        .toList();
  }

  private static CommitStatus read(JsonNode status, StatusState state) {
    String description = status.path("description").asString("");
    return new CommitStatus(
        status.path("context").asString(""),
        state,
        state == StatusState.WAITING ? description.substring(WAITING.length()) : description,
        time(status.path("updated_at").asString("")));
  }

  private static Instant time(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      return Instant.EPOCH;
    }
  }

  private static Optional<StatusState> state(Api api, JsonNode status) {
    return switch (status.path(api.dialect().statusField()).asString("")) {
      case "pending" -> Optional.of(isWaiting(status) ? StatusState.WAITING : StatusState.PENDING);
      case "success" -> Optional.of(StatusState.SUCCESS);
      case "failure" -> Optional.of(StatusState.FAILURE);
      case "error" -> Optional.of(StatusState.ERROR);
      default -> Optional.empty();
    };
  }

  private static boolean isWaiting(JsonNode status) {
    return status.path("description").asString("").startsWith(WAITING);
  }

  private static List<JsonNode> all(Api api, RunContext run, GitRevision commit)
      throws ApiTrouble, IOException {
    var all = new ArrayList<JsonNode>();
    api.each(
        "/repos/" + run.repository().fullName() + "/commits/" + commit + "/status",
        "/statuses",
        all::add);
    return all;
  }

  /**
   * Ends our pending ones whose run is over, but for those that wait on purpose.
   *
   * @return whether such a run may have left more
   */
  boolean closeAbandoned(Api api, GitRevision commit) throws ApiTrouble, IOException {
    boolean seen = false;
    boolean more = false;
    for (JsonNode status : all(api, run, commit)) {
      String context = status.path("context").asString("");
      String page = status.path("target_url").asString("");
      boolean ours = context.toLowerCase(Locale.ROOT).startsWith(OURS);
      // those of this run were set just now, and say nothing of an earlier one
      seen |= ours && !pages.isOfThisRun(page);
      // one that was cancelled may not have had the time for all
      more |= ours && state(api, status).filter(StatusState.ERROR::equals).isPresent();
      if (ours
          && state(api, status).filter(StatusState.PENDING::equals).isPresent()
          && pages.isOver(api, page, status.path("updated_at").asString(""))) {
        post(api, commit, fields("error", context, RunPages.ABANDONED, Optional.of(page)));
        more = true;
      }
    }
    return more || !seen;
  }
}
