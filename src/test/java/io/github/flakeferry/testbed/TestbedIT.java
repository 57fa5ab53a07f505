package io.github.flakeferry.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.model.SystemPlatform;
import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.support.process.Finished;
import io.github.flakeferry.support.progress.Progress;
import io.github.flakeferry.testbed.Variation.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real boards, reached by the real ssh program. */
final class TestbedIT {
  private static Testbed testbed;
  @TempDir private Path folder;

  @BeforeAll
  static void prepare() throws IOException {
    testbed = Testbed.prepare(Progress.SILENT);
  }

  @AfterAll
  static void close() {
    testbed.close();
  }

  private Finished ssh(TestBoard board, String command) throws IOException {
    return ssh(board, "root", command);
  }

  private Finished ssh(TestBoard board, String user, String command) throws IOException {
    Path known = folder.resolve("known_hosts");
    Files.writeString(
        known, board.address().host() + " " + board.address().hostKeys().getFirst() + "\n");
    return Command.of("ssh", "-F", "none", "-i", board.keyFile().toString())
        .and("-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=yes", "-o", "ConnectTimeout=3")
        .and("-o", "UserKnownHostsFile=" + known, user + "@" + board.address().host(), command)
        .within(Duration.ofSeconds(60))
        .run();
  }

  private static StorePath build(DemoFlake flake, String configuration) throws IOException {
    String attribute = ".#nixosConfigurations." + configuration + ".config.system.build.toplevel";
    Finished built =
        Command.of("nix", "build", "--no-link", attribute)
            .with("NIX_CONFIG", DemoFlake.NIX_CONFIG)
            .in(flake.folder())
            .run();
    built.orThrow();
    return StorePath.parse(
        Command.of("nix", "eval", "--raw", attribute + ".outPath")
            .with("NIX_CONFIG", DemoFlake.NIX_CONFIG)
            .in(flake.folder())
            .run()
            .orThrow()
            .output());
  }

  // by hand: as an archive through the board's own nix-store
  private void copy(TestBoard board, StorePath system) throws IOException {
    Path archive = folder.resolve("closure");
    Command.of(
            "/bin/sh",
            "-euc",
            "nix-store --export $(nix-store --query --requisites \"$1\") >\"$2\"",
            "sh",
            system.toString(),
            archive.toString())
        .run()
        .orThrow();
    Path known = folder.resolve("known_hosts");
    ssh(board, "true").orThrow();
    Command.of(
            "/bin/sh",
            "-euc",
            "ssh -F none -i \"$1\" -o UserKnownHostsFile=\"$2\" root@\"$3\" nix-store --import <\"$4\"",
            "sh",
            board.keyFile().toString(),
            known.toString(),
            board.address().host(),
            archive.toString())
        .run()
        .orThrow();
  }

  private DemoFlake flake(Variation variation) throws IOException {
    DemoFlake flake = DemoFlake.writeTo(folder.resolve("flake"), variation);
    flake.commit("A system");
    return flake;
  }

  @Test
  void aBoardLooksLikeNixosOverSsh() throws IOException {
    try (TestBoard board = testbed.startBoard("factory")) {
      assertThat(ssh(board, "readlink -f /run/current-system").orThrow().output().strip())
          .isEqualTo(board.currentSystem().toString());
      assertThat(board.bootedSystem()).isEqualTo(board.currentSystem());
      assertThat(board.profileSystem()).isEqualTo(board.currentSystem());
      assertThat(ssh(board, "nix-store -qR /run/current-system").orThrow().output())
          .contains(board.currentSystem().toString(), "-system-path", "-initrd-linux-6.12.1");
      assertThat(ssh(board, "uname -m; nixos-version; systemctl is-system-running").output())
          .isEqualTo("x86_64\n26.05.20261101.0000000\nrunning\n");
    }
  }

  @Test
  void toAUserWhoIsNotRootTheStoreIsBehindTheDaemon() throws IOException {
    try (TestBoard board = testbed.startBoard("deploy-user")) {
      board.setNix("trusted-public-keys = cache-1:bTbjhBVtSuGZe7kB8wAsyl6IAX7UF1LFr4ZDTbqMYsQ=");

      Finished said =
          ssh(
              board,
              "deploy",
              """
              id -un; nix store ping 2>&1; ls /nix/var/nix/daemon-socket
              nix show-config 2>/dev/null | sed -n 's/^trusted-public-keys = //p'
              nix-store --check-validity $(readlink -f /run/current-system) && echo valid
              touch /nix/store/mine || echo refused
              """);

      assertThat(said.output())
          .contains("deploy\n", "socket\n", "cache-1:bTbjhB", "valid\n", "refused\n");
      assertThat(said.output()).contains("Store URL: daemon");
    }
  }

  @Test
  void unitsFindNoToolsByThemselves() throws IOException {
    try (TestBoard board = testbed.startBoard("poor")) {
      String unit = "systemd-run --quiet --pipe --wait --collect /bin/sh -c ";
      assertThat(ssh(board, unit + "'ls /'").exit().succeeded()).isFalse();
      assertThat(ssh(board, unit + "'/run/current-system/sw/bin/ls /'").orThrow().output())
          .contains("nix\n");
    }
  }

  @Test
  void aPowerCutKeepsFilesAndLosesWhatWasOnlyTested() throws IOException {
    StorePath system = build(flake(Variation.FIRST), DemoFlake.AMD64);
    try (TestBoard board = testbed.startBoard("cut")) {
      StorePath factory = board.currentSystem();
      String bootId = board.run("cat /proc/sys/kernel/random/boot_id").orThrow().output();
      copy(board, system);
      ssh(board, system + "/bin/switch-to-configuration test").orThrow();
      ssh(board, "echo kept >/root/file").orThrow();
      assertThat(board.currentSystem()).isEqualTo(system);
      assertThat(board.run("cat /run/hello").orThrow().output())
          .isEqualTo(Variation.FIRST.message() + "\n");

      board.powerCut();
      assertThat(ssh(board, "true").exit().succeeded()).isFalse();
      board.start();

      assertThat(ssh(board, "cat /root/file").orThrow().output()).isEqualTo("kept\n");
      assertThat(board.currentSystem()).isEqualTo(factory);
      assertThat(board.run("cat /proc/sys/kernel/random/boot_id").orThrow().output())
          .isNotEqualTo(bootId);
    }
  }

  @Test
  void whatWasMadeTheBootDefaultIsBooted() throws IOException {
    StorePath system = build(flake(Variation.FIRST), DemoFlake.AMD64);
    try (TestBoard board = testbed.startBoard("boot")) {
      copy(board, system);
      ssh(board, "nix-env --profile /nix/var/nix/profiles/system --set " + system).orThrow();
      ssh(board, system + "/bin/switch-to-configuration boot").orThrow();
      assertThat(board.currentSystem()).isNotEqualTo(system);

      board.powerCut();
      board.start();

      assertThat(board.bootedSystem()).isEqualTo(system);
      assertThat(board.currentSystem()).isEqualTo(system);
      assertThat(ssh(board, "cat /run/hello; hostname").orThrow().output())
          .isEqualTo(Variation.FIRST.message() + "\nboard-amd64\n");
    }
  }

  @Test
  void aSystemThatTakesTheNetworkDownIsUndoneByActivatingTheOldOne() throws IOException {
    StorePath system =
        build(flake(Variation.FIRST.fault(Fault.TAKES_NETWORK_DOWN)), DemoFlake.AMD64);
    try (TestBoard board = testbed.startBoard("broken")) {
      StorePath factory = board.currentSystem();
      copy(board, system);
      board.run(system + "/bin/switch-to-configuration test").orThrow();
      assertThat(ssh(board, "true").exit().succeeded()).isFalse();

      board.run(factory + "/bin/switch-to-configuration test").orThrow();
      assertThat(ssh(board, "readlink -f /run/current-system").orThrow().output().strip())
          .isEqualTo(factory.toString());
    }
  }

  @Test
  void aUnitThatFailsIsTold() throws IOException {
    StorePath system = build(flake(Variation.FIRST.fault(Fault.UNIT_FAILS)), DemoFlake.AMD64);
    try (TestBoard board = testbed.startBoard("unit")) {
      copy(board, system);
      Finished switched = ssh(board, system + "/bin/switch-to-configuration test");
      assertThat(switched.exit()).hasToString("exited with 4");
      assertThat(switched.lastErrorLines())
          .anyMatch(line -> line.contains("the following units failed: hello.service"));
    }
  }

  @Test
  void anActivationThatRunsKeepsOthersOut() throws IOException {
    try (TestBoard board = testbed.startBoard("locked")) {
      Finished second =
          board.run(
              """
              exec 8>/run/nixos/switch-to-configuration.lock
              flock 8
              /run/current-system/bin/switch-to-configuration test 8>&-
              """);
      assertThat(second.exit()).hasToString("exited with 1");
      assertThat(second.lastErrorLines()).anyMatch(line -> line.contains("could not acquire lock"));
    }
  }

  @Test
  void aLostLinkIsSilentAndComesBack() throws IOException {
    try (TestBoard board = testbed.startBoard("link")) {
      board.linkDown();
      Finished lost = ssh(board, "true");
      assertThat(lost.exit()).hasToString("exited with 255");
      assertThat(board.run("cat /sys/class/net/eth0/operstate").orThrow().output())
          .isEqualTo("up\n");
      board.linkUp();
      assertThat(ssh(board, "echo back").orThrow().output()).isEqualTo("back\n");
    }
  }

  @Test
  void aFullDiskGivesNoSpaceUntilItIsFreed() throws IOException {
    try (TestBoard board = testbed.startBoard("full", BoardOptions.PLAIN.store(64).boot(8))) {
      StorePath factory = board.currentSystem();
      board.fillDisk();
      Finished full = ssh(board, "echo text >/root/f; nix-store --add /root/f");
      assertThat(full.exit().succeeded()).isFalse();
      assertThat(String.join("\n", full.lastErrorLines()))
          .containsPattern("No space left on device|disk is full");
      board.freeDisk();
      ssh(board, "nix-store --add /root/f").orThrow();

      board.fillBoot();
      assertThat(ssh(board, factory + "/bin/switch-to-configuration boot").exit())
          .hasToString("exited with 1");
      board.freeDisk();
      ssh(board, factory + "/bin/switch-to-configuration boot").orThrow();

      // what is there survives a power cut here too
      ssh(board, "touch /nix/mark /boot/mark").orThrow();
      board.powerCut();
      board.start();
      ssh(board, "ls /nix/mark /boot/mark").orThrow();
    }
  }

  @Test
  void aSlowLinkIsAsSlowAsAsked() throws IOException {
    try (TestBoard board = testbed.startBoard("slow", BoardOptions.PLAIN.slowLink(50, 16))) {
      long begin = System.nanoTime();
      ssh(board, "head -c 4000000 /dev/zero").orThrow();
      Duration took = Duration.ofNanos(System.nanoTime() - begin);
      // 4 MB at 16 Mbit/s are 2 s, a handshake is some round trips of 0.1 s
      assertThat(took).isBetween(Duration.ofMillis(2_400), Duration.ofSeconds(10));
    }
  }

  @Test
  void twoBoardsAtOnceAreTwoBoards() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<TestBoard>> starting =
          threads.invokeAll(
              List.of(() -> testbed.startBoard("one"), () -> testbed.startBoard("two")));
      try (TestBoard one = starting.getFirst().get();
          TestBoard two = starting.getLast().get()) {
        assertThat(one.address()).isNotEqualTo(two.address());
        ssh(one, "touch /root/one").orThrow();
        assertThat(ssh(two, "ls /root").orThrow().output()).isEmpty();
        one.powerCut();
        assertThat(ssh(two, "echo on").orThrow().output()).isEqualTo("on\n");
      }
    }
  }

  @Test
  void nothingIsLeftOfABoardThatWasClosed() throws IOException {
    Slot slot;
    try (TestBoard board = testbed.startBoard("gone", BoardOptions.PLAIN.store(16))) {
      slot = board.slot();
      assertThat(slot.cgroup().folder()).isDirectory();
      assertThat(Path.of("/run/netns", slot.namespace())).exists();
    }
    assertThat(slot.cgroup().folder()).doesNotExist();
    assertThat(Path.of("/run/netns", slot.namespace())).doesNotExist();
    assertThat(Path.of("/sys/class/net", slot.device())).doesNotExist();
    assertThat(Files.readString(Path.of("/proc/self/mounts"))).doesNotContain("boards/gone-");
  }

  @Test
  void aRiscvBoardRunsWhatWasCrossCompiledForIt() throws IOException {
    assertThat(testbed.canEmulate(TestBoard.Kind.RISCV64.platform())).isTrue();
    StorePath system = build(flake(Variation.FIRST), DemoFlake.CROSS);
    try (TestBoard board = testbed.startBoard("unmatched", TestBoard.Kind.RISCV64)) {
      assertThat(ssh(board, "uname -m; cat /run/current-system/system").orThrow().output())
          .isEqualTo("riscv64\nriscv64-linux");
      copy(board, system);
      ssh(board, system + "/bin/switch-to-configuration test").orThrow();
      assertThat(ssh(board, "hello; cat /run/hello; nixos-version").orThrow().output())
          .isEqualTo("%1$s\n%1$s\n26.05.20261101.0000000\n".formatted(Variation.FIRST.message()));
      assertThat(board.currentSystem()).isEqualTo(system);

      String unit = "systemd-run --quiet --pipe --wait --collect ";
      assertThat(ssh(board, unit + "/run/current-system/sw/bin/uname -m").orThrow().output())
          .isEqualTo("riscv64\n");

      ssh(board, "nix-env --profile /nix/var/nix/profiles/system --set " + system).orThrow();
      ssh(board, system + "/bin/switch-to-configuration boot").orThrow();
      board.powerCut();
      board.start();
      assertThat(board.bootedSystem()).isEqualTo(system);
    }
  }

  @Test
  void anAmd64MachineDoesNotPretendToRunEverything() throws IOException {
    assertThat(testbed.canEmulate(new SystemPlatform("x86_64-linux"))).isTrue();
    assertThat(testbed.canEmulate(new SystemPlatform("aarch64-darwin"))).isFalse();
  }
}
