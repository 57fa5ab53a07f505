package io.github.flakeferry.board;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.board.SystemBuilder.Built;
import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.Outcome;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.model.UnitChanges;
import io.github.flakeferry.testbed.BoardOptions;
import io.github.flakeferry.testbed.TestBoard;
import io.github.flakeferry.testbed.Variation;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A switch on real boards: what they run and boot afterwards, and what is told about it. */
class SwitchIT extends BoardIT {
  private static final String HANGS = "{ system.activationScript = \"sleep 300\"; }";

  private static void runsAndBoots(TestBoard board, StorePath system) throws IOException {
    assertThat(board.currentSystem()).isEqualTo(system);
    assertThat(board.profileSystem()).isEqualTo(system);
    board.powerCut();
    board.start();
    assertThat(board.bootedSystem()).isEqualTo(system);
  }

  @Test
  void aSwitchChangesWhatRunsAndWhatBootsAndASecondOneChangesNothing() throws IOException {
    try (TestBoard board = bed.startBoard("fresh")) {
      StorePath factory = board.currentSystem();

      BoardResult first = deploy(board, BoardFixture.switchTo(board, good));

      assertThat(first.outcome()).as(first.message()).isEqualTo(Outcome.DEPLOYED);
      assertThat(first.before()).contains(factory);
      assertThat(first.after()).contains(good.system());
      assertThat(first.previous().orElseThrow().root()).isEqualTo(factory);
      assertThat(first.previous().orElseThrow().bytes()).isPositive();
      assertThat(first.sentBytes()).isPositive();
      assertThat(first.units().started()).contains("hello.service");
      assertThat(board.run("cat /run/hello").output()).isEqualTo("Hello from your board\n");
      assertThat(board.run("ls /nix/var/nix/gcroots/flakeferry").output()).isEmpty();

      BoardResult second = deploy(board, BoardFixture.switchTo(board, good));

      assertThat(second.outcome()).as(second.message()).isEqualTo(Outcome.UNCHANGED);
      assertThat(second.sentBytes()).isZero();
      assertThat(second.units()).isEqualTo(UnitChanges.NONE);
      runsAndBoots(board, good.system());
    }
  }

  @Test
  void aSystemThatBreaksTheNetworkIsRolledBackByTheBoard() throws IOException {
    Built broken = systems.build(Variation.FIRST.fault(Variation.Fault.TAKES_NETWORK_DOWN));
    try (TestBoard board = bed.startBoard("cut-off")) {
      StorePath factory = board.currentSystem();

      BoardResult result =
          deploy(
              board,
              BoardFixture.within(
                  BoardFixture.switchTo(board, broken),
                  Duration.ofSeconds(30),
                  Duration.ofSeconds(4)));

      assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.ROLLED_BACK);
      assertThat(result.message()).contains("nobody confirmed it within 4 s");
      assertThat(result.after()).contains(factory);
      runsAndBoots(board, factory);
    }
  }

  @Test
  void aSystemWhoseUnitFailsIsRolledBackAndTheUnitNamed() throws IOException {
    Built failing = systems.build(Variation.FIRST.fault(Variation.Fault.UNIT_FAILS));
    try (TestBoard board = bed.startBoard("failing")) {
      StorePath factory = board.currentSystem();

      BoardResult result = deploy(board, BoardFixture.switchTo(board, failing));

      assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.ROLLED_BACK);
      assertThat(result.message()).contains("ended with 4, units failed: hello.service");
      runsAndBoots(board, factory);
    }
  }

  @Test
  void anActivationThatHangsIsKilledAtItsDeadline() throws IOException {
    Built hanging = systems.build(Variation.FIRST, HANGS);
    try (TestBoard board = bed.startBoard("hanging")) {
      StorePath factory = board.currentSystem();

      BoardResult result =
          deploy(
              board,
              BoardFixture.within(
                  BoardFixture.switchTo(board, hanging),
                  Duration.ofSeconds(3),
                  Duration.ofSeconds(5)));

      assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.ROLLED_BACK);
      assertThat(result.message()).contains("the activation did not end within 3 s");
      assertThat(board.run("pgrep -x sleep -a | grep 300").output()).isEmpty();
      runsAndBoots(board, factory);
    }
  }

  @Test
  void aFullBootPartitionAtTheCommitBringsThePreviousSystemBack() throws IOException {
    Built otherKernel = systems.build(Variation.FIRST.kernel("6.12.2"));
    try (TestBoard board = bed.startBoard("full-boot", BoardOptions.PLAIN.boot(2))) {
      StorePath factory = board.currentSystem();
      board.fillBoot();

      BoardResult result = deploy(board, BoardFixture.switchTo(board, otherKernel));

      assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.ROLLED_BACK);
      assertThat(result.message()).contains("the boot loader's installation ended with 1");
      board.freeDisk();
      runsAndBoots(board, factory);
    }
  }

  @Test
  void aBoardWhoseShellIsBashIsSwitchedTheSameWay() throws IOException {
    try (TestBoard board = bed.startBoard("bash")) {
      board.run("ln -sf bash /usr/bin/sh").orThrow();

      BoardResult result = deploy(board, BoardFixture.switchTo(board, good));

      assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.DEPLOYED);
      assertThat(board.run("readlink -f /bin/sh").output()).isEqualTo("/usr/bin/bash\n");
      runsAndBoots(board, good.system());
    }
  }

  @Test
  void aSystemThatNeedsAnotherInitIsRefusedAndNothingIsActivated() throws IOException {
    Built later = systems.withInitInterface("systemd 3");
    try (TestBoard board = bed.startBoard("init")) {
      StorePath factory = board.currentSystem();

      BoardResult result = deploy(board, BoardFixture.switchTo(board, later));

      assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.REFUSED);
      assertThat(result.message()).contains("needs a reboot");
      runsAndBoots(board, factory);
    }
  }

  @Test
  void aTransferThatDoesNotEndKeepsNobodyFromConfirming() throws IOException {
    try (TestBoard board = bed.startBoard("lingering")) {
      board
          .run(
              """
              mkdir -p /run/wrappers/bin
              cat >/run/wrappers/bin/nix-store <<'EOF'
              #!/bin/sh
              case "$*" in
              *--serve*) /usr/bin/nix-store "$@"; exec sleep 600 ;;
              esac
              exec /usr/bin/nix-store "$@"
              EOF
              chmod +x /run/wrappers/bin/nix-store
              """)
          .orThrow();

      BoardResult result =
          deploy(
              board,
              BoardFixture.within(
                  BoardFixture.switchTo(board, good),
                  Duration.ofSeconds(60),
                  Duration.ofSeconds(60)));

      assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.DEPLOYED);
      assertThat(board.currentSystem()).isEqualTo(good.system());
    }
  }
}
