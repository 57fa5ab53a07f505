package io.github.flakeferry.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.flakeferry.board.SystemBuilder.Built;
import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.Outcome;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.model.terms.TransferMode;
import io.github.flakeferry.testbed.TestBoard;
import io.github.flakeferry.testbed.Variation;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Links, power and processes that go away in the middle: the board decides by itself. */
class InterruptionIT extends BoardIT {
  // waits until the test lets it go on
  private static final String WAITS =
      """
      { system.activationScript = "until [ -e /run/go-on ]; do sleep 0.1; done"; }
      """;

  private static BoardResult result(FutureTask<BoardResult> task) throws Exception {
    return task.get(BoardFixture.PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  @Test
  void aLinkThatIsLostDuringTheActivationAndComesBackChangesNothing() throws Exception {
    Built waiting = systems.build(Variation.FIRST, WAITS);
    try (TestBoard board = bed.startBoard("link")) {
      FutureTask<BoardResult> running = begin(board, BoardFixture.switchTo(board, waiting));
      progress.await("activating");
      board.linkDown();
      board.run("touch /run/go-on").orThrow();
      // the runner has noticed
      progress.awaitWarning("the link was lost");
      board.linkUp();

      BoardResult result = result(running);

      assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.DEPLOYED);
      assertThat(board.currentSystem()).isEqualTo(waiting.system());
      assertThat(board.profileSystem()).isEqualTo(waiting.system());
    }
  }

  @Test
  void aLinkThatIsLostBeforeTheSupervisorHasArrivedLeavesNoDoubt() throws Exception {
    Built other = systems.build(Variation.FIRST.version("2.0"));
    try (TestBoard board = bed.startBoard("unbegun");
        var way = new CutWay(board.address())) {
      for (Built each : List.of(other, good)) {
        assertThat(deploy(board, BoardFixture.switchTo(board, each)).outcome())
            .isEqualTo(Outcome.DEPLOYED);
      }
      // asked for after all but the script has been sent, which is 22 KB
      Guards cutting =
          new Guards(
              false,
              there -> {
                way.cutAfter(15_000);
                return false;
              });

      BoardResult result =
          deploy(
              board, BoardFixture.at(BoardFixture.switchTo(board, other), way.address(), cutting));

      assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.FAILED);
      assertThat(result.message()).contains("it has not begun", "Nothing was activated");
      assertThat(result.took()).isLessThan(Duration.ofSeconds(30));
      assertThat(board.currentSystem()).isEqualTo(good.system());
      assertThat(board.run("ls /nix/var/flakeferry/runs/*/order").orThrow().output().lines())
          .hasSize(2);
    }
  }

  // as where the script was slower on its way than whoever asks for it
  @Test
  void aSupervisorThatWasGivenUpCanNotBeginLater() throws Exception {
    try (TestBoard board = bed.startBoard("late");
        var connector = new Connector(Login.of(board.key()));
        var connection = connector.open(board.address(), Duration.ofSeconds(20))) {
      var way = new Supervision("20261127T000000-late");
      Deployment deployment = BoardFixture.giveBack(board, "owner/repo#12");
      var follow = new Follow(connector, deployment, way, HealthCheck.NONE, progress);

      assertThatExceptionOfType(BoardFailure.class)
          .isThrownBy(() -> follow.toEnd(connection))
          .satisfies(e -> assertThat(e.code()).isEqualTo(FailureCode.LINK_LOST));

      assertThatExceptionOfType(BoardFailure.class)
          .isThrownBy(() -> way.start(connection, deployment))
          .satisfies(e -> assertThat(e.code()).isEqualTo(FailureCode.NOT_BEGUN));
      // nothing but that it never will
      assertThat(board.run("ls /nix/var/flakeferry/runs/*").orThrow().output())
          .isEqualTo("never\n");
    }
  }

  @Test
  void aLinkThatStaysDownBeyondTheDeadlineEndsInARollbackThatIsToldLater() throws Exception {
    Built waiting = systems.build(Variation.FIRST, WAITS);
    try (TestBoard board = bed.startBoard("away")) {
      StorePath factory = board.currentSystem();
      FutureTask<BoardResult> running =
          begin(
              board,
              BoardFixture.within(
                  BoardFixture.switchTo(board, waiting),
                  Duration.ofSeconds(20),
                  Duration.ofSeconds(3)));
      progress.await("activating");
      board.linkDown();
      board.run("touch /run/go-on").orThrow();
      board
          .run(
              "until grep -q '^state rolled-back' /nix/var/flakeferry/runs/*/state; do sleep 0.1; done")
          .orThrow();
      // activating its network again does not plug in the cable
      board.linkUp();

      BoardResult result = result(running);

      assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.ROLLED_BACK);
      assertThat(result.message()).contains("nobody confirmed it within 3 s");
      assertThat(board.currentSystem()).isEqualTo(factory);
      assertThat(board.profileSystem()).isEqualTo(factory);
    }
  }

  @Test
  void aDiskThatTakesNoWritesWhileItWaitsHoldsUpNobodyAndTheBoardGoesBackAfterwards()
      throws Exception {
    Built waiting = systems.build(Variation.FIRST, WAITS);
    try (TestBoard board = bed.startBoard("read-only")) {
      StorePath factory = board.currentSystem();
      FutureTask<BoardResult> running =
          begin(
              board,
              BoardFixture.within(
                  BoardFixture.switchTo(board, waiting),
                  Duration.ofSeconds(20),
                  Duration.ofSeconds(3)));
      progress.await("activating");
      board.linkDown();
      board
          .run(
              """
              run=$(echo /nix/var/flakeferry/runs/*)
              touch /run/go-on
              until grep -q '^state waiting' "$run/state"; do sleep 0.1; done
              mount --bind "$run" "$run" && mount -o remount,ro,bind "$run"
              until flock -n /nix/var/flakeferry/lock true; do sleep 0.1; done
              [ ! -e "$run/decision" ] && umount "$run"
              """)
          .orThrow();
      board.linkUp();

      BoardResult result = result(running);

      assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.ROLLED_BACK);
      assertThat(board.currentSystem()).isEqualTo(factory);
      assertThat(board.profileSystem()).isEqualTo(factory);
    }
  }

  @Test
  void aKilledSupervisorIsCleanedUpAfter() throws Exception {
    Built waiting = systems.build(Variation.FIRST, WAITS);
    try (TestBoard board = bed.startBoard("killed")) {
      StorePath factory = board.currentSystem();
      FutureTask<BoardResult> running = begin(board, BoardFixture.switchTo(board, waiting));
      progress.await("activating");
      board
          .run(
              """
              token=$(cat /nix/var/flakeferry/last)
              systemctl kill --signal=KILL "flakeferry-$token.service"
              """)
          .orThrow();

      BoardResult result = result(running);

      assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.ROLLED_BACK);
      assertThat(result.message()).contains("the supervisor was killed while it was activating");
      assertThat(board.currentSystem()).isEqualTo(factory);
    }
  }

  @Test
  void aPowerCutWhileItWaitsLeavesThePreviousSystemAndTheNextRunSucceeds() throws Exception {
    Built waiting = systems.build(Variation.FIRST, WAITS);
    try (TestBoard board = bed.startBoard("power")) {
      StorePath factory = board.currentSystem();
      FutureTask<BoardResult> running = begin(board, BoardFixture.switchTo(board, waiting));
      progress.await("activating");
      board.powerCut();
      board.start();

      BoardResult result = result(running);

      assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.ROLLED_BACK);
      assertThat(result.message()).contains("the board was restarted while it was activating");
      assertThat(board.currentSystem()).isEqualTo(factory);
      assertThat(deploy(board, BoardFixture.switchTo(board, good)).outcome())
          .isEqualTo(Outcome.DEPLOYED);
    }
  }

  @Test
  void ofTwoRunsAtOnceOneIsToldWhoHoldsTheBoard() throws Exception {
    Built waiting = systems.build(Variation.FIRST, WAITS);
    try (TestBoard board = bed.startBoard("contended")) {
      FutureTask<BoardResult> first = begin(board, BoardFixture.switchTo(board, waiting));
      progress.await("activating");

      BoardResult second = deploy(board, BoardFixture.switchTo(board, good), new BoardFixture());

      assertThat(second.outcome()).as(second.message()).isEqualTo(Outcome.BUSY);
      assertThat(second.message()).contains(BoardFixture.RUN);
      board.run("touch /run/go-on").orThrow();
      assertThat(result(first).outcome()).isEqualTo(Outcome.DEPLOYED);
      assertThat(board.currentSystem()).isEqualTo(waiting.system());
    }
  }

  @Test
  void aSystemThatSomebodyElseActivatedMeanwhileIsLeftAlone() throws Exception {
    Built waiting = systems.build(Variation.FIRST, WAITS);
    try (TestBoard board = bed.startBoard("meanwhile")) {
      StorePath factory = board.currentSystem();
      assertThat(deploy(board, BoardFixture.switchTo(board, good), new BoardFixture()).outcome())
          .isEqualTo(Outcome.DEPLOYED);
      FutureTask<BoardResult> running = begin(board, BoardFixture.switchTo(board, waiting));
      progress.await("activating");
      board
          .run(
              """
              until [ "$(readlink /run/current-system)" = %s ]; do sleep 0.1; done
              ln -sfn %s /run/current-system
              touch /run/go-on
              """
                  .formatted(waiting.system(), factory))
          .orThrow();

      BoardResult result = result(running);

      assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.SUPERSEDED);
      assertThat(board.currentSystem()).isEqualTo(factory);
      assertThat(board.profileSystem()).isEqualTo(good.system());
    }
  }

  @Test
  void anInterruptBeforeTheActivationCancelsAndLeavesNothing() throws Exception {
    try (TestBoard board = bed.startBoard("cancelled")) {
      StorePath factory = board.currentSystem();
      try (var boards =
          new Boards(
              board.key(),
              (path, to) -> {
                Thread.currentThread().interrupt();
                throw new java.io.InterruptedIOException("as a signal does it");
              },
              progress)) {
        FutureTask<BoardResult> running =
            begin(() -> boards.deploy(BoardFixture.switchTo(board, good)));

        BoardResult result = result(running);

        assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.CANCELLED);
      }
      assertThat(board.currentSystem()).isEqualTo(factory);
      assertThat(board.run("ls /nix/var/flakeferry 2>/dev/null").output()).isEmpty();
    }
  }

  @Test
  void whatArrivedBeforeTheLinkWasLostIsNotSentAgain() throws IOException {
    try (TestBoard board = bed.startBoard("resumed")) {
      long all;
      int[] sent = {0};
      try (var boards =
          new Boards(
              board.key(),
              (path, to) -> {
                if (sent[0]++ == 4) {
                  throw new IOException("the disk of the runner is broken");
                }
                SystemBuilder.contents().writeNar(path, to);
              },
              progress)) {
        Deployment deployment = BoardFixture.switchTo(board, good);
        BoardResult broken =
            boards.deploy(deployment.terms(deployment.terms().transfer(TransferMode.STREAM)));
        assertThat(broken.outcome()).as(broken.message()).isEqualTo(Outcome.FAILED);
        assertThat(broken.message()).contains("the disk of the runner is broken");
        all = broken.sentBytes();
      }
      BoardResult second = deploy(board, BoardFixture.switchTo(board, good));

      assertThat(second.outcome()).as(second.message()).isEqualTo(Outcome.DEPLOYED);
      assertThat(all).isPositive();
      assertThat(second.sentBytes())
          .isPositive()
          .isLessThan(good.closure().stream().mapToLong(i -> i.narSize()).sum());
    }
  }
}
