package io.github.flakeferry;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.model.SystemPlatform;
import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.support.process.Exit;
import io.github.flakeferry.support.process.Finished;
import io.github.flakeferry.support.progress.Progress;
import io.github.flakeferry.testbed.DemoFlake;
import io.github.flakeferry.testbed.Testbed;
import io.github.flakeferry.testbed.Variation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** What a machine lacks for a run, told before there is one. */
final class CheckIT {
  private static final String POLICY =
      """
      boards:
        unmatched-1:
          configuration: unmatched
          host-key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ3rXxKf1GGk8DxlZhYe1hKHlZ5M3wYm3Pj1fZr0v7mO
      environments:
        production: { on: { push: main }, boards: unmatched-1 }
      """;
  private static final String EMULATED = "cross: off\nemulate: true\n" + POLICY;
  private static final Path LIST = Path.of("/proc/sys/fs/binfmt_misc");

  /** A list of the kernel's that is this child's alone (Linux 6.7 and later). */
  private static final List<String> OWN_LIST =
      List.of("unshare", "--user", "--map-root-user", "--mount", "sh", "-c");

  private static final String HIDE = "mount -t tmpfs none " + LIST;

  private static Testbed testbed;
  @TempDir private Path folder;
  private DemoFlake flake;

  @BeforeAll
  static void prepare() throws IOException {
    testbed = Testbed.prepare(Progress.SILENT);
    assertThat(testbed.canEmulate(new SystemPlatform("riscv64-linux"))).isTrue();
  }

  @AfterAll
  static void tidy() {
    testbed.close();
  }

  @BeforeEach
  void makeClone() throws IOException {
    flake = DemoFlake.writeTo(folder.resolve("clone"), Variation.FIRST);
  }

  private void write(String policy) throws IOException {
    Files.writeString(flake.folder().resolve("flakeferry.yml"), policy);
    flake.commit("Check");
  }

  private Finished check(List<String> around, String... options) throws IOException {
    var words = new ArrayList<>(around);
    words.addAll(BuiltProgram.words("check"));
    words.addAll(List.of(options));
    return Command.of(words).in(flake.folder()).with("NIX_CONFIG", DemoFlake.NIX_CONFIG).run();
  }

  /** Runs it after a script, and before another one, in namespaces of their own. */
  private static List<String> inside(List<String> namespaces, String before, String after) {
    var words = new ArrayList<>(namespaces);
    words.add("%s && \"$@\"; code=$?; %s; exit $code".formatted(before, after));
    words.add("sh");
    return words;
  }

  private static List<String> ownList(String options, String then, String after) {
    String mount = "mount -t binfmt_misc %s none %s".formatted(options, LIST);
    return inside(OWN_LIST, mount + " && " + then, after);
  }

  @Test
  void whatIsCrossCompiledNeedsNothingMore() throws IOException {
    write(POLICY);
    Finished check = check(List.of());
    assertThat(check.exit()).as(check.output()).isEqualTo(new Exit.Code(0));
    assertThat(check.output())
        .containsPattern("(?m)^ok       nix       Nix \\d\\S* builds for x86_64-linux")
        .containsPattern("(?m)^ok       space     \\S+ [GT]iB are free in /nix/store$")
        .containsPattern("(?m)^ok       platform  riscv64-linux \\(unmatched-1\\): cross-compiled");
    JsonNode array = new ObjectMapper().readTree(check(List.of(), "--json").output());
    var states = new TreeMap<String, Set<String>>();
    for (JsonNode finding : array) {
      states
          .computeIfAbsent(finding.path("check").asString(), _ -> new TreeSet<>())
          .add(finding.path("state").asString());
      assertThat(finding.path("message").asString()).isNotEmpty();
    }
    // no sandbox here, no key to log in with, no workflow
    assertThat(states)
        .isEqualTo(
            Map.of(
                "nix", Set.of("ok", "warning"),
                "space", Set.of("ok"),
                "flake", Set.of("ok"),
                "platform", Set.of("ok"),
                "system", Set.of("ok"),
                "board", Set.of("warning"),
                "workflow", Set.of("warning")));
    assertThat(check.output())
        .contains("builds have no sandbox", "no board was asked", "no workflow");
  }

  @Test
  void theCommitsFlakeCountsWhateverLiesInTheFolder() throws IOException {
    write(POLICY);
    Files.delete(flake.folder().resolve("flake.nix"));
    Finished check = check(List.of());
    assertThat(check.exit()).as(check.output()).isEqualTo(new Exit.Code(0));
    assertThat(check.output())
        .contains("these files here differ from it: flake.nix")
        .contains("ok       platform  riscv64-linux (unmatched-1): cross-compiled");

    flake.commit("Take the flake away");
    Files.writeString(flake.folder().resolve("flake.nix"), "{ outputs = _: { }; }");
    Finished none = check(List.of());
    assertThat(none.exit()).as(none.output()).isEqualTo(new Exit.Code(5));
    assertThat(none.output()).contains("FF-0502: There is no flake.nix at commit ");
  }

  @Test
  void anInputThatIsNotLockedIsToldWithWhatToDo() throws IOException {
    DemoFlake input = DemoFlake.writeTo(folder.resolve("input"), Variation.FIRST);
    input.commit("Begin");
    Path nix = flake.folder().resolve("flake.nix");
    Files.writeString(
        nix,
        Files.readString(nix)
            .replaceFirst("\\{", "{ inputs.other.url = \"git+file://" + input.folder() + "\";")
            .replace("{ self }:", "{ self, ... }:"));
    write(POLICY);
    Finished unlocked = check(List.of());
    assertThat(unlocked.exit()).as(unlocked.output()).isEqualTo(new Exit.Code(5));
    assertThat(unlocked.output())
        .contains("FF-0504: The flake can't be evaluated")
        .contains("run `nix flake lock` and commit flake.lock");

    Command.of("nix", "flake", "lock")
        .in(flake.folder())
        .with("NIX_CONFIG", DemoFlake.NIX_CONFIG)
        .run()
        .orThrow();
    assertThat(check(List.of()).output())
        .contains("FF-0504: flake.lock is here, and not in commit ");
  }

  @Test
  void whatABoardRunsFirstIsLookedAtWhereItIsBuilt() throws IOException {
    write(POLICY);
    build();
    assertThat(check(List.of()).orThrow().output())
        .contains(
            "ok       system    unmatched-from-x86_64 (unmatched-1): what a board runs first of it is"
                + " for riscv64\n");

    Path init = flake.folder().resolve("nixos/init.sh");
    Files.writeString(init, Files.readString(init).replaceFirst("#!/bin/sh", "#!/usr/bin/perl"));
    flake.commit("Write it in Perl");
    build();
    Finished check = check(List.of());
    assertThat(check.exit()).as(check.output()).isEqualTo(new Exit.Code(10));
    assertThat(check.output())
        .contains(
            "wrong    system    FF-1001: unmatched-from-x86_64 (unmatched-1): init: it is a script for"
                + " /usr/bin/perl, which no NixOS has\n");
  }

  private void build() throws IOException {
    Command.of("nix", "build", "--no-link")
        .and(".#nixosConfigurations.unmatched-from-x86_64.config.system.build.toplevel")
        .in(flake.folder())
        .with("NIX_CONFIG", DemoFlake.NIX_CONFIG)
        .run()
        .orThrow();
  }

  @Test
  void whatNobodyHereBuildsIsWrongWithTheWaysThereAre() throws IOException {
    write("cross: off\n" + POLICY);
    Finished check = check(List.of());
    assertThat(check.exit()).as(check.output()).isEqualTo(new Exit.Code(5));
    assertThat(check.output())
        .contains("wrong    platform  FF-0505: riscv64-linux (unmatched-1): nothing here builds on")
        .contains("unmatched-from-x86_64", "emulate: true");
  }

  @Test
  void aHandlerThatIsMissingIsToldWithTheStepThatBringsIt() throws IOException {
    write(EMULATED);
    Finished check = check(ownList("", ":", ":"));
    assertThat(check.exit()).as(check.output()).isEqualTo(new Exit.Code(5));
    assertThat(check.output())
        .contains("the kernel has no handler for it", "docker/setup-qemu-action@v4");
  }

  @Test
  void itIsRegisteredWhereThatIsAskedForAndOnlyOnce() throws IOException {
    String handler = LIST.resolve("qemu-riscv64").toString();
    write(EMULATED);
    Finished check = check(ownList("", HIDE, "cat %s; \"$@\"".formatted(handler)), "--register");
    assertThat(check.exit()).as(check.output()).isEqualTo(new Exit.Code(0));
    assertThat(check.output())
        .containsOnlyOnce("registered now")
        .contains("emulated by /usr/bin/qemu-riscv64-static\n", "enabled\n", "flags: OF\n");
    // as Debian's package has the kernel tell such programs
    assertThat(check.output())
        .contains(
            Files.readAllLines(LIST.resolve("qemu-riscv64")).stream()
                .filter(line -> line.matches("(magic|mask) .*"))
                .toList());
  }

  @Test
  void whereItMayNotItSaysSo() throws IOException {
    write(EMULATED);
    Finished check = check(ownList("-o ro", ":", ":"), "--register");
    assertThat(check.exit()).as(check.output()).isEqualTo(new Exit.Code(5));
    assertThat(check.output())
        .contains("the kernel takes no handler for riscv64-linux", "--privileged");
  }

  @Test
  void aHandlerThatIsNotToBeSeenAsInAContainerCounts() throws IOException {
    write(EMULATED);
    Finished check = check(inside(List.of("unshare", "--mount", "sh", "-c"), HIDE, ":"));
    assertThat(check.exit()).as(check.output()).isEqualTo(new Exit.Code(0));
    assertThat(check.output()).contains("emulated by a handler that is not to be seen here");
  }

  @Test
  void aHandlerThatIsNotThereInSandboxesIsAWarning() throws IOException {
    write(EMULATED);
    String register =
        "echo :qemu-riscv64:E::riscv64::/usr/bin/qemu-riscv64-static: >" + LIST + "/register";
    Finished check = check(ownList("", register, ":"));
    assertThat(check.exit()).as(check.output()).isEqualTo(new Exit.Code(0));
    assertThat(check.output())
        .contains("warning  platform  riscv64-linux (unmatched-1): emulated by /usr/bin/qemu")
        .contains("lacks the flag F");
  }

  @Test
  void withoutACloneThePlatformsAreNotKnown() throws IOException {
    write(POLICY);
    Command.of("rm", "-r", flake.folder().resolve(".git").toString()).run().orThrow();
    Finished check = check(List.of());
    assertThat(check.exit()).as(check.output()).isEqualTo(new Exit.Code(0));
    assertThat(check.output()).contains("platforms are not known: this is no clone\n");
    Command.of("git", "init", "-q").in(flake.folder()).run().orThrow();
    assertThat(check(List.of()).orThrow().output())
        .contains("platforms are not known: nothing is committed here yet\n");
  }

  @Test
  void withoutNixThatIsToldOnce() throws IOException {
    Files.createDirectory(folder.resolve("empty"));
    write(POLICY);
    Finished check = check(List.of("/usr/bin/env", "PATH=" + folder.resolve("empty")), "--json");
    assertThat(check.exit()).as(check.output()).isEqualTo(new Exit.Code(5));
    assertThat(check.output()).containsOnlyOnce("no program `nix`");
  }
}
