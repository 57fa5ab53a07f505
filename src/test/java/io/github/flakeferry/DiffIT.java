package io.github.flakeferry;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.support.process.Exit;
import io.github.flakeferry.support.process.Finished;
import io.github.flakeferry.testbed.RehearsedRun;
import io.github.flakeferry.testbed.Variation;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** What a commit would change, told before it is deployed. */
final class DiffIT extends WorkingCopyIT {
  private static final String OTHER_KEY =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";

  @Test
  void aBoardThatRunsTheCommitHasNothingToChange() throws IOException {
    GitRevision commit = deploy("Say hello");

    Finished diff = flakeferry("diff");

    assertThat(diff.exit()).as(diff.lastErrorLines().toString()).isEqualTo(new Exit.Code(0));
    assertThat(diff.output())
        .isEqualTo("commit %s on main-job: nothing would change%n".formatted(commit.abbreviated()));
    JsonNode json = json("diff", "--json");
    assertThat(json.path("commit").asString()).isEqualTo(commit.value());
    assertThat(json.at("/boards/0/unchanged").asBoolean()).isTrue();
    assertThat(json.at("/boards/0/changes").isEmpty()).isTrue();
    assertThat(json.at("/boards/0/restart").isEmpty()).isTrue();
  }

  @Test
  void whatItSaysIsWhatTheRunThatDeploysItSays() throws IOException {
    deploy("Say hello");
    StorePath before = board.currentSystem();
    String runs = runs();
    rehearsal.flake().change(Variation.FIRST.version("1.1").kernel("6.18.3"));
    GitRevision commit = rehearsal.flake().commit("Update");
    rehearsal.write("note", "not committed, and not known to Git");

    Finished diff = flakeferry("diff", "production");

    assertThat(diff.exit()).as(diff.lastErrorLines().toString()).isEqualTo(new Exit.Code(0));
    assertThat(diff.lastErrorLines()).noneMatch(line -> line.contains("not committed"));
    assertThat(diff.output())
        .startsWith("commit %s on main-job: ".formatted(commit.abbreviated()))
        .contains("packages, the kernel among them, ")
        .contains("\n  from %s\n  to /nix/store/".formatted(before))
        .contains(
            "\n  It runs the new kernel, initrd, kernel-modules, dtbs only after a restart.\n")
        .contains("\n  units are not known: it has not the new system yet, which --copy brings\n")
        .containsPattern("\n  linux \\(kernel\\): 6.12.1 → 6.18.3")
        .containsPattern("\n  hello: 1.0 → 1.1")
        .containsPattern("\n  in all .*, now .*iB\n$");
    assertThat(json("diff", "--json").at("/boards/0").has("units")).isFalse();

    Finished unsigned = flakeferry("diff", "--copy");
    assertThat(unsigned.exit()).isEqualTo(new Exit.Code(2));
    assertThat(unsigned.lastErrorLines())
        .anyMatch(line -> line.contains("there is no key to sign what boards are sent"));

    Finished signed =
        command("diff", "--copy", "--json")
            .with("FLAKEFERRY_SIGNING_KEY_FILE", rehearsal.keyFile().toString())
            .run();
    JsonNode copied = new ObjectMapper().readTree(signed.orThrow().output()).at("/boards/0");

    assertThat(copied.at("/units/restarted/0").asString()).isEqualTo("hello.service");
    assertThat(flakeferry("diff").orThrow().output()).contains("\n  restarted: hello.service");
    assertThat(board.currentSystem()).isEqualTo(before);
    assertThat(board.profileSystem()).isEqualTo(before);
    assertThat(runs()).isEqualTo(runs);

    RehearsedRun run = run("Deploy it");

    JsonNode deployed = new ObjectMapper().readTree(run.output("results")).at("/boards/0");
    for (String key : new String[] {"changes", "units", "oldBytes", "newBytes"}) {
      assertThat(copied.has(key)).as(key).isTrue();
      assertThat(copied.path(key)).as(key).isEqualTo(deployed.path(key));
    }
    assertThat(deployed.path("message").asString())
        .contains("It runs the new kernel, initrd, kernel-modules, dtbs only after a restart");
    assertThat(flakeferry("diff").orThrow().output())
        .contains("nothing would change\n  It runs the new kernel, ");
  }

  /** All that a board keeps of runs. */
  private String runs() throws IOException {
    return board
        .run("cd /nix/var/flakeferry && find . | sort && cat last deployed && ls " + PROFILES)
        .orThrow()
        .output();
  }

  private static final String PROFILES = "/nix/var/nix/profiles /nix/var/nix/gcroots/flakeferry";

  @Test
  void againstACommitOrAPathNoBoardIsAsked() throws IOException {
    deploy("Say hello");
    StorePath first = board.currentSystem();
    board.linkDown();
    rehearsal.flake().change(Variation.FIRST.version("1.1"));
    rehearsal.flake().commit("Update");
    rehearsal.flake().change(Variation.FIRST.version("1.2"));

    Finished commit = flakeferry("diff", "--against", "main~1");

    assertThat(commit.exit()).as(commit.lastErrorLines().toString()).isEqualTo(new Exit.Code(0));
    assertThat(commit.output())
        .contains("\n  from " + first, "\n  hello: 1.0 → 1.1", "and none is asked with --against")
        .doesNotContain("restart");
    assertThat(commit.lastErrorLines())
        .anyMatch(line -> line.contains("what is not committed is not in it"));
    JsonNode path = json("diff", "--against", first.toString(), "--json");
    assertThat(path.at("/boards/0/changes"))
        .isEqualTo(json("diff", "--against", "main~1", "--json").at("/boards/0/changes"))
        .isNotEmpty();

    Finished noCommit = flakeferry("diff", "--against", "mian");
    assertThat(noCommit.exit()).isEqualTo(new Exit.Code(2));
    assertThat(noCommit.lastErrorLines())
        .anyMatch(line -> line.contains("the working copy has no commit 'mian'"));
    Finished noPath = flakeferry("diff", "--against", "./flake.nix");
    assertThat(noPath.exit()).isEqualTo(new Exit.Code(2));
    assertThat(noPath.lastErrorLines()).anyMatch(line -> line.contains("not in the store"));
    assertThat(flakeferry("diff", "--against", "main", "--copy").exit())
        .isEqualTo(new Exit.Code(2));
  }

  @Test
  void aBoardThatIsOfflineOrRefusesIsToldAndTheOthersGoOn() throws IOException {
    deploy("Say hello");
    String host = board.address().host();
    String pinned = board.address().hostKeys().getFirst().toString();
    String offline =
        "  offline: { configuration: board-amd64, host: %s, port: 1, host-key: %s }\n"
            .formatted(host, pinned);
    rehearsal.write("flakeferry.yml", policy().replace("environments:", offline + "environments:"));

    Finished one = flakeferry("diff");

    assertThat(one.exit()).isEqualTo(new Exit.Code(8));
    assertThat(one.output()).contains("on main-job: nothing would change\n\noffline: offline: ");

    rehearsal.write(
        "flakeferry.yml",
        policy().replace(pinned, OTHER_KEY).replace("environments:", offline + "environments:"));

    Finished none = flakeferry("diff");

    assertThat(none.exit()).isEqualTo(new Exit.Code(11));
    assertThat(none.output()).startsWith("main-job: refused: ").contains("\n\noffline: offline: ");
    JsonNode json = new ObjectMapper().readTree(flakeferry("diff", "offline", "--json").output());
    assertThat(json.at("/boards/0/reachable").asBoolean(true)).isFalse();
    assertThat(json.at("/boards/0/outcome").asString()).isEqualTo("deferred");
  }

  private JsonNode json(String... arguments) throws IOException {
    return new ObjectMapper().readTree(flakeferry(arguments).orThrow().output());
  }
}
