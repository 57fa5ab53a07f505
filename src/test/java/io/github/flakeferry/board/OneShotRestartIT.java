package io.github.flakeferry.board;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.board.SystemBuilder.Built;
import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.Outcome;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.model.terms.HealthChecks;
import io.github.flakeferry.model.terms.RebootTerms;
import io.github.flakeferry.support.progress.ProgressEvent;
import io.github.flakeferry.testbed.TestBoard;
import io.github.flakeferry.testbed.Variation;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Restarts with a way back, by systemd-boot's entry for one start only. Boards are held at a place
 * by tools of their systems, which wait as long as a file is there.
 */
@Execution(ExecutionMode.CONCURRENT)
class OneShotRestartIT extends BoardIT {
  // what is on the disk outlives a restart
  private static final String TOOLS =
      ToolsThatWait.module(
          """
          system.preSwitchChecks = "[ $1 != boot ] || [ ! -e /var/no-boot-loader ] || ! grep -q 6.18.3 /run/booted-system/kernel";
          """
              .strip(),
          "pinned",
          "systemctl",
          "[ \"$1\" != reboot ] || hold armed");

  private static Built old;
  private static Built wanted;

  @BeforeAll
  static void build() throws IOException {
    old = systems.build(Variation.FIRST, TOOLS);
    wanted = systems.build(Variation.FIRST.kernel("6.18.3"), TOOLS);
  }

  private static TestBoard board(String name) throws IOException {
    TestBoard board = bed.startBoard(name);
    reach(board, old);
    return board;
  }

  private static void reach(TestBoard board, Built built) throws IOException {
    BoardResult result = deploy(board, BoardFixture.switchTo(board, built), new BoardFixture());
    assertThat(result.outcome().reached()).as(result.message()).isTrue();
  }

  private static Deployment restarting(TestBoard board, Built built, Duration away) {
    return BoardFixture.switchTo(board, built)
        .terms(BoardFixture.TERMS.reboot(new RebootTerms(RebootTerms.When.IF_NEEDED, false, away)));
  }

  private static Deployment restarting(TestBoard board) {
    return restarting(board, wanted, Duration.ofMinutes(1));
  }

  private static HealthChecks healthCommand(String command) {
    return new HealthChecks(
        List.of(), true, List.of(command), List.of(), Duration.ofSeconds(20), 1);
  }

  private static StorePath bootDefault(TestBoard board) throws IOException {
    try (var boards = new Boards(board.key(), SystemBuilder.contents(), new BoardFixture())) {
      return boards
          .facts(new BoardName("board-1"), board.address())
          .bootDefault()
          .orElseThrow(() -> new AssertionError("no boot default"));
    }
  }

  private static void isWholly(TestBoard board, StorePath system) throws IOException {
    assertThat(board.currentSystem()).isEqualTo(system);
    isDefault(board, system);
  }

  // and nothing is left in the firmware
  private static void isDefault(TestBoard board, StorePath system) throws IOException {
    assertThat(board.profileSystem()).isEqualTo(system);
    assertThat(bootDefault(board)).isEqualTo(system);
    assertThat(board.run("cd /sys/firmware/efi/efivars && echo LoaderEntry*").output())
        .isEqualTo("LoaderEntry*\n");
  }

  private static void hold(TestBoard board, String place) throws IOException {
    board.run("touch /run/hold-" + place).orThrow();
  }

  private static void awaitHeld(TestBoard board, String place) throws IOException {
    assertThat(BoardFixture.isHeld(board, place)).as("held at " + place).isTrue();
  }

  private static BoardResult result(FutureTask<BoardResult> running) throws Exception {
    return running.get(BoardFixture.PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private static boolean said(BoardFixture progress, String words) {
    return progress.events().stream()
        .anyMatch(
            event ->
                event instanceof ProgressEvent.ForeignLine(String _, String line)
                    && line.contains(words));
  }

  @Test
  void aBoardIsRestartedIntoItsNewKernelAndCommittedAfterTheChecks() throws Exception {
    try (TestBoard board = board("one-shot")) {
      FutureTask<BoardResult> running = begin(board, restarting(board));
      progress.await("restarting");
      board.restart();

      BoardResult result = result(running);

      assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.DEPLOYED);
      assertThat(result.message()).doesNotContain("only after a restart");
      assertThat(board.bootedSystem()).isEqualTo(wanted.system());
      isWholly(board, wanted.system());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "pinned, old, ROLLED_BACK",
    "profile-set, old, ROLLED_BACK",
    "loader-set, old, ROLLED_BACK",
    // the firmware has been told to start the new one, once
    "armed, new, DEPLOYED",
  })
  void thePowerIsCutBeforeTheRestartIsOver(String place, String boots, Outcome outcome)
      throws Exception {
    try (TestBoard board = board("cut")) {
      StorePath booted = (boots.equals("new") ? wanted : old).system();
      hold(board, place);
      FutureTask<BoardResult> running =
          begin(() -> deploy(board, restarting(board), new BoardFixture()));
      awaitHeld(board, place);
      board.powerCut();
      board.start();
      assertThat(board.bootedSystem()).isEqualTo(booted);

      BoardResult result = result(running);

      assertThat(result.outcome()).as(result.message()).isEqualTo(outcome);
      isWholly(board, booted);
      reach(board, wanted);
      isWholly(board, wanted.system());
    }
  }

  @Test
  void thePowerIsCutAfterTheRestartBeforeItIsConfirmed() throws Exception {
    try (TestBoard board = board("cut-again")) {
      board.run("touch /var/hold-back").orThrow();
      String check = "! [ /run/booted-system -ef %s ] || hold back".formatted(wanted.system());
      Deployment deployment = restarting(board);
      FutureTask<BoardResult> running =
          begin(board, deployment.terms(deployment.terms().health(healthCommand(check))));
      progress.await("restarting");
      board.restart();
      awaitHeld(board, "back");
      assertThat(board.bootedSystem()).isEqualTo(wanted.system());
      board.powerCut();
      board.start();

      BoardResult result = result(running);

      assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.ROLLED_BACK);
      assertThat(result.message())
          .contains("the board was restarted again before it was confirmed");
      assertThat(board.bootedSystem()).isEqualTo(old.system());
      isWholly(board, old.system());
      reach(board, wanted);
      isWholly(board, wanted.system());
    }
  }

  @Test
  void aBoardThatIsNotHealthyAfterItsRestartGoesBackByAnother() throws Exception {
    try (TestBoard board = board("unhealthy")) {
      String check = "! [ /run/booted-system -ef %s ]".formatted(wanted.system());
      Deployment deployment = restarting(board);
      FutureTask<BoardResult> running =
          begin(board, deployment.terms(deployment.terms().health(healthCommand(check))));
      progress.await("restarting");
      board.restart();
      progress.await("returning");
      board.restart();

      BoardResult result = result(running);

      assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.ROLLED_BACK);
      assertThat(result.message()).contains("after its restart it is not healthy", "ended with 1");
      assertThat(board.bootedSystem()).isEqualTo(old.system());
      isWholly(board, old.system());
    }
  }

  @Test
  void whereTheBootLoaderCantBePutBackTheFirmwareKeepsThePreviousSystem() throws Exception {
    try (TestBoard board = board("stuck")) {
      board.run("touch /var/no-boot-loader").orThrow();
      String check = "! [ /run/booted-system -ef %s ]".formatted(wanted.system());
      Deployment deployment = restarting(board);
      FutureTask<BoardResult> running =
          begin(board, deployment.terms(deployment.terms().health(healthCommand(check))));
      progress.await("restarting");
      board.restart();
      progress.await("returning");
      board.restart();

      BoardResult result = result(running);

      assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.ROLLED_BACK);
      assertThat(board.bootedSystem()).isEqualTo(old.system());
      assertThat(bootDefault(board)).as("what is pinned").isEqualTo(old.system());
      board.run("rm /var/no-boot-loader").orThrow();
      reach(board, wanted);
      isWholly(board, wanted.system());
    }
  }

  @Test
  void aBoardThatDoesNotComeBackIsInDoubtAndAPowerCycleBringsTheOldSystem() throws Exception {
    try (TestBoard board = board("gone")) {
      FutureTask<BoardResult> running =
          begin(board, restarting(board, wanted, Duration.ofSeconds(5)));
      progress.await("restarting");
      board.goDown();

      BoardResult result = result(running);

      assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.IN_DOUBT);
      assertThat(result.message())
          .contains("did not come back within 5 s", "A power cycle brings its previous system");
      // the new one starts once, and comes to nothing
      board.start();
      board.powerCut();
      board.start();
      assertThat(board.bootedSystem()).isEqualTo(old.system());
      var next = new BoardFixture();
      BoardResult after = deploy(board, BoardFixture.switchTo(board, good), next);
      assertThat(after.outcome()).as(after.message()).isEqualTo(Outcome.DEPLOYED);
      assertThat(said(next, "which ended while it was restarting")).isTrue();
      isWholly(board, good.system());
    }
  }

  @Test
  void theNextRunTellsWhatBecameOfARestartThatNobodyFollowed() throws Exception {
    try (TestBoard board = board("alone")) {
      FutureTask<BoardResult> running = begin(board, restarting(board));
      progress.await("restarting");
      running.cancel(true);
      board.restart();
      assertThat(board.bootedSystem()).isEqualTo(wanted.system());
      assertThat(bootDefault(board)).as("what is pinned").isEqualTo(old.system());
      assertThat(board.profileSystem()).isEqualTo(wanted.system());

      var next = new BoardFixture();
      BoardResult after = deploy(board, restarting(board), next);

      assertThat(after.outcome()).as(after.message()).isEqualTo(Outcome.DEPLOYED);
      assertThat(said(next, "nobody confirmed it after its restart")).isTrue();
      isWholly(board, wanted.system());
    }
  }

  @Test
  void aSupervisorThatIsKilledBeforeTheRestartLeavesNothingInTheFirmware() throws Exception {
    try (TestBoard board = board("killed")) {
      hold(board, "armed");
      FutureTask<BoardResult> running = begin(board, restarting(board));
      awaitHeld(board, "armed");
      board
          .run("systemctl kill --signal=KILL flakeferry-$(cat /nix/var/flakeferry/last).service")
          .orThrow();

      BoardResult result = result(running);

      assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.ROLLED_BACK);
      assertThat(result.message()).contains("killed before it restarted the board");
      isWholly(board, old.system());
    }
  }

  @Test
  void aFirmwareThatTakesNoVariablesHasNoWayBackAndTheBoardIsNotRestarted() throws Exception {
    try (TestBoard board = board("no-variables")) {
      board.run("mount -o remount,bind,ro /sys/firmware/efi/efivars").orThrow();
      StorePath booted = board.bootedSystem();

      BoardResult result = deploy(board, restarting(board));

      assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.DEPLOYED);
      assertThat(result.message())
          .contains(
              "kernel, initrd, kernel-modules",
              "bootctl set-default: Failed to update EFI variable",
              "Read-only file system",
              "unprotected-reboot: true");
      assertThat(board.bootedSystem()).isEqualTo(booted);
      isWholly(board, wanted.system());
    }
  }
}
