package io.github.flakeferry.board;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.board.SystemBuilder.Built;
import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.Outcome;
import io.github.flakeferry.model.terms.RebootTerms;
import io.github.flakeferry.testbed.TestBoard;
import io.github.flakeferry.testbed.Variation;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Systems whose kernel runs only after a restart. */
class RestartIT extends BoardIT {
  private static Built otherKernel() throws IOException {
    return systems.build(Variation.FIRST.kernel("6.18.3"));
  }

  private static Deployment restarting(TestBoard board, Built built, boolean unprotected) {
    return BoardFixture.switchTo(board, built)
        .terms(
            BoardFixture.TERMS.reboot(
                new RebootTerms(RebootTerms.When.IF_NEEDED, unprotected, Duration.ofMinutes(1))));
  }

  // systemd ends with the restart it was asked for; what a machine's firmware does then is done
  // here
  private static void comeBack(TestBoard board) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (isUp(board)) {
      assertThat(System.nanoTime()).as("it never went down").isLessThan(end);
      Thread.sleep(50);
    }
    board.powerCut();
    board.start();
  }

  private static boolean isUp(TestBoard board) {
    try {
      return board.run("true").exit().succeeded();
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void aBoardIsRestartedWhereTheKernelDiffersAndThePolicyAllowsIt() throws Exception {
    Built other = otherKernel();
    try (TestBoard board = bed.startBoard("restarted")) {
      FutureTask<BoardResult> running = begin(board, restarting(board, other, true));
      progress.await("restarting");
      comeBack(board);

      BoardResult result = running.get(90, TimeUnit.SECONDS);

      assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.DEPLOYED);
      assertThat(result.message()).doesNotContain("only after a restart");
      assertThat(board.bootedSystem()).isEqualTo(other.system());
      assertThat(board.profileSystem()).isEqualTo(other.system());
    }
  }

  @Test
  void aRestartThatIsNeededAndMayNotBeIsTold() throws Exception {
    Built other = otherKernel();
    try (TestBoard board = bed.startBoard("careful")) {
      String bootedBefore = board.bootedSystem().toString();

      BoardResult result = deploy(board, restarting(board, other, false));

      assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.DEPLOYED);
      assertThat(result.message())
          .contains("kernel, initrd, kernel-modules", "unprotected-reboot: true");
      assertThat(board.bootedSystem()).hasToString(bootedBefore);
      assertThat(board.currentSystem()).isEqualTo(other.system());
    }
  }

  @Test
  void aBoardThatDoesNotComeBackIsInDoubt() throws Exception {
    Built other = otherKernel();
    try (TestBoard board = bed.startBoard("gone")) {
      Deployment deployment =
          BoardFixture.switchTo(board, other)
              .terms(
                  BoardFixture.TERMS.reboot(
                      new RebootTerms(RebootTerms.When.ALWAYS, true, Duration.ofSeconds(5))));

      BoardResult result = deploy(board, deployment);

      assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.IN_DOUBT);
      assertThat(result.message()).contains("did not come back within 5 s");
    }
  }
}
