package io.github.flakeferry.board;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.board.SystemBuilder.Built;
import io.github.flakeferry.model.BoardAction;
import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.Outcome;
import io.github.flakeferry.model.terms.HealthChecks;
import io.github.flakeferry.model.terms.RebootTerms;
import io.github.flakeferry.testbed.TestBoard;
import io.github.flakeferry.testbed.Variation;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Systems whose kernel runs only after a restart, on boards whose boot loader has no way back from
 * one.
 */
class RestartIT extends BoardIT {
  private static final String EXTLINUX = "{ boot.loader = \"extlinux\"; }";
  private static Built first;
  private static Built otherKernel;

  @BeforeAll
  static void build() throws IOException {
    first = systems.build(Variation.FIRST, EXTLINUX);
    otherKernel = systems.build(Variation.FIRST.kernel("6.18.3"), EXTLINUX);
  }

  private static TestBoard board(String name) throws IOException {
    TestBoard board = bed.startBoard(name);
    board.run("rm -r /boot/*").orThrow();
    BoardResult result = deploy(board, BoardFixture.switchTo(board, first), new BoardFixture());
    assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.DEPLOYED);
    return board;
  }

  private static Deployment restarting(TestBoard board, Built built, boolean unprotected) {
    return restarting(board, built, unprotected, Duration.ofMinutes(1));
  }

  private static Deployment restarting(
      TestBoard board, Built built, boolean unprotected, Duration deadline) {
    return BoardFixture.switchTo(board, built)
        .terms(
            BoardFixture.TERMS.reboot(
                new RebootTerms(RebootTerms.When.IF_NEEDED, unprotected, deadline)));
  }

  @Test
  void aBoardIsRestartedWhereTheKernelDiffersAndThePolicyAllowsIt() throws Exception {
    try (TestBoard board = board("restarted")) {
      FutureTask<BoardResult> running = begin(board, restarting(board, otherKernel, true));
      progress.await("restarting");
      board.restart();

      BoardResult result = running.get(BoardFixture.PATIENCE_SECONDS, TimeUnit.SECONDS);

      assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.DEPLOYED);
      assertThat(result.message()).doesNotContain("only after a restart");
      assertThat(board.bootedSystem()).isEqualTo(otherKernel.system());
      assertThat(board.profileSystem()).isEqualTo(otherKernel.system());
    }
  }

  // its unit ends when somebody waits for the end of the start
  @Test
  void whatIsMadeTheDefaultAloneIsRestartedIntoAndLookedAtWhenAllHasStarted() throws Exception {
    Built slow =
        systems.build(
            Variation.FIRST.kernel("6.18.3"),
            """
            {
              boot.loader = "extlinux";
              systemd.services.slow = ''
                [Service]
                Type=oneshot
                TimeoutStartSec=60
                Environment=PATH=/run/current-system/sw/bin
                ExecStart=/bin/sh -c 'until pgrep -f "^timeout [0-9]+ systemctl is-system-running"; do sleep 0.1; done'
              '';
            }
            """);
    try (TestBoard board = board("next-time")) {
      Deployment reboot = restarting(board, slow, true);
      Deployment deployment =
          BoardFixture.deployment(
                  board.address(), BoardAction.BOOT, Optional.of(slow), Optional.empty())
              .terms(
                  reboot
                      .terms()
                      .health(
                          new HealthChecks(
                              List.of(),
                              true,
                              List.of("! systemctl is-system-running | grep starting"),
                              List.of(),
                              Duration.ofSeconds(20),
                              1)));
      FutureTask<BoardResult> running = begin(board, deployment);
      progress.await("restarting");
      board.restart();

      BoardResult result = running.get(BoardFixture.PATIENCE_SECONDS, TimeUnit.SECONDS);

      assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.DEPLOYED);
      assertThat(board.bootedSystem()).isEqualTo(slow.system());
    }
  }

  @Test
  void aRestartThatIsNeededAndMayNotBeIsTold() throws Exception {
    try (TestBoard board = board("careful")) {
      String bootedBefore = board.bootedSystem().toString();

      BoardResult result = deploy(board, restarting(board, otherKernel, false));

      assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.DEPLOYED);
      assertThat(result.message())
          .contains(
              "kernel, initrd, kernel-modules",
              "knows no entry for one start only",
              "unprotected-reboot: true");
      assertThat(board.bootedSystem()).hasToString(bootedBefore);
      assertThat(board.currentSystem()).isEqualTo(otherKernel.system());
    }
  }

  @Test
  void whatNeitherSystemHasNeedsNoRestart() throws Exception {
    try (TestBoard board = bed.startBoard("plain")) {
      Built plain = systems.withoutDeviceTrees(Variation.FIRST);
      assertThat(deploy(board, BoardFixture.switchTo(board, plain)).outcome())
          .isEqualTo(Outcome.DEPLOYED);
      board.powerCut();
      board.start();
      Built other = systems.withoutDeviceTrees(Variation.FIRST.message("Hello again"));

      BoardResult result = deploy(board, BoardFixture.switchTo(board, other));

      assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.DEPLOYED);
      assertThat(result.message()).doesNotContain("only after a restart");
    }
  }

  // it has heard, and goes down
  @Test
  void aLinkThatIsLostWhileTheBoardIsToldToRestartMakesNoSuccessOfOneThatDoesNotComeBack()
      throws Exception {
    try (TestBoard board = board("cut-and-gone")) {
      replace(
          board,
          "systemd-run",
          "case \"$*\" in *'systemctl reboot') systemd-run.real \"$@\"; %s ;; esac; exec systemd-run.real \"$@\""
              .formatted(CUT));

      BoardResult result =
          deploy(board, restarting(board, otherKernel, true, Duration.ofSeconds(5)));

      assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.IN_DOUBT);
      assertThat(result.message()).contains("did not come back within 5 s");
    }
  }

  @Test
  void aBoardThatHasNotHeardThatItIsToRestartIsToldAgain() throws Exception {
    try (TestBoard board = board("cut-and-told")) {
      replace(
          board,
          "systemd-run",
          "case \"$*\" in *'systemctl reboot') mkdir /run/cut && %s ;; esac; exec systemd-run.real \"$@\""
              .formatted(CUT));
      FutureTask<BoardResult> running = begin(board, restarting(board, otherKernel, true));
      progress.awaitWarning("the link was lost while it was told to restart");
      board.restart();

      BoardResult result = running.get(BoardFixture.PATIENCE_SECONDS, TimeUnit.SECONDS);

      assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.DEPLOYED);
      assertThat(board.bootedSystem()).isEqualTo(otherKernel.system());
    }
  }

  @Test
  void aBoardThatDoesNotComeBackIsInDoubt() throws Exception {
    try (TestBoard board = board("gone")) {
      Deployment deployment =
          BoardFixture.switchTo(board, otherKernel)
              .terms(
                  BoardFixture.TERMS.reboot(
                      new RebootTerms(RebootTerms.When.ALWAYS, true, Duration.ofSeconds(5))));

      BoardResult result = deploy(board, deployment);

      assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.IN_DOUBT);
      assertThat(result.message()).contains("did not come back within 5 s");
    }
  }
}
