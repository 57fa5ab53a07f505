package io.github.flakeferry.testbed;

import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.Secret;
import io.github.flakeferry.model.SigningKey;
import io.github.flakeferry.support.TemporaryFolder;
import io.github.flakeferry.support.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * All that the main job needs, on this machine: a board, a forge, a cache, and a flake in a
 * repository of the forge. The program itself is started by the caller, with the variables that the
 * forge would give it.
 */
public final class Rehearsal implements AutoCloseable {
  private final String repository;
  private final String branch;
  private final TemporaryFolder folder;
  private final TestBoard board;
  private final GitHubStandIn github;
  private final HttpCache cache;
  private final DemoFlake flake;
  private final SigningKey signingKey = SigningKey.generate("demo-cache-1");
  private int runs;

  private Rehearsal(
      TemporaryFolder folder,
      TestBoard board,
      GitHubStandIn github,
      HttpCache cache,
      DemoFlake flake,
      String repository,
      String branch) {
    this.repository = repository;
    this.branch = branch;
    this.folder = folder;
    this.board = board;
    this.github = github;
    this.cache = cache;
    this.flake = flake;
  }

  /** Sets it up around a board that runs already; nothing is pushed yet. */
  public static Rehearsal around(TestBoard board) throws IOException {
    return around(board, (method, path, query, body) -> {}, "demo/boards", "main");
  }

  /** The same with GitHub as the forge, whose requests are judged. */
  public static Rehearsal around(
      TestBoard board, GitHubStandIn.RequestJudge judge, String repository, String branch)
      throws IOException {
    return around(board, StandInFor.GITHUB, judge, repository, branch);
  }

  /**
   * The same with any forge.
   *
   * @param judge looks at every request to the forge
   * @param repository {@code owner/name}
   * @param branch the default branch
   */
  public static Rehearsal around(
      TestBoard board,
      StandInFor forge,
      GitHubStandIn.RequestJudge judge,
      String repository,
      String branch)
      throws IOException {
    var folder = TemporaryFolder.create("rehearsal");
    Path repositories = Files.createDirectories(folder.path().resolve("repositories"));
    Path bare = repositories.resolve(repository + ".git");
    Command.of("git", "init", "-q", "--bare", "--initial-branch=" + branch, bare.toString())
        .run()
        .orThrow();
    var token = new Secret("ghs_" + UUID.randomUUID());
    var github = GitHubStandIn.start(forge, repositories, token, judge);
    var cache = HttpCache.start(folder.path().resolve("cache"));
    var flake = DemoFlake.writeTo(folder.path().resolve("flake"), Variation.FIRST);
    return new Rehearsal(folder, board, github, cache, flake, repository, branch);
  }

  public TestBoard board() {
    return board;
  }

  public GitHubStandIn github() {
    return github;
  }

  public HttpCache cache() {
    return cache;
  }

  /** The working copy that is pushed from. */
  public DemoFlake flake() {
    return flake;
  }

  /** Signs what is built. */
  public SigningKey signingKey() {
    return signingKey;
  }

  /** Where files of the caller's may lie; removed by {@link #close}. */
  public Path folder() {
    return folder.path();
  }

  /** The attribute that the board's policy names: the native one, whose variant is taken. */
  public String configuration() {
    return switch (board.kind()) {
      case AMD64 -> DemoFlake.AMD64;
      case RISCV64 -> DemoFlake.NATIVE;
    };
  }

  /** A policy with the board in production and, as another section, whatever the caller adds. */
  public String policy(String more) {
    return """
    caches:
      - url: %s
        public-key: %s
    boards:
      %s:
        configuration: %s
        host: %s
        port: %d
        host-key: %s
        tags: [production]
    environments:
      production:
        on: { push: %s }
        boards: production
        confirm-timeout: 10s
      release:
        on: { tag: "v*" }
        boards: production
        confirm-timeout: 10s
    %s"""
        .formatted(
            cache.uri(),
            signingKey.publicKey(),
            board.name(),
            configuration(),
            board.address().host(),
            board.address().port(),
            board.address().hostKeys().getFirst(),
            branch,
            more);
  }

  /** Writes a file of the working copy; {@link #push} commits it. */
  public void write(String file, String text) throws IOException {
    Path path = flake.folder().resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  /** Commits all of the working copy and pushes it. */
  public GitRevision push(String message, String ref) throws IOException {
    GitRevision commit = flake.commit(message);
    git("push", "-q", "--force", repository().toString(), "HEAD:" + ref);
    return commit;
  }

  /** Runs git in the working copy. */
  public void git(String... words) throws IOException {
    Command.of("git").and(words).in(flake.folder()).run().orThrow();
  }

  /** The bare repository behind the stand-in. */
  public Path repository() {
    return folder.path().resolve("repositories").resolve(repository + ".git");
  }

  /** The payload of a push, as small as one may be. */
  public Path pushPayload(GitRevision commit, String ref) throws IOException {
    Path file = folder.path().resolve("push-" + commit.abbreviated() + ".json");
    Files.writeString(
        file,
        """
        {"ref": "%s", "before": "%s", "after": "%s", "created": false, "deleted": false,
         "forced": false, "head_commit": {"id": "%s"},
         "repository": {"id": 1, "name": "boards", "full_name": "%s", "default_branch": "%s",
                        "owner": {"login": "demo", "id": 1}},
         "sender": {"login": "demo", "id": 1, "type": "User"}}
        """
            .formatted(ref, "0".repeat(40), commit, commit, repository, branch));
    return file;
  }

  /**
   * The variables of a run for this event: the forge's, the keys by file, and what Nix needs for
   * the demo flake. Its outputs lie in the files that they name.
   */
  public Map<String, String> environment(String event, Path payload) throws IOException {
    Path runFolder = Files.createDirectories(folder.path().resolve("run-" + ++runs));
    var all = new HashMap<>(github.runEnvironment(event, payload, runFolder));
    all.put("FLAKEFERRY_SSH_KEY_FILE", board.keyFile().toString());
    all.put("FLAKEFERRY_SIGNING_KEY_FILE", keyFile().toString());
    all.put("NIX_CONFIG", DemoFlake.NIX_CONFIG);
    return all;
  }

  /** The file with the signing key. */
  public Path keyFile() throws IOException {
    Path file = folder.path().resolve("signing-key");
    if (Files.notExists(file)) {
      Files.writeString(file, signingKey.export().reveal());
      file.toFile().setReadable(false, false);
      file.toFile().setReadable(true, true);
    }
    return file;
  }

  @Override
  public void close() throws IOException {
    github.close();
    cache.close();
    folder.close();
  }
}
