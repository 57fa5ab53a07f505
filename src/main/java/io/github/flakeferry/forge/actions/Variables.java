package io.github.flakeferry.forge.actions;

import io.github.flakeferry.forge.EventUnreadable;
import io.github.flakeferry.forge.RunContext;
import io.github.flakeferry.model.Repository;
import io.github.flakeferry.model.Secret;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The variables of a run (GitHub docs, "Variables reference"). One that is set to nothing counts as
 * not set: that is how an input arrives that nobody gave.
 */
record Variables(Map<String, String> all) {
  private static final List<String> NEEDED =
      List.of(
          "GITHUB_EVENT_NAME",
          "GITHUB_EVENT_PATH",
          "GITHUB_REPOSITORY",
          "GITHUB_SERVER_URL",
          "GITHUB_RUN_ID");
  private static final Set<String> FORGES = Set.of("http", "https", "file");

  Variables {
    all = Map.copyOf(all);
    Map<String, String> given = all;
    List<String> missing =
        NEEDED.stream().filter(n -> given.getOrDefault(n, "").isBlank()).toList();
    if (!missing.isEmpty()) {
      throw EventUnreadable.missingVariables(missing);
    }
  }

  /** One of those that may be missing. */
  Optional<String> get(String name) {
    return Optional.ofNullable(all.get(name)).map(String::strip).filter(v -> !v.isEmpty());
  }

  /** One of those that were checked for. */
  String needed(String name) {
    return get(name).orElseThrow(() -> EventUnreadable.missingVariables(List.of(name)));
  }

  Path file(String name) {
    try {
      return Path.of(needed(name));
    } catch (InvalidPathException e) {
      throw EventUnreadable.badVariable(name, "is no path");
    }
  }

  /** The input {@code github-token}. */
  Optional<Secret> token() {
    return get("INPUT_GITHUB-TOKEN").map(Secret::new);
  }

  /** Whoever had a hand in starting this run: the account, and the one that started it again. */
  List<String> actors() {
    return Stream.of("GITHUB_ACTOR", "GITHUB_TRIGGERING_ACTOR")
        .flatMap(name -> get(name).stream())
        .toList();
  }

  /** Where REST requests go; empty where the forge is a folder. */
  Optional<URI> api() {
    return get("GITHUB_API_URL").map(text -> url("GITHUB_API_URL", text));
  }

  Repository repository(String defaultBranch) {
    String name = needed("GITHUB_REPOSITORY");
    URI server = url("GITHUB_SERVER_URL", needed("GITHUB_SERVER_URL"));
    try {
      return new Repository(name, cloneUrl(server, name), defaultBranch);
    } catch (IllegalArgumentException e) {
      throw EventUnreadable.badVariable("GITHUB_REPOSITORY", "is no owner/name: '" + name + "'");
    }
  }

  RunContext run(Repository repository, Dialect dialect) {
    String id = needed("GITHUB_RUN_ID");
    String attempt = get("GITHUB_RUN_ATTEMPT").orElse("1");
    URI server = url("GITHUB_SERVER_URL", needed("GITHUB_SERVER_URL"));
    // the page of a run needs no attempt, but then shows the latest one
    String number = get(dialect.runNumber()).orElse("");
    boolean hasPage = !"file".equals(server.getScheme()) && number.matches("\\d+");
    boolean again = dialect.tellsOfRuns() && attempt.matches("[2-9]|\\d{2,}");
    String page = server + "/" + repository.fullName() + "/actions/runs/" + number;
    return new RunContext(
        repository,
        id,
        attempt,
        hasPage
            ? Optional.of(URI.create(again ? page + "/attempts/" + attempt : page))
            : Optional.empty(),
        get("GITHUB_ACTOR"));
  }

  private static URI cloneUrl(URI server, String name) {
    URI bare = URI.create(server + "/" + name + ".git");
    URI plain = URI.create(server + "/" + name);
    return "file".equals(server.getScheme())
            && Files.isDirectory(Path.of(plain))
            && !Files.isDirectory(Path.of(bare))
        ? plain
        : bare;
  }

  private static URI url(String name, String text) {
    try {
      URI url = URI.create(text.replaceFirst("/+$", ""));
      if (url.getUserInfo() != null) {
        throw EventUnreadable.badVariable(name, "has credentials in it");
      }
      if (!FORGES.contains(String.valueOf(url.getScheme()))
          || (url.getHost() == null) != "file".equals(url.getScheme())) {
        throw EventUnreadable.badVariable(name, "is no http, https or file URL: '" + text + "'");
      }
      return url;
    } catch (IllegalArgumentException e) {
      throw EventUnreadable.badVariable(name, "is no URL");
    }
  }
}
