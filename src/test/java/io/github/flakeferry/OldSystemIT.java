package io.github.flakeferry;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.cache.NarInfo;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.testbed.HttpCache;
import io.github.flakeferry.testbed.RehearsedRun;
import io.github.flakeferry.testbed.Variation;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A runner that starts with an empty store: what boards have had comes from the cache. */
final class OldSystemIT extends JobIT {
  @Override
  String policy() throws IOException {
    return rehearsal
        .policy("")
        .replace("    boards: production\n", "    boards: production\n    transfer: delta\n");
  }

  private RehearsedRun deploy(String message) throws IOException {
    rehearsal.flake().change(Variation.FIRST.message(message + " " + UUID.randomUUID()));
    rehearsal.write("flakeferry.yml", policy());
    GitRevision commit = rehearsal.push(message, MAIN);
    RehearsedRun run =
        RehearsedRun.of(
            BuiltProgram.words("run"),
            rehearsal.environment("push", rehearsal.pushPayload(commit, MAIN)));
    assertThat(run.exitCode()).as(run.logText()).isZero();
    assertThat(board.currentSystem()).isEqualTo(StorePath.parse(run.output("store-paths")));
    return run;
  }

  private static void forget(StorePath path) throws IOException {
    Command.of("nix-store", "--delete", path.toString()).run().orThrow();
    assertThat(path.path()).doesNotExist();
  }

  private List<String> narsAsked(StorePath path) throws IOException {
    String narInfo = "/" + NarInfo.fileName(path);
    return rehearsal.cache().requests().stream()
        .filter(request -> request.method().equals("GET") && request.status() == 200)
        .map(HttpCache.Request::path)
        .filter(narInfo::equals)
        .toList();
  }

  @Test
  void whatTheBoardHasComesFromTheCacheToBeComparedWith() throws IOException {
    deploy("The first");
    StorePath old = board.currentSystem();
    forget(old);
    assertThat(narsAsked(old)).isEmpty();

    RehearsedRun second = deploy("The second");

    assertThat(narsAsked(old)).isNotEmpty();
    assertThat(old.path()).exists();
    assertThat(second.logText())
        .containsPattern("main-job: sent .* instead of .*: \\d+ paths as differences\\n")
        .doesNotContain("is not compared")
        .doesNotContain("again without differences");
  }

  @Test
  void whatTheCacheHasNotIsNotComparedWith() throws IOException {
    deploy("The first");
    StorePath old = board.currentSystem();
    forget(old);
    Files.delete(rehearsal.cache().folder().resolve(NarInfo.fileName(old)));

    RehearsedRun second = deploy("The second");

    assertThat(old.path()).doesNotExist();
    assertThat(second.logText())
        .containsPattern("main-job: sent .* instead of .*: .*\\d+ paths? compressed\\n");
  }
}
