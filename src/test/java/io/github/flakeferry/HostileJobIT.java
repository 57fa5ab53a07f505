package io.github.flakeferry;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.cache.NarInfo;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.Secret;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.support.progress.Progress;
import io.github.flakeferry.testbed.ActionContainer;
import io.github.flakeferry.testbed.ActionImage;
import io.github.flakeferry.testbed.Confidant;
import io.github.flakeferry.testbed.GitHubOpenApi;
import io.github.flakeferry.testbed.ListeningSocket;
import io.github.flakeferry.testbed.Rehearsal;
import io.github.flakeferry.testbed.RehearsedRun;
import io.github.flakeferry.testbed.TestBoard;
import io.github.flakeferry.testbed.Testbed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.node.ObjectNode;

/**
 * Flakes that want what the job has, in the action's container: from builds, from builds that
 * evaluating needs, and from the evaluation itself. What they tried and got stands in {@code
 * src/doc/hostile-flake.md}.
 */
final class HostileJobIT {
  private static final Path TABLE = Path.of("src", "doc", "hostile-flake.md");
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| ([^|]+) \\| nothing \\| nothing \\| nothing \\|$");
  private static final String CHECKOUT = "[core]\n\trepositoryformatversion = 0\n";

  /** Nothing is told to the forge, and each report would take a second. */
  private static final String DRY = "FLAKEFERRY_DRY_RUN";

  private static final String MAIN = "refs/heads/main";

  private static Testbed testbed;
  private static TestBoard board;
  private static Rehearsal rehearsal;
  private static ActionImage image;
  private static ActionContainer action;
  private static ListeningSocket docker;
  private static ListeningSocket otherDocker;
  private static Path keys;

  /** A repository that everybody may read; the workspace has the same commit and a secret one. */
  private static Path open;

  /** Planted, one for each place. */
  private static final Map<String, String> SECRETS = new LinkedHashMap<>();

  @BeforeAll
  static void begin() throws IOException {
    testbed = Testbed.prepare(Progress.SILENT);
    image = ActionImage.prepare(testbed.folder());
    board = testbed.startBoard("hostile-job");
    rehearsal = Rehearsal.around(board, GitHubOpenApi.judge(), "demo/boards", "main");
    rehearsal.write("flakeferry.yml", rehearsal.policy(""));
    // a cache that has something is asked, with a login
    Files.writeString(
        rehearsal.cache().folder().resolve("nix-cache-info"), "StoreDir: /nix/store\n");
    rehearsal.cache().requireLogin("ferry", new Secret(secret("password")));
    docker = ListeningSocket.of(testbed.folder().resolve("docker.sock"), 999);
    otherDocker = ListeningSocket.of(testbed.folder().resolve("docker-998.sock"), 998);
    keys = Files.createDirectories(testbed.folder().resolve("keys"));
    Files.copy(board.keyFile(), keys.resolve("ssh-key"));
    readableByAll(keys.resolve("ssh-key"));
    List<String> key = Files.readAllLines(board.keyFile());
    SECRETS.put("ssh-key", key.get(key.size() / 2));
    SECRETS.put("signing-key", rehearsal.signingKey().export().reveal().strip());
    open = Files.createDirectories(testbed.folder().resolve("open"));
    git(open, "init", "-q", "-b", "main", ".");
    Files.writeString(open.resolve("private"), "no secret");
    git(open, "add", "-A");
    git(open, "commit", "-q", "-m", "it");
    action =
        new ActionContainer(image.podman(), image.withCompiler())
            .mounting("/var/run/docker.sock", docker.path())
            .mounting("/var/run/docker-998.sock", otherDocker.path())
            .mounting("/keys", keys)
            .mounting("/srv/open", open);
  }

  @AfterAll
  static void tidy() throws IOException {
    docker.close();
    otherDocker.close();
    rehearsal.close();
    board.close();
    testbed.close();
  }

  private static String secret(String place) {
    return SECRETS.computeIfAbsent(place, p -> "s3cret-" + UUID.randomUUID());
  }

  private static void readableByAll(Path file) {
    assertThat(file.toFile().setReadable(true, false)).isTrue();
  }

  /** As GitHub starts it, with logins and tokens wherever a job may have some. */
  private static RehearsedRun run(GitRevision commit, String... more) throws IOException {
    Map<String, String> all = rehearsal.environment("push", rehearsal.pushPayload(commit, MAIN));
    Path workspace = Path.of(all.get("GITHUB_WORKSPACE"));
    git(workspace, "clone", "-q", open.toString(), ".");
    plant(
        all,
        "GITHUB_WORKSPACE",
        ".git/config",
        CHECKOUT + "[http]\n\textraheader = " + secret("token"));
    plant(all, "GITHUB_WORKSPACE", "private", secret("private"));
    plant(all, "HOME", ".netrc", "machine example.org login me password " + secret("netrc"));
    plant(all, "HOME", ".docker/config.json", secret("registry"));
    plant(all, "RUNNER_TEMP", "signing-key", rehearsal.signingKey().export().reveal());
    Files.setPosixFilePermissions(
        workspace.resolve("private"), PosixFilePermissions.fromString("rw-------"));
    all.put("FLAKEFERRY_SSH_KEY_FILE", "/keys/ssh-key");
    all.put("FLAKEFERRY_SIGNING_KEY_FILE", "/github/runner_temp/signing-key");
    all.put("FLAKEFERRY_CACHE_CREDENTIALS", "ferry:" + secret("password"));
    all.put("NIX_CONFIG", "substituters =\naccess-tokens = example.org=" + secret("access"));
    for (String name : more) {
      all.put(name, "true");
    }
    RehearsedRun run = action.run(all);
    String log =
        run.logText().lines().filter(l -> !l.startsWith("::add-mask::")).collect(joining("\n"));
    nothingSecretIn(log + run.summary());
    // opened again for the steps that follow
    for (String name : List.of("GITHUB_WORKSPACE", "HOME", "RUNNER_TEMP")) {
      assertThat(Command.of("stat", "-c", "%a", all.get(name)).run().orThrow().output().strip())
          .as(name)
          .isEqualTo("755");
    }
    assertThat(Files.readString(Path.of(all.get("GITHUB_ENV")))).isEmpty();
    return run;
  }

  private static void plant(Map<String, String> all, String folder, String name, String text)
      throws IOException {
    Path file = Path.of(all.get(folder)).resolve(name);
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Files.writeString(file, text);
    readableByAll(file);
  }

  private static void nothingSecretIn(String text) {
    SECRETS.forEach((place, secret) -> assertThat(text).as(place).doesNotContain(secret));
  }

  @Test
  void aBuildGetsNothingAndNothingOfItStaysBehind() throws IOException {
    try (var confidant = Confidant.start()) {
      Files.deleteIfExists(rehearsal.flake().folder().resolve("flake.lock"));
      rehearsal.write("attempts.sh", resource("attempts.sh"));
      rehearsal.write(
          "flake.nix", resource("flake.nix").replace("@port@", Integer.toString(confidant.port())));
      String policy = rehearsal.policy("");
      rehearsal.write(
          "flakeferry.yml",
          policy.replaceFirst(
              "boards: production\n",
              Matcher.quoteReplacement(
                  """
                  boards: production
                      smoke: PATH=/usr/bin:/bin /bin/bash "${PATH%%/sw/bin}/etc/attempts-script" %d smoke
                  """
                      .formatted(confidant.port()))));
      RehearsedRun run = run(rehearsal.push("Be hostile", MAIN));
      rehearsal.write("flakeferry.yml", policy);

      assertThat(run.exitCode()).as(run.logText()).isZero();
      assertThat(board.currentSystem()).isEqualTo(StorePath.parse(run.output("store-paths")));
      Map<String, String> fromBuild = report(confidant, "build");
      Map<String, String> fromEvaluation = report(confidant, "evaluation");
      assertThat(fromBuild.keySet()).hasSizeGreaterThan(15);
      assertThat(fromEvaluation.keySet()).isEqualTo(fromBuild.keySet());
      assertThat(report(confidant, "smoke").keySet()).isEqualTo(fromBuild.keySet());
      assertThat(docker.accepted() + otherDocker.accepted()).isZero();
      assertThat(confidant.told("/variable/build").getFirst().text())
          .isEqualTo("exec: no, getEnv: ");
      assertThat(confidant.told("/hook")).isEmpty();
      // other parts of the system are published while it is built
      Instant published = published("attempts-build");
      for (String when : List.of("build", "evaluation")) {
        var left = confidant.told("/left-behind/" + when);
        assertThat(left).as(when).isNotEmpty();
        assertThat(left.getLast().at()).as(when).isBefore(published);
      }
      assertThat(confidant.told("/left-behind/smoke").getLast().at()).isBefore(deployed());
      assertThat(ROW.matcher(Files.readString(TABLE)).results().map(row -> row.group(1)))
          .containsExactlyElementsOf(fromBuild.keySet());
    }
  }

  static Stream<Arguments> readings() {
    return Stream.of(
        Arguments.of(
            "a commit of a repository",
            "builtins.readFile (builtins.fetchGit { url = \"file://FOLDER\"; rev = \"COMMIT\"; } + \"/private\")",
            ""),
        Arguments.of(
            "an input that is locked to a commit",
            "builtins.readFile \"${it}/private\"",
            "{\"type\":\"git\",\"url\":\"file://FOLDER\",\"rev\":\"COMMIT\"}"),
        Arguments.of(
            "an input that is locked to a made-up commit and hash",
            "builtins.readFile \"${it}/private\"",
            "{\"type\":\"path\",\"path\":\"FOLDER\",\"rev\":\"COMMIT\",\"narHash\":"
                + "\"sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"}"));
  }

  /** What a folder that is open to all would give away, the job's own does not. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("readings")
  void anEvaluationGetsNothing(String way, String expression, String locked) throws IOException {
    RehearsedRun run = run(reading("/github/workspace", expression, locked), DRY);

    assertThat(run.exitCode()).as(run.logText()).isEqualTo(5);
    assertThat(run.logText()).contains("'/github/workspace", ": Permission denied");
    if (expression.contains("fetchGit")) { // not since it were impossible
      RehearsedRun control = run(reading("/srv/open", expression, locked), DRY);
      assertThat(control.logText()).contains("it is: no secret");
    }
  }

  private static GitRevision reading(String folder, String expression, String locked)
      throws IOException {
    Files.deleteIfExists(rehearsal.flake().folder().resolve("flake.lock"));
    String head = new GitRevision(git(open, "rev-parse", "HEAD").strip()).value();
    if (!locked.isEmpty()) {
      String lock =
          """
          {"nodes": {"it": {"flake": false, "locked": LOCKED, "original": ORIGINAL},
                     "root": {"inputs": {"it": "it"}}}, "root": "root", "version": 7}
          """;
      rehearsal.write(
          "flake.lock",
          lock.replace("LOCKED", locked)
              .replace("ORIGINAL", locked.replaceAll(",\"rev\":\"COMMIT\".*(?=})", ""))
              .replace("FOLDER", folder)
              .replace("COMMIT", head));
    }
    rehearsal.write(
        "flake.nix",
        """
        {
          INPUTS
          outputs = { self, ... }@inputs: let it = inputs.it or null; in {
            nixosConfigurations.board-amd64.config.system.build.toplevel = throw "it is: ${EXPRESSION}";
          };
        }
        """
            .replace("EXPRESSION", expression)
            .replace(
                "INPUTS",
                locked.isEmpty()
                    ? ""
                    : "inputs.it = { url = \"%s\"; flake = false; };"
                        .formatted(
                            locked.contains("\"git\"") ? "git+file://FOLDER" : "path:FOLDER"))
            .replace("FOLDER", folder)
            .replace("COMMIT", head));
    return rehearsal.push("Read " + folder, MAIN);
  }

  private static String git(Path in, String... words) throws IOException {
    return Command.of("git", "-c", "user.name=a", "-c", "user.email=a@b.example")
        .and(words)
        .in(in)
        .run()
        .orThrow()
        .output();
  }

  @Test
  void aForksBuildGetsNoStoreThatOthersUse() throws IOException {
    String production = rehearsal.policy("");
    rehearsal.write(
        "flakeferry.yml",
        rehearsal
            .policy("  preview: { on: pull_request, boards: hostile-job }")
            .replaceFirst("(?s)  production:.*?  preview:", "  preview:"));
    rehearsal.push("Have previews", MAIN);
    try {
      rehearsal.write("note", "mine");
      GitRevision head = rehearsal.push("Come from a fork", "refs/pull/7/head");
      var payload = AttackedRun.pullRequest("opened", 7, head);
      ((ObjectNode) payload.at("/pull_request/head/repo")).put("id", 99).put("fork", true);
      Path event = rehearsal.folder().resolve("fork.json");
      Files.writeString(event, payload.toString().replace("owner/boards", "demo/boards"));
      Path nix = Files.createDirectories(testbed.folder().resolve("nix"));

      Map<String, String> all = rehearsal.environment("pull_request", event);
      all.keySet().removeIf(name -> name.startsWith("FLAKEFERRY_")); // it has no secrets
      RehearsedRun mounted =
          new ActionContainer(image.podman(), image.name()).mounting("/nix", nix).run(all);

      assertThat(mounted.exitCode()).as(mounted.logText()).isEqualTo(11);
      assertThat(mounted.logText()).contains("in a store that is mounted at /nix");
      assertThat(nix).isEmptyDirectory();
    } finally {
      rehearsal.write("flakeferry.yml", production);
      rehearsal.push("Have no previews", MAIN);
    }
  }

  private static Map<String, String> report(Confidant confidant, String when) {
    var told = confidant.told("/report/" + when);
    assertThat(told).as("reports from " + when).hasSize(1);
    nothingSecretIn(told.getFirst().text());
    var all = new LinkedHashMap<String, String>();
    told.getFirst()
        .text()
        .lines()
        .map(line -> line.split("\t", 2))
        .forEach(line -> all.put(line[0], line[1]));
    assertThat(all).as(when).allSatisfy((way, got) -> assertThat(got).startsWith("nothing: "));
    return all;
  }

  /** When the board got its new generation. */
  private static Instant deployed() throws IOException {
    String[] time =
        board
            .run("stat --format %.9Y /nix/var/nix/profiles/system")
            .orThrow()
            .output()
            .strip()
            .split("\\.");
    return Instant.ofEpochSecond(Long.parseLong(time[0]), Long.parseLong(time[1]));
  }

  /** When the content came that a path of this name has. */
  private static Instant published(String name) throws IOException {
    Path folder = rehearsal.cache().folder();
    try (Stream<Path> files = Files.list(folder).filter(f -> f.toString().endsWith(".narinfo"))) {
      for (Path file : files.toList()) {
        NarInfo narInfo = NarInfo.parse(Files.readString(file));
        if (narInfo.info().path().name().equals(name)) {
          return Files.getLastModifiedTime(folder.resolve(narInfo.url())).toInstant();
        }
      }
    }
    throw new AssertionError(name + " is not published");
  }

  private static String resource(String name) throws IOException {
    return Files.readString(
        Path.of("src", "test", "resources", "io", "github", "flakeferry", "hostile", name));
  }
}
