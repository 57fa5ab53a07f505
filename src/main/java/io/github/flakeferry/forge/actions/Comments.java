package io.github.flakeferry.forge.actions;

import io.github.flakeferry.forge.RunContext;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * The one comment that is kept up to date: {@code GET} and {@code POST
 * /repos/{owner}/{repo}/issues/{number}/comments}, {@code PATCH} and {@code DELETE
 * /repos/{owner}/{repo}/issues/comments/{id}}.
 */
final class Comments {
  /** Short of the 65,536 that GitHub takes; others take more. */
  static final int LONGEST = 64_000;

  // a report's last line, see report.Comment: the same for two that differ only in times
  private static final Pattern SAYS = Pattern.compile("\n<!-- says: [0-9a-f]+ -->\\z");

  private record Comment(long id, Author author, String body) {}

  private final RunContext run;
  private final Map<String, Comment> known = new HashMap<>();
  private Optional<Identity> identity = Optional.empty();

  Comments(RunContext run) {
    this.run = run;
  }

  /**
   * Creates it or brings it up to date; writes nothing where it says so already, word by word or by
   * a last line {@code <!-- says: 0123abcd -->} that is the same.
   *
   * @param mayBeNew whether it is created where there is none
   */
  void write(Api api, long pullRequest, String marker, String markdown, boolean mayBeNew)
      throws ApiTrouble, IOException {
    if (!marker.matches("[A-Za-z0-9._-]+")) {
      throw new IllegalArgumentException("not a marker: '" + marker + "'");
    }
    String firstLine = "<!-- flakeferry:" + marker + " -->";
    String body = cut(firstLine + "\n" + markdown);
    String key = pullRequest + " " + marker;
    Optional<Comment> own = Optional.ofNullable(known.get(key));
    if (own.isEmpty()) {
      own = find(api, pullRequest, firstLine);
    }
    if (own.isPresent()) {
      try {
        known.put(key, update(api, own.get(), body));
        return;
      } catch (ApiTrouble e) {
        // somebody deleted it, or it is another's after all
        known.remove(key);
        if (!e.isNotFound() && !e.isForbidden()) {
          throw e;
        }
      }
    }
    if (!mayBeNew) {
      return;
    }
    Comment made = create(api, pullRequest, body, firstLine);
    known.put(key, made);
    known.put(key, theOnly(api, pullRequest, made, body, firstLine));
  }

  // two runs that looked at the same time have both made one; looking again, both see both
  private Comment theOnly(Api api, long pullRequest, Comment made, String body, String firstLine)
      throws ApiTrouble, IOException {
    Optional<Comment> first = find(api, pullRequest, firstLine);
    if (first.isEmpty() || first.get().id() >= made.id()) {
      return made;
    }
    try {
      api.delete(comments() + "/comments/" + made.id());
    } catch (ApiTrouble e) {
      if (e.isForbidden()) {
        return made; // better twice than not at all
      }
      throw e;
    }
    return update(api, first.get(), body);
  }

  private Comment update(Api api, Comment own, String body) throws ApiTrouble, IOException {
    if (saysTheSame(normal(own.body()), normal(body))) {
      return own;
    }
    api.write("PATCH", comments() + "/comments/" + own.id(), Map.of("body", body), true);
    return new Comment(own.id(), own.author(), body);
  }

  // a creation whose answer was lost may have happened: look before it is tried again
  private Comment create(Api api, long pullRequest, String body, String firstLine)
      throws ApiTrouble, IOException {
    try {
      return read(post(api, pullRequest, body));
    } catch (ApiTrouble e) {
      if (!e.isUncertain()) {
        throw e;
      }
      Optional<Comment> made = find(api, pullRequest, firstLine);
      return made.isPresent() ? update(api, made.get(), body) : read(post(api, pullRequest, body));
    }
  }

  private JsonNode post(Api api, long pullRequest, String body) throws ApiTrouble, IOException {
    return api.write(
            "POST", comments() + "/" + pullRequest + "/comments", Map.of("body", body), false)
        .body();
  }

  // the first by us; the first by what may be us where nothing is surer
  private Optional<Comment> find(Api api, long pullRequest, String firstLine)
      throws ApiTrouble, IOException {
    Identity us = identity(api);
    var candidates = new ArrayList<Comment>();
    for (Comment comment : all(api, pullRequest)) {
      if (comment.body().startsWith(firstLine)) {
        if (us.wrote(comment.author())) {
          return Optional.of(comment);
        }
        if (us.mayHaveWritten(comment.author())) {
          candidates.add(comment);
        }
      }
    }
    return candidates.stream().findFirst();
  }

  private List<Comment> all(Api api, long pullRequest) throws ApiTrouble, IOException {
    var all = new ArrayList<Comment>();
    String path = comments() + "/" + pullRequest + "/comments";
    if (api.dialect().pagesComments()) {
      api.each(path, "", node -> all.add(read(node)));
    } else {
      api.get(path).body().forEach(node -> all.add(read(node)));
    }
    return all;
  }

  private Identity identity(Api api) throws ApiTrouble, IOException {
    if (identity.isEmpty()) {
      identity = Optional.of(Identity.of(api));
    }
    return identity.get();
  }

  private String comments() {
    return "/repos/" + run.repository().fullName() + "/issues";
  }

  private static Comment read(JsonNode node) {
    return new Comment(
        node.path("id").asLong(0), Author.of(node.path("user")), node.path("body").asString(""));
  }

  private static boolean saysTheSame(String there, String wanted) {
    Matcher before = SAYS.matcher(there);
    Matcher now = SAYS.matcher(wanted);
    return there.equals(wanted)
        || (before.find() && now.find() && before.group().equals(now.group()));
  }

  // GitHub may give line ends back as CR LF
  private static String normal(String body) {
    return body.replace("\r\n", "\n").strip();
  }

  private static String cut(String body) {
    String note = "\n\n*The rest is left out: a comment can't be longer.*\n";
    if (body.length() <= LONGEST) {
      return body;
    }
    int end = LONGEST - note.length();
    return body.substring(0, Character.isHighSurrogate(body.charAt(end - 1)) ? end - 1 : end)
        + note;
  }
}
