package io.github.flakeferry.forge.actions;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.flakeferry.forge.Forge;
import io.github.flakeferry.forge.github.GitHub;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.Secret;
import io.github.flakeferry.support.http.Http;
import io.github.flakeferry.testbed.GitHubStandIn;
import io.github.flakeferry.testbed.StandInFor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A run that reports to the stand-in for a forge, by a clock of its own. */
public abstract class ReportsFixture {
  protected static final GitRevision COMMIT =
      new GitRevision("6113728f27ae82c7b1a177c8d03f9e96e0adf246");
  protected static final GitRevision EARLIER =
      new GitRevision("0123456789abcdef0123456789abcdef01234567");

  @TempDir protected Path folder;
  protected GitHubStandIn gitHub;
  protected Map<String, String> variables;
  protected final List<Duration> waits = Collections.synchronizedList(new ArrayList<>());
  protected final ByteArrayOutputStream log = new ByteArrayOutputStream();
  protected final Http http = new Http();
  protected volatile Instant now = Instant.parse("2026-11-22T16:00:00Z");
  private Path payload;

  /** Judges all requests; the published descriptions need more than the JDK. */
  protected GitHubStandIn.RequestJudge judge() throws IOException {
    return (method, path, query, body) -> {};
  }

  protected StandInFor standsFor() {
    return StandInFor.GITHUB;
  }

  /** The forge that the stand-in stands for. */
  protected Dialect dialect() {
    return new GitHub();
  }

  @BeforeEach
  protected void start() throws IOException {
    Files.createDirectories(folder.resolve("git/owner/boards.git"));
    gitHub =
        GitHubStandIn.start(
            standsFor(), folder.resolve("git"), new Secret("t0ken-of-the-job"), judge());
    payload = folder.resolve("event.json");
    Files.writeString(
        payload,
        """
        {"ref":"refs/heads/main","before":"%s","after":"%s",
         "repository":{"id":1,"full_name":"owner/boards","default_branch":"main"}}
        """
            .formatted(EARLIER, COMMIT));
    variables = nextRun();
  }

  @AfterEach
  protected void stop() {
    gitHub.close();
    http.close();
  }

  /** The variables of a further run. */
  protected Map<String, String> nextRun() throws IOException {
    return gitHub.runEnvironment("push", payload, folder.resolve("run"));
  }

  protected static long number(Map<String, String> run) {
    return Long.parseLong(String.valueOf(run.get("GITHUB_RUN_ID")));
  }

  /** The page of a run. */
  protected String page(Map<String, String> run) {
    return gitHub.serverUrl() + "/owner/boards/actions/runs/" + number(run);
  }

  protected Forge forge() {
    return forge(variables);
  }

  protected Forge forge(Map<String, String> run) {
    return forge(
        run,
        new Manners(
            Duration.ofSeconds(1),
            () -> now,
            time -> {
              waits.add(time);
              now = now.plus(time);
            }));
  }

  protected Forge forge(Map<String, String> run, Manners manners) {
    return forge(run, manners, () -> {});
  }

  protected Forge forge(Map<String, String> run, Manners manners, Runnable hurry) {
    return ActionsForge.fromEnvironment(
        run, new PrintStream(log, true, UTF_8), dialect(), manners, http, hurry);
  }

  /** Waits for what happens in the background, and fails after ten seconds. */
  protected static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("it did not happen within ten seconds");
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  /** Has a run of its own tell something, and waits until it is told. */
  protected void tell(Consumer<Forge> reports) {
    tell(forge(), reports);
  }

  protected void tell(Forge forge, Consumer<Forge> reports) {
    reports.accept(forge);
    forge.summary("");
  }

  protected List<String> warnings() {
    return log.toString(UTF_8).lines().filter(l -> l.startsWith("::warning::")).toList();
  }

  protected String summary() throws IOException {
    return Files.readString(Path.of(String.valueOf(variables.get("GITHUB_STEP_SUMMARY"))));
  }

  protected List<String> writes() {
    return gitHub.requests().stream()
        .filter(r -> !r.method().equals("GET"))
        .map(r -> r.method() + " " + r.status())
        .toList();
  }
}
