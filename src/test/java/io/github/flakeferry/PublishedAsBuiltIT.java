package io.github.flakeferry;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.cache.NarInfo;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.Sha256;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.testbed.RehearsedRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What is built is in the cache whatever becomes of the run. Ten derivations: {@code part-1} is
 * needed by the build alone, as a compiler is; from the third on each refers to the one before;
 * {@code part-8} waits for a file or fails; {@code part-10} is the system.
 */
final class PublishedAsBuiltIT extends JobIT {
  private final String nonce = UUID.randomUUID().toString();

  /** With a board that is off: nothing is deployed. */
  @Override
  String policy() throws IOException {
    return """
    caches:
      - url: %s
        public-key: %s
    boards:
      ten: { host: 127.0.0.1, port: 1, host-key: "%s" }
    environments:
      production: { on: { push: main }, boards: ten }
    """
        .formatted(
            rehearsal.cache().uri(),
            rehearsal.signingKey().publicKey(),
            board.address().hostKeys().getFirst());
  }

  /**
   * @param eighth what the eighth does before it writes its output
   */
  private GitRevision push(String eighth) throws Exception {
    rehearsal.write(
        "flake.nix",
        """
        {
          outputs = { self }:
            let
              part = n: script: derivation {
                name = "part-${toString n}";
                system = "x86_64-linux";
                builder = "/bin/sh";
                PATH = "/usr/bin:/bin";
                args = [ "-c" "${script}" ];
              };
              source = derivation {
                name = "source-%1$s";
                system = "x86_64-linux";
                builder = "/bin/sh";
                args = [ "-c" "echo source >$out" ];
                outputHashMode = "flat";
                outputHashAlgo = "sha256";
                outputHash = "%2$s";
              };
              first = part 1 "cat ${source} >/dev/null; echo %1$s >$out";
              second = part 2 "cat ${first} >/dev/null; head -c 20000000 /dev/urandom >$out";
              third = part 3 "echo ${second} %1$s >$out";
              all = builtins.foldl'
                (before: n: part n "${if n == 8 then "%3$s" else ":"}; echo ${before} %1$s >$out")
                third [ 4 5 6 7 8 9 10 ];
            in { nixosConfigurations.ten.config.system.build.toplevel = all; };
        }
        """
            .formatted(nonce, sha256("source\n".getBytes(StandardCharsets.UTF_8)).hex(), eighth));
    return rehearsal.push("Ten parts", "refs/heads/main");
  }

  private RehearsedRun run(GitRevision commit) throws IOException {
    return RehearsedRun.of(BuiltProgram.words("run"), environment(commit));
  }

  private Map<String, String> environment(GitRevision commit) throws IOException {
    return rehearsal.environment("push", rehearsal.pushPayload(commit, "refs/heads/main"));
  }

  @Test
  void aRunAfterAFailedOneBuildsOnlyWhatFailedOrWasNotReached() throws Exception {
    Path flag = rehearsal.folder().resolve("flag");
    GitRevision commit = push("test -e " + flag + " || exit 1");

    RehearsedRun failed = run(commit);

    assertThat(failed.exitCode()).as(failed.logText()).isEqualTo(6);
    Map<String, NarInfo> published = published();
    assertThat(published.keySet()).containsExactlyInAnyOrderElementsOf(parts(1, 7));
    assertThat(failed.logText()).contains("7 paths published");

    Command.of("nix-store", "--delete")
        .and(published.values().stream().map(n -> n.info().path().toString()).toList())
        .run()
        .orThrow();
    Files.createFile(flag);
    RehearsedRun second = run(commit);

    assertThat(second.exitCode()).as(second.logText()).isZero();
    assertThat(second.logText())
        // the first is needed by nothing that is built
        .contains("Nix: 3 derivations built, 6 paths fetched")
        .contains("3 paths published, 6 were there");
    assertThat(published().keySet()).containsExactlyInAnyOrderElementsOf(parts(1, 10));
  }

  @Test
  void whatThePolicyKeepsAwayStaysAway() throws Exception {
    rehearsal.write(
        "flakeferry.yml",
        policy().replace("    public-key", "    publish: closures\n    public-key"));
    RehearsedRun closures = run(push(":"));
    assertThat(closures.exitCode()).as(closures.logText()).isZero();
    assertThat(published().keySet()).containsExactlyInAnyOrderElementsOf(parts(2, 10));
  }

  @Test
  void sourcesGoUpWhereThePolicyWantsThem() throws Exception {
    rehearsal.write(
        "flakeferry.yml", policy().replace("    public-key", "    sources: true\n    public-key"));
    RehearsedRun run = run(push("exit 3"));
    assertThat(run.exitCode()).as(run.logText()).isEqualTo(6);
    assertThat(published().keySet())
        .hasSize(8)
        .containsAll(parts(1, 7))
        .contains("source-" + nonce);
  }

  @Test
  void logsGoUpWhereThePolicyWantsThemAlsoOfWhatFailed() throws Exception {
    rehearsal.write(
        "flakeferry.yml", policy().replace("    public-key", "    logs: true\n    public-key"));
    RehearsedRun run = run(push("echo reason of %s; exit 3".formatted(nonce)));
    assertThat(run.exitCode()).as(run.logText()).isEqualTo(6);
    assertThat(logs()).hasSize(9).containsKeys("part-1", "part-7", "source-" + nonce);
    assertThat(logs()).containsEntry("part-8", "reason of " + nonce + "\n");
  }

  /** By name. */
  private Map<String, String> logs() throws IOException {
    var all = new TreeMap<String, String>();
    try (var files = Files.newDirectoryStream(rehearsal.cache().folder().resolve("log"))) {
      for (Path file : files) {
        String name = StorePath.parse(file.getFileName().toString()).name();
        all.put(name.replaceFirst("\\.drv$", ""), Files.readString(file));
      }
    }
    return all;
  }

  @Test
  void whatAnEarlierRunCouldNotPublishIsPublishedByTheNext() throws Exception {
    rehearsal.write(
        "flakeferry.yml", policy().replace("    public-key", "    logs: true\n    public-key"));
    GitRevision commit = push("echo said of %s".formatted(nonce));
    rehearsal.cache().refuseWrites(507);
    RehearsedRun refused = run(commit);
    assertThat(refused.exitCode()).as(refused.logText()).isEqualTo(7);
    assertThat(refused.logText())
        .containsOnlyOnce("answers PUT nix-cache-info with 507. It gets nothing more in this run.")
        .contains("give it more room");
    rehearsal.cache().refuseNothing();

    RehearsedRun second = run(commit);

    assertThat(second.exitCode()).as(second.logText()).isZero();
    assertThat(second.logText())
        .contains("Nix: 0 derivations built", "11 build logs published")
        .doesNotContain("build logs are missing");
    assertThat(published().keySet()).containsExactlyInAnyOrderElementsOf(parts(1, 10));
    assertThat(logs())
        .hasSize(11)
        .containsKeys("part-1", "part-10", "source-" + nonce)
        .containsEntry("part-8", "said of " + nonce + "\n");
  }

  @Test
  void aRunThatIsCancelledLeavesNoHole() throws Exception {
    Path begun = rehearsal.folder().resolve("begun");
    GitRevision commit = push("touch " + begun + "; sleep 600");
    rehearsal.cache().holdWritesAbove(10_000_000); // the second part's content
    Path log = rehearsal.folder().resolve("log");
    var builder = new ProcessBuilder(BuiltProgram.words("run"));
    builder.environment().putAll(environment(commit));
    Process run = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    while (!Files.exists(begun) || !rehearsal.cache().holdsWrites() || published().isEmpty()) {
      assertThat(run.isAlive()).as(Files.readString(log)).isTrue();
      Thread.sleep(50);
    }
    run.destroy();

    assertThat(run.waitFor(30, TimeUnit.SECONDS)).as(Files.readString(log)).isTrue();
    assertThat(run.exitValue()).isEqualTo(143);
    assertThat(Files.readString(log)).contains("1 path published").contains(" are missing");
    rehearsal.cache().holdNothing();
    while (rehearsal.cache().holdsWrites()) {
      Thread.onSpinWait();
    }
    assertThat(published().keySet()).containsExactly("part-1");
  }

  private static List<String> parts(int from, int to) {
    return IntStream.rangeClosed(from, to).mapToObj(n -> "part-" + n).toList();
  }

  /** What the cache has, by name: all of it signed, whole and without holes. */
  private Map<String, NarInfo> published() throws Exception {
    Path folder = rehearsal.cache().folder();
    var all = new TreeMap<String, NarInfo>();
    try (var files = Files.newDirectoryStream(folder, "*.narinfo")) {
      for (Path file : files) {
        NarInfo narInfo = NarInfo.parse(Files.readString(file));
        all.put(narInfo.info().path().name(), narInfo);
      }
    }
    for (NarInfo narInfo : all.values()) {
      assertThat(rehearsal.signingKey().publicKey().hasSigned(narInfo.info())).isTrue();
      byte[] nar = Files.readAllBytes(folder.resolve(narInfo.url()));
      assertThat(sha256(nar)).isEqualTo(narInfo.fileHash());
      for (StorePath reference : narInfo.info().references()) {
        assertThat(folder.resolve(NarInfo.fileName(reference))).exists();
      }
    }
    return all;
  }

  private static Sha256 sha256(byte[] bytes) throws Exception {
    return Sha256.of(MessageDigest.getInstance("SHA-256").digest(bytes));
  }
}
