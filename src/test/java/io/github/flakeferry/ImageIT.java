package io.github.flakeferry;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.support.progress.Progress;
import io.github.flakeferry.testbed.ActionContainer;
import io.github.flakeferry.testbed.ActionImage;
import io.github.flakeferry.testbed.ActionInputs;
import io.github.flakeferry.testbed.GitHubOpenApi;
import io.github.flakeferry.testbed.GitHubStandIn.Status;
import io.github.flakeferry.testbed.Podman;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The action: its image built as users build it, and started as GitHub starts it. */
final class ImageIT {
  private static final JsonNode ACTION = new YAMLMapper().readTree(Path.of("action.yml"));

  private static Testbed testbed;
  private static ActionImage image;

  @BeforeAll
  static void build() throws IOException {
    testbed = Testbed.prepare(Progress.SILENT);
    image = ActionImage.prepare(testbed.folder());
  }

  @AfterAll
  static void tidy() {
    testbed.close();
  }

  @Test
  void itSaysItsVersionAndCommit() throws IOException {
    String version = Command.of(BuiltProgram.words("--version")).run().orThrow().output();

    assertThat(inImage("--version"))
        .isEqualTo(version.replaceFirst("\\(.*\\)", "(" + Podman.COMMIT + ")"))
        .contains(Podman.COMMIT);
  }

  /** Java takes no cache that was made of other files than there are, and says nothing of it. */
  @Test
  void whatJavaLearnedFromTheTrainingIsUsed() throws IOException {
    var words = new ArrayList<>(image.podman().runWords());
    words.addAll(List.of("--entrypoint", "/opt/flakeferry/java/bin/java", image.name()));
    words.addAll(List.of("-XX:AOTMode=on", "-XX:AOTCache=/opt/flakeferry/flakeferry.aot"));
    words.addAll(List.of("@/opt/flakeferry/jvm.options"));
    words.addAll(List.of("-jar", "/opt/flakeferry/flakeferry.jar", "--version"));

    assertThat(Command.of(words).run().orThrow().output()).startsWith("flakeferry ");
    assertThat(Files.readString(Path.of("Dockerfile")))
        .contains(
            "\"-XX:AOTCache=/opt/flakeferry/flakeferry.aot\", \"@/opt/flakeferry/jvm.options\"");
  }

  @Test
  void itIsSmallAndSaysWhatItIsMadeOf() throws IOException {
    String said = inShell("du -xsm / | cut -f1; cat /opt/flakeferry/flakeferry.cdx.json");

    assertThat(Integer.parseInt(said.lines().findFirst().orElseThrow())).isLessThanOrEqualTo(450);
    JsonNode bill = new YAMLMapper().readTree(said.substring(said.indexOf('{')));
    assertThat(bill.path("bomFormat").asString()).isEqualTo("CycloneDX");
    assertThat(bill.path("components").values())
        .extracting(component -> component.path("name").asString())
        .contains("sshj", "org.eclipse.jgit", "okhttp-jvm")
        .doesNotContain("junit-jupiter");
  }

  @Test
  void aBuildRunsAsAnotherUserThatCannotReadTheProgramsEnvironment() throws IOException {
    String derivation =
        """
        derivation {
          name = "nosy"; system = builtins.currentSystem; builder = "/bin/sh"; PATH = "/usr/bin:/bin";
          args = [ "-c" "{ id -un; cat /proc/1/environ || echo denied; } >$out" ];
        }
        """;
    String script =
        "cat $(nix build --option substituters '' --impure --no-link --print-out-paths --expr \"$1\")";
    var words = new ArrayList<>(image.podman().runWords());
    words.addAll(
        List.of("--entrypoint", "/bin/sh", image.name(), "-euc", script, "sh", derivation));

    assertThat(Command.of(words).run().orThrow().output()).matches("nixbld\\d+\ndenied\n");
  }

  @Test
  void aPushReachesTheBoardAndOneThatMeansNothingTouchesNothing() throws IOException {
    try (TestBoard board = testbed.startBoard("from-image");
        Rehearsal rehearsal =
            Rehearsal.around(board, GitHubOpenApi.judge(), "demo/boards", "main")) {
      var action = new ActionContainer(image.podman(), image.withCompiler());
      rehearsal.write(
          "flakeferry.yml",
          rehearsal
              .policy("")
              .replace(
                  "boards: production\n",
                  "boards: production\n    smoke: echo \"tried by $(id -un)\"\n"));
      GitRevision commit = rehearsal.push("Say hello", "refs/heads/main");
      StorePath before = board.currentSystem();

      RehearsedRun nothing = action.run(variables(rehearsal, commit, "refs/heads/elsewhere"));

      assertThat(nothing.exitCode()).as(nothing.logText()).isZero();
      assertThat(nothing.output("outcome")).isEqualTo("nothing-to-do");
      assertThat(nothing.logText())
          .contains(Podman.COMMIT + ") for demo/boards", "Nothing to do: ");
      assertThat(board.currentSystem()).isEqualTo(before);

      RehearsedRun push = action.run(variables(rehearsal, commit, "refs/heads/main"));

      assertThat(push.exitCode()).as(push.logText()).isZero();
      assertThat(push.outputs())
          .containsOnlyKeys(
              "outcome", "failure-reason", "failure-code", "plan", "results", "store-paths");
      assertThat(ACTION.get("outputs").propertyNames()).containsAll(push.outputs().keySet());
      assertThat(push.output("outcome")).isEqualTo("success");
      assertThat(push.logText())
          .contains("1 smoke command, not sandboxed here: with the network of this machine")
          .containsPattern("tried by nixbld\\d+");
      assertThat(board.currentSystem()).isEqualTo(StorePath.parse(push.output("store-paths")));
      assertThat(board.profileSystem()).isEqualTo(board.currentSystem());
      assertThat(board.run("/run/current-system/sw/bin/hello").orThrow().output().strip())
          .isEqualTo(Variation.FIRST.message());
      assertThat(rehearsal.github().statuses(commit))
          .filteredOn(status -> status.context().equals("flakeferry/production"))
          .extracting(Status::state)
          .containsExactly("pending", "success");
      assertThat(push.summary()).contains("from-image", "deployed");
    }
  }

  /** As a workflow gives them: keys by input, and each input that it does not give empty. */
  private static Map<String, String> variables(Rehearsal rehearsal, GitRevision commit, String ref)
      throws IOException {
    var all = ActionInputs.defaults();
    all.putAll(rehearsal.environment("push", rehearsal.pushPayload(commit, ref)));
    all.keySet().removeIf(name -> name.startsWith("FLAKEFERRY_"));
    all.put(ActionInputs.variable("ssh-key"), Files.readString(rehearsal.board().keyFile()));
    all.put(ActionInputs.variable("signing-key"), rehearsal.signingKey().export().reveal());
    // the image's own settings, but nobody answers here
    all.put("NIX_CONFIG", "substituters =");
    return all;
  }

  private static String inShell(String script) throws IOException {
    var words = new ArrayList<>(image.podman().runWords());
    words.addAll(List.of("--entrypoint", "/bin/sh", image.name(), "-euc", script));
    return Command.of(words).run().orThrow().output();
  }

  private static String inImage(String... arguments) throws IOException {
    var words = new ArrayList<>(image.podman().runWords());
    words.add(image.name());
    return Command.of(words).and(arguments).run().orThrow().output();
  }
}
