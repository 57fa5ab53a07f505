package io.github.flakeferry.forge.github;

import io.github.flakeferry.forge.RunContext;
import io.github.flakeferry.forge.StatusState;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.support.Words;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** {@code POST /repos/{owner}/{repo}/statuses/{sha}}. */
final class CommitStatuses {
  /** What GitHub takes; its description does not say so. */
  static final int LONGEST_DESCRIPTION = 140;

  private final RunContext run;
  private final Map<String, Map<String, String>> sent = new HashMap<>();

  CommitStatuses(RunContext run) {
    this.run = run;
  }

  /** Sets it, unless this run has just set the same. Not for more than one thread. */
  void set(Api api, GitRevision commit, String context, StatusState state, String description)
      throws ApiTrouble, IOException {
    var fields = new LinkedHashMap<String, String>();
    fields.put("state", state.label());
    fields.put("context", context);
    fields.put(
        "description", Words.shortened(Words.printableLine(description), LONGEST_DESCRIPTION));
    run.url().ifPresent(url -> fields.put("target_url", url.toString()));
    // contexts differ only beyond case
    String key = commit + " " + context.toLowerCase(Locale.ROOT);
    if (fields.equals(sent.get(key))) {
      return;
    }
    api.write(
        "POST", "/repos/" + run.repository().fullName() + "/statuses/" + commit, fields, true);
    sent.put(key, fields);
  }
}
