package io.github.flakeferry.testbed;

import io.github.flakeferry.model.Secret;
import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.testbed.GitHubStandIn.Comment;
import io.github.flakeferry.testbed.GitHubStandIn.Disturbance;
import io.github.flakeferry.testbed.GitHubStandIn.Request;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** All that the stand-in for GitHub knows. */
final class GitHubState {
  /** An account. */
  record Account(String login, String type) {
    boolean isApp() {
      return type.equals("Bot");
    }
  }

  /** A comment and whose it is. */
  record Kept(Comment comment, Account author) {}

  private static final Account JOB = new Account("github-actions[bot]", "Bot");

  private final Path repositories;
  private final Secret token;
  private final URI api;
  private final URI web;
  private final Map<Long, Kept> comments = new TreeMap<>();
  private final List<Request> requests = new ArrayList<>();
  private final List<String> faults = new ArrayList<>();
  private final Deque<Disturbance> disturbances = new ArrayDeque<>();
  private final GitHubPulls pulls = new GitHubPulls();
  private Account account = JOB;
  private Set<String> permissions =
      Set.of(
          "statuses: write",
          "pull-requests: write",
          "deployments: write",
          "checks: write",
          "actions: read");
  private boolean open;
  private long lastId = 1000;

  GitHubState(Path repositories, Secret token, URI api, URI web) {
    this.repositories = repositories;
    this.token = token;
    this.api = api;
    this.web = web;
  }

  Path repositories() {
    return repositories;
  }

  Optional<Path> repository(String fullName) {
    return Optional.of(repositories.resolve(fullName + ".git")).filter(Files::isDirectory);
  }

  /** Whether there is one; an empty folder is a repository that has any, for tests without git. */
  boolean hasCommit(String repository, String sha) {
    Path folder = repository(repository).orElseThrow();
    try {
      return sha.matches("[0-9a-f]{40}")
          && (!Files.exists(folder.resolve("objects"))
              || Command.of("git", "-c", "safe.directory=*", "cat-file", "-e", sha + "^{commit}")
                  .in(folder)
                  .run()
                  .exit()
                  .succeeded());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  GitHubPulls pulls() {
    return pulls;
  }

  URI api() {
    return api;
  }

  URI web() {
    return web;
  }

  boolean isToken(String text) {
    return token.equals(new Secret(text));
  }

  synchronized long nextId() {
    return ++lastId;
  }

  synchronized Kept addComment(long number, String login, String type, String body) {
    long id = nextId();
    var kept = new Kept(new Comment(id, number, login, body, 0), new Account(login, type));
    comments.put(id, kept);
    return kept;
  }

  synchronized Optional<Kept> editComment(long id, String body) {
    return Optional.ofNullable(
        comments.computeIfPresent(
            id,
            (k, old) ->
                new Kept(
                    new Comment(
                        id,
                        old.comment().number(),
                        old.comment().author(),
                        body,
                        old.comment().edits() + 1),
                    old.author())));
  }

  /** Whether it was there. */
  synchronized boolean deleteComment(long id) {
    return comments.remove(id) != null;
  }

  synchronized List<Kept> kept(long number) {
    return comments.values().stream().filter(c -> c.comment().number() == number).toList();
  }

  List<Comment> comments(long number) {
    return kept(number).stream().map(Kept::comment).toList();
  }

  synchronized void add(Request request) {
    requests.add(request);
  }

  synchronized List<Request> requests() {
    return List.copyOf(requests);
  }

  synchronized void fault(String fault) {
    faults.add(fault);
  }

  synchronized List<String> faults() {
    return List.copyOf(faults);
  }

  synchronized void permit(Set<String> newPermissions) {
    permissions = Set.copyOf(newPermissions);
  }

  synchronized boolean permits(String permission) {
    return permissions.contains(permission);
  }

  synchronized void account(String login, String type) {
    account = new Account(login, type);
  }

  synchronized Account account() {
    return account;
  }

  synchronized void makePublic() {
    open = true;
  }

  synchronized boolean isOpen() {
    return open;
  }

  synchronized void disturb(Disturbance disturbance) {
    disturbances.add(disturbance);
  }

  synchronized Optional<Disturbance> nextDisturbance() {
    return Optional.ofNullable(disturbances.poll());
  }
}
