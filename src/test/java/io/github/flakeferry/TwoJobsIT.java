package io.github.flakeferry;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.support.progress.Progress;
import io.github.flakeferry.testbed.GitHubOpenApi;
import io.github.flakeferry.testbed.GitHubStandIn.Status;
import io.github.flakeferry.testbed.Rehearsal;
import io.github.flakeferry.testbed.RehearsedRun;
import io.github.flakeferry.testbed.TestBoard;
import io.github.flakeferry.testbed.Testbed;
import io.github.flakeferry.testbed.Variation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * One job builds without secrets; another, on a machine whose Nix store is its own, deploys what
 * that one left, and nothing else.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class TwoJobsIT {
  private static final String MAIN = "refs/heads/main";
  private static final List<String> SECRETS =
      List.of("FLAKEFERRY_SSH_KEY_FILE", "FLAKEFERRY_SIGNING_KEY_FILE");

  private static Testbed testbed;
  private static TestBoard board;
  private static Rehearsal rehearsal;
  private static StorePath before;
  private static String run = "";
  private static GitRevision commit;
  private static GitRevision other;
  private static RehearsedRun built;
  private static RehearsedRun builtOther;

  @BeforeAll
  static void build() throws Exception {
    testbed = Testbed.prepare(Progress.SILENT);
    board = testbed.startBoard("two-jobs");
    rehearsal = Rehearsal.around(board, GitHubOpenApi.judge(), "demo/boards", "main");
    before = board.currentSystem();
    rehearsal.write("flakeferry.yml", rehearsal.policy(""));
    rehearsal.flake().change(Variation.FIRST.message("From somewhere else"));
    other = rehearsal.push("Say something else", MAIN);
    rehearsal.flake().change(Variation.FIRST);
    commit = rehearsal.push("Say hello", MAIN);
    Callable<RehearsedRun> second = building(other, "other", true);
    Callable<RehearsedRun> first = building(commit, "good", false);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var running = threads.submit(second);
      built = first.call();
      builtOther = running.get();
    }
  }

  @AfterAll
  static void tidy() throws IOException {
    rehearsal.close();
    board.close();
    testbed.close();
  }

  private static Path folder(String name) {
    return rehearsal.folder().resolve(name);
  }

  /** A job of the one run that all jobs here are of. */
  private static Map<String, String> environment(GitRevision of) throws IOException {
    var environment = rehearsal.environment("push", rehearsal.pushPayload(of, MAIN));
    if (run.isEmpty()) {
      run = String.valueOf(environment.get("GITHUB_RUN_ID"));
    }
    environment.put("GITHUB_RUN_ID", run);
    return environment;
  }

  private static Callable<RehearsedRun> building(GitRevision of, String name, boolean withSecrets)
      throws IOException {
    var environment = environment(of);
    if (!withSecrets) {
      SECRETS.forEach(environment::remove);
    }
    return () ->
        RehearsedRun.of(
            BuiltProgram.words("build", "--record", folder(name).resolve("record.json").toString()),
            environment);
  }

  /** In a mount namespace whose {@code /nix} is a folder of its own. */
  private static RehearsedRun deploy(String name) throws IOException {
    Path nix = Files.createDirectories(folder(name + "-nix"));
    var words =
        new ArrayList<>(
            List.of(
                "unshare",
                "--mount",
                "--propagation",
                "private",
                "perl", // a shell would lose the variables with hyphens in their names
                "-e",
                "system('mount', '--bind', shift, '/nix') == 0 or exit 1; exec @ARGV",
                nix.toString()));
    words.addAll(
        BuiltProgram.words("deploy", "--record", folder(name).resolve("record.json").toString()));
    return RehearsedRun.of(words, environment(commit));
  }

  /** A copy of what was built, to be spoilt. */
  private static Path copy(String of, String name) throws IOException {
    Command.of("cp", "--archive", folder(of).toString(), folder(name).toString()).run().orThrow();
    return folder(name);
  }

  private static void edit(Path file, String old, String replacement) throws IOException {
    String text = Files.readString(file);
    assertThat(text).contains(old);
    Files.writeString(file, text.replace(old, replacement));
  }

  private static StorePath toplevel(RehearsedRun of) {
    return StorePath.parse(of.output("store-paths"));
  }

  private static void refused(RehearsedRun run, String... told) throws IOException {
    assertThat(run.exitCode()).as(run.logText()).isEqualTo(11);
    assertThat(run.output("failure-reason")).isEqualTo("refused");
    assertThat(run.logText()).contains(told).contains("no board was touched");
    assertThat(board.currentSystem()).isEqualTo(before);
    assertThat(rehearsal.github().statuses(commit))
        .last()
        .extracting(Status::state)
        .isEqualTo("failure");
  }

  @Test
  @Order(1)
  void theJobThatBuildsNeedsNoSecretsAndLeavesTheStatusesToTheOther() throws Exception {
    assertThat(built.exitCode()).as(built.logText()).isZero();
    assertThat(built.output("outcome")).isEqualTo("success");
    assertThat(built.output("matrix"))
        .isEqualTo(
            """
            {"include":[{"environment":"production","wave":0,"configuration":"%s",\
            "action":"switch","boards":"=two-jobs"}]}"""
                .formatted(rehearsal.configuration()));
    assertThat(built.logText()).doesNotContain("secrets");
    assertThat(rehearsal.github().statuses(commit)).isEmpty();
    Path closure = folder("good").resolve("closure");
    assertThat(closure.resolve(toplevel(built).hash() + ".narinfo"))
        .content()
        .contains("StorePath: " + toplevel(built))
        .doesNotContain("Sig:");

    assertThat(builtOther.exitCode()).as(builtOther.logText()).isZero();
    assertThat(builtOther.logText())
        .contains("this job needs no secrets, and was given ssh-key, signing-key");
    RehearsedRun again = building(commit, "good", false).call();
    assertThat(again.exitCode()).as(again.logText()).isEqualTo(2);
    assertThat(again.logText()).contains(closure + " is not empty");
  }

  @Test
  @Order(2)
  void allThatWasTamperedWithIsToldAtOnce() throws IOException {
    Path spoilt = copy("good", "spoilt");
    Path closure = spoilt.resolve("closure");
    Path narInfo = closure.resolve(toplevel(built).hash() + ".narinfo");
    edit(narInfo, "Compression: zstd", "Compression: none");
    Path nar;
    try (var nars = Files.list(closure.resolve("nar"))) {
      nar = nars.sorted().findFirst().orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(nar);
    bytes[bytes.length / 2] ^= 1;
    Files.write(nar, bytes);
    Files.writeString(closure.resolve("nar").resolve("extra.nar.zst"), "extra");
    edit(spoilt.resolve("record.json"), "\"run\": \"" + run + "\"", "\"run\": \"1\"");
    edit(spoilt.resolve("record.json"), commit.value(), other.value());

    refused(
        deploy("spoilt"),
        "in 5 places",
        "commit: expected " + commit + ", found " + other,
        "run: expected " + run + ", found 1",
        toplevel(built).hash() + ".narinfo, Compression: expected zstd, found none",
        "nar/" + nar.getFileName() + ": expected a ",
        "nar/extra.nar.zst: expected no such file");
  }

  @Test
  @Order(3)
  void whatTheCommitDoesNotEvaluateToIsRefused() throws IOException {
    Path forged = copy("other", "forged");
    edit(forged.resolve("record.json"), other.value(), commit.value());

    refused(
        deploy("forged"),
        "does not evaluate to what",
        "the system of %s: expected %s, found %s"
            .formatted(rehearsal.configuration(), toplevel(built), toplevel(builtOther)));
  }

  @Test
  @Order(4)
  void whatWasBuiltReachesTheBoardFromAnotherStore() throws IOException {
    StorePath system = toplevel(built);

    RehearsedRun run = deploy("good");

    assertThat(run.exitCode()).as(run.logText()).isZero();
    assertThat(run.output("outcome")).isEqualTo("success");
    assertThat(run.stages()).containsKeys("Import", "Publish", "Deploy").doesNotContainKey("Build");
    assertThat(board.currentSystem()).isEqualTo(system);
    assertThat(board.profileSystem()).isEqualTo(system);
    assertThat(folder("good-nix").resolve("store").resolve(system.baseName())).isDirectory();
    assertThat(rehearsal.folder().resolve("cache").resolve(system.hash() + ".narinfo"))
        .content()
        .contains("Sig: demo-cache-1:");
    assertThat(rehearsal.github().statuses(commit))
        .last()
        .extracting(Status::state)
        .isEqualTo("success");
  }
}
