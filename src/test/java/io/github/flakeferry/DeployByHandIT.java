package io.github.flakeferry;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.support.process.Exit;
import io.github.flakeferry.support.process.Finished;
import io.github.flakeferry.testbed.Variation;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** A commit that is deployed from a laptop, without a forge. */
final class DeployByHandIT extends WorkingCopyIT {
  private static final String OTHERS =
      """
        preview:
          on: pull_request
          boards: preview
      """;

  private Command deploying(String... arguments) throws IOException {
    return command(arguments).with("FLAKEFERRY_SIGNING_KEY_FILE", rehearsal.keyFile().toString());
  }

  private static String said(Finished finished) {
    return String.join("\n", finished.lastErrorLines());
  }

  @Test
  void theBoardGetsTheCommitThatIsCheckedOutAndTheCacheWhatWasBuilt() throws IOException {
    rehearsal.flake().change(Variation.FIRST.message("From a laptop"));
    GitRevision commit = rehearsal.flake().commit("Say so");

    Finished deploy = deploying("deploy", "production").run();

    assertThat(deploy.exit()).as(said(deploy)).isEqualTo(new Exit.Code(0));
    assertThat(deploy.output()).containsPattern("main-job +switch +deployed");
    StorePath system = board.currentSystem();
    assertThat(board.profileSystem()).isEqualTo(system);
    assertThat(board.run("/run/current-system/sw/bin/hello").orThrow().output().strip())
        .isEqualTo("From a laptop");
    assertThat(rehearsal.cache().folder().resolve(system.hash() + ".narinfo")).exists();
    JsonNode status =
        new ObjectMapper().readTree(flakeferry("status", "--json").orThrow().output());
    assertThat(status.toString()).contains(commit.value());

    Finished again = deploying("deploy", "main-job", "--json").run();

    assertThat(again.exit()).as(said(again)).isEqualTo(new Exit.Code(0));
    JsonNode last = new ObjectMapper().readTree(again.output().lines().toList().getLast());
    assertThat(last.path("event").asString()).isEqualTo("results");
    assertThat(last.at("/boards/0/outcome").asString()).isEqualTo("unchanged");
  }

  @Test
  void whatIsNewerThereIsNotReplacedUnlessAsked() throws IOException {
    rehearsal.flake().commit("The first");
    deploying("deploy", "main-job").run().orThrow();
    rehearsal.flake().change(Variation.FIRST.message("The second"));
    rehearsal.flake().commit("The second");
    deploying("deploy", "main-job").run().orThrow();
    StorePath newer = board.currentSystem();
    rehearsal.git("checkout", "-q", "HEAD~1");

    Finished older = deploying("deploy", "main-job").run();

    assertThat(older.exit()).as(said(older)).isEqualTo(new Exit.Code(13));
    assertThat(older.output()).contains("FF-1302").contains("It has a newer commit");
    assertThat(board.currentSystem()).isEqualTo(newer);

    Finished asked = deploying("deploy", "main-job", "--allow-older").run();

    assertThat(asked.exit()).as(said(asked)).isEqualTo(new Exit.Code(0));
    assertThat(board.currentSystem()).isNotEqualTo(newer);
  }

  @Test
  void aCommitThatTheCloneHasNotMayBeNewer() throws IOException {
    rehearsal.flake().commit("The first");
    String first = head().value();
    rehearsal.flake().change(Variation.FIRST.message("Somebody else's"));
    rehearsal.flake().commit("Somebody else's");
    deploying("deploy", "main-job").run().orThrow();
    rehearsal.git("reset", "-q", "--hard", first);
    rehearsal.git("reflog", "expire", "--expire=now", "--all");
    rehearsal.git("gc", "-q", "--prune=now");

    Finished deploy = deploying("deploy", "main-job").run();

    assertThat(deploy.exit()).as(said(deploy)).isEqualTo(new Exit.Code(13));
    assertThat(said(deploy)).contains("this clone has no commit ").contains("fetch first");
  }

  @Test
  void badInputIsToldBeforeAnythingIsBuilt() throws IOException {
    rehearsal.write(
        "flakeferry.yml",
        policy()
                .replace(
                    "environments:",
                    """
                  lab-1:
                    host: 127.0.0.1
                    port: 1
                    configuration: %s
                    host-key: %s
                    tags: [preview]
                environments:"""
                        .formatted(
                            rehearsal.configuration(), board.address().hostKeys().getFirst()))
            + OTHERS);
    rehearsal.flake().commit("With previews");

    Finished preview = deploying("deploy", "lab-1").run();
    assertThat(preview.exit()).isEqualTo(new Exit.Code(11));
    assertThat(said(preview)).contains("error FF-1121: lab-1: in no environment but those");

    Finished misspelt = deploying("deploy", "main-jb").run();
    assertThat(misspelt.exit()).isEqualTo(new Exit.Code(2));
    assertThat(said(misspelt)).contains("did you mean 'main-job'?");

    Finished both = deploying("deploy", "main-job", "--record", "x.json").run();
    assertThat(both.exit()).isEqualTo(new Exit.Code(2));

    Finished unsigned = flakeferry("deploy", "main-job");
    assertThat(unsigned.exit()).isEqualTo(new Exit.Code(2));
    assertThat(said(unsigned)).contains("there is no key to sign what is published to");

    rehearsal.flake().change(Variation.FIRST.message("Not committed"));
    Finished changed = deploying("deploy", "main-job").run();
    assertThat(said(changed)).contains("what is not committed is not in it");
    assertThat(changed.exit()).as(said(changed)).isEqualTo(new Exit.Code(0));
    assertThat(board.run("/run/current-system/sw/bin/hello").orThrow().output().strip())
        .isEqualTo(Variation.FIRST.message());
  }
}
