package io.github.flakeferry;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.flakeferry.fleet.Selector;
import io.github.flakeferry.forge.Forge;
import io.github.flakeferry.forge.github.GitHub;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.pipeline.HandedOver;
import io.github.flakeferry.pipeline.Narrowing;
import io.github.flakeferry.pipeline.Plan;
import io.github.flakeferry.pipeline.Run;
import io.github.flakeferry.pipeline.Settings;
import io.github.flakeferry.pipeline.Verdict;
import io.github.flakeferry.source.HostileRepository;
import io.github.flakeferry.source.HostileRepository.Entry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Runs of ours in a repository into which somebody pushes who is up to no good. There is no board,
 * no key and no flake: what gets past a guard fails for another reason than the guard's.
 */
final class AttackedRun implements AutoCloseable {
  static final String MAIN = "refs/heads/main";
  static final String HOST_KEY =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ3rXxKf1GGk8DxlZhYe1hKHlZ5M3wYm3Pj1fZr0v7mO";

  /** What the default branch says. */
  static final String POLICY =
      """
      boards:
        prod-1: { host: prod-1.lan, host-key: "%1$s", tags: [production] }
        stage-1: { host: stage-1.lan, host-key: "%1$s", tags: [rehearsal] }
        lab-1: { host: lab-1.lan, host-key: "%1$s", tags: [preview] }
      environments:
        production: { on: { push: main }, boards: production }
        maintenance: { on: { push: [maintenance, "try/**"] }, boards: production }
        rehearsal: { on: { push: try/next }, boards: rehearsal }
        nightly: { on: { tag: [nightly, "n*"] }, boards: production }
        releases: { on: { release: "v*" }, boards: production }
        preview: { on: pull_request, boards: preview, lease: 24h }
      """
          .formatted(HOST_KEY);

  private static final JsonMapper JSON = new JsonMapper();

  final HostileRepository repository;

  /** The default branch's tip. */
  final GitRevision main;

  private final Path folder;
  private final Map<String, String> more = new HashMap<>();
  private Narrowing narrowing = Narrowing.NONE;
  private Optional<String> policyPath = Optional.empty();

  /**
   * How a run ended.
   *
   * @param log as the runner sees it
   */
  record Done(Verdict verdict, String log, String summary) {}

  AttackedRun(Path folder) throws IOException {
    this.folder = folder;
    repository = new HostileRepository(folder.resolve("owner/boards.git"));
    repository.push(MAIN, files("first"));
    main = repository.push(MAIN, files("second"));
  }

  /** What the default branch has, and a text that makes the commit another one. */
  static Map<String, Entry> files(String text) {
    var files = new TreeMap<String, Entry>();
    files.put("flakeferry.yml", Entry.text(POLICY));
    files.put("note", Entry.text(text));
    return files;
  }

  /** A commit that is on no branch of the repository: a pull request's head. */
  GitRevision head(long pullRequest) throws IOException {
    return repository.push("refs/pull/" + pullRequest + "/head", MAIN, files("by " + pullRequest));
  }

  /** Sets a variable of the run. */
  AttackedRun with(String variable, String value) {
    more.put(variable, value);
    return this;
  }

  AttackedRun environmentInput(String name) {
    narrowing = new Narrowing(Optional.of(name), narrowing.boards());
    return this;
  }

  AttackedRun boardsInput(String selector) {
    narrowing = new Narrowing(narrowing.environment(), Optional.of(Selector.parse(selector)));
    return this;
  }

  AttackedRun configInput(String path) {
    policyPath = Optional.of(path);
    return this;
  }

  Plan plan(String event, ObjectNode payload) throws IOException {
    var log = new PrintStream(new ByteArrayOutputStream(), true, UTF_8);
    return new Run(forge(event, payload, log), settings(), Clock.systemUTC()).plan();
  }

  Done run(String event, ObjectNode payload) throws IOException {
    return done(event, payload, Run::run);
  }

  /** The second of two jobs, where the first has left nothing. */
  Done deploy(String event, ObjectNode payload) throws IOException {
    return done(
        event, payload, run -> run.deploy(HandedOver.besides(folder.resolve("record.json"))));
  }

  private Done done(String event, ObjectNode payload, Function<Run, Verdict> work)
      throws IOException {
    Files.deleteIfExists(folder.resolve("summary"));
    var log = new ByteArrayOutputStream();
    Forge forge = forge(event, payload, new PrintStream(log, true, UTF_8));
    Verdict verdict = work.apply(new Run(forge, settings(), Clock.systemUTC()));
    return new Done(verdict, log.toString(UTF_8), Files.readString(folder.resolve("summary")));
  }

  private Forge forge(String event, ObjectNode payload, PrintStream log) throws IOException {
    Path file = folder.resolve("event.json");
    Files.writeString(file, payload.toString());
    var variables = new HashMap<String, String>();
    variables.put("GITHUB_EVENT_NAME", event);
    variables.put("GITHUB_EVENT_PATH", file.toString());
    variables.put("GITHUB_REPOSITORY", "owner/boards");
    variables.put("GITHUB_SERVER_URL", folder.toUri().toString());
    variables.put("GITHUB_RUN_ID", "42");
    variables.put("GITHUB_REF", MAIN);
    variables.put("GITHUB_SHA", main.value());
    variables.put("GITHUB_OUTPUT", folder.resolve("output").toString());
    variables.put("GITHUB_STEP_SUMMARY", folder.resolve("summary").toString());
    variables.putAll(more);
    return GitHub.fromEnvironment(variables, log);
  }

  private Settings settings() {
    return new Settings(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        narrowing,
        policyPath,
        Path.of(""),
        false,
        false,
        false,
        false);
  }

  private static ObjectNode payload() {
    var payload = JSON.createObjectNode();
    payload
        .putObject("repository")
        .put("id", 1)
        .put("full_name", "owner/boards")
        .put("default_branch", "main");
    payload.putObject("sender").put("login", "mallory");
    return payload;
  }

  /** A pull request of the same repository. */
  static ObjectNode pullRequest(String action, long number, GitRevision head) {
    var payload = payload().put("action", action).put("number", number);
    var pull = payload.putObject("pull_request").put("number", number).put("draft", false);
    pull.putObject("user").put("login", "mallory");
    pull.putArray("labels");
    pull.putObject("head")
        .put("sha", head.value())
        .put("ref", "topic")
        .putObject("repo")
        .put("id", 1)
        .put("full_name", "owner/boards")
        .put("fork", false);
    pull.putObject("base").put("ref", "main").putObject("repo").put("id", 1);
    return payload;
  }

  static ObjectNode push(String ref, GitRevision commit) {
    var payload = payload().put("ref", ref).put("after", commit.value()).put("deleted", false);
    payload.putObject("head_commit").put("id", commit.value());
    return payload;
  }

  /** A release; its commit is the run's. */
  ObjectNode release(String tag, GitRevision commit) {
    with("GITHUB_SHA", commit.value());
    var payload = payload().put("action", "published");
    payload.putObject("release").put("tag_name", tag).put("prerelease", false);
    return payload;
  }

  /**
   * A run that was started by hand.
   *
   * @param ref whose workflow it is
   * @param commit what the ref points to
   * @param inputs names and values in turn
   */
  ObjectNode dispatch(String ref, GitRevision commit, String... inputs) {
    with("GITHUB_SHA", commit.value());
    var payload = payload().put("ref", ref);
    var given = payload.putObject("inputs");
    for (int i = 0; i < inputs.length; i += 2) {
      given.put(inputs[i], inputs[i + 1]);
    }
    return payload;
  }

  @Override
  public void close() {
    repository.close();
  }
}
