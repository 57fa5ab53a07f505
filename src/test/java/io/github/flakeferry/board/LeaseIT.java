package io.github.flakeferry.board;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.board.SystemBuilder.Built;
import io.github.flakeferry.model.BoardAction;
import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.Outcome;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.model.terms.HealthChecks;
import io.github.flakeferry.model.terms.LeaseTerms;
import io.github.flakeferry.testbed.TestBoard;
import io.github.flakeferry.testbed.Variation;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The lease on a board's disk: who gets it, how long it holds, and how it ends. */
class LeaseIT extends BoardIT {
  private static final String OURS = "owner/repo#12";
  private static final String OTHERS = "owner/repo#13";
  private static final LeaseTerms BRIEF = LeaseTerms.of(OURS).until(Instant.EPOCH.plusSeconds(9));
  private static Built other;

  private TestBoard board;
  private StorePath factory;

  @BeforeAll
  static void build() throws IOException {
    other = systems.build(Variation.FIRST.message("Another one"));
  }

  @BeforeEach
  void startBoard() throws IOException {
    board = bed.startBoard("lease");
    factory = board.currentSystem();
  }

  @AfterEach
  void removeBoard() throws IOException {
    board.close();
  }

  @Test
  void aPushOfTheSameSystemMovesTheEndAndKeepsTheBeginning() throws IOException {
    Instant end = Instant.now().plus(Duration.ofHours(1));
    lend(good, LeaseTerms.of(OURS).until(end), Outcome.DEPLOYED);
    Lease first = lease();
    assertThat(first.until().orElseThrow().getEpochSecond()).isEqualTo(end.getEpochSecond());
    assertThat(Duration.between(first.since(), Instant.now())).isLessThan(Duration.ofMinutes(5));
    // so that a beginning that is not kept is seen
    board.run("sed -i 's/^since .*/since 1700000000/' /nix/var/flakeferry/lease").orThrow();

    BoardResult same =
        lend(good, LeaseTerms.of(OURS).until(end.plusSeconds(100)), Outcome.UNCHANGED);
    assertThat(same.message()).contains("lent to " + OURS + " until ");
    assertThat(lease().until().orElseThrow().getEpochSecond())
        .isEqualTo(end.getEpochSecond() + 100);
    lend(other, LeaseTerms.of(OURS).until(end.plusSeconds(200)), Outcome.DEPLOYED);

    assertThat(lease().since()).isEqualTo(Instant.ofEpochSecond(1700000000));
    assertThat(lease().system()).contains(other.system());
    assertThat(lease().until().orElseThrow().getEpochSecond())
        .isEqualTo(end.getEpochSecond() + 200);
  }

  @Test
  void aPushWhoseSystemFailsRenewsTheLeaseOfTheOneThatRuns() throws IOException {
    Instant end = Instant.now().plus(Duration.ofHours(1));
    lend(good, LeaseTerms.of(OURS).until(end), Outcome.DEPLOYED);

    BoardResult failed =
        deploy(
            board,
            unhealthy(
                BoardFixture.test(board, other, LeaseTerms.of(OURS).until(end.plusSeconds(100)))));

    assertThat(failed.outcome()).as(failed.message()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(board.currentSystem()).isEqualTo(good.system());
    assertThat(lease().system()).contains(good.system());
    assertThat(lease().until().orElseThrow().getEpochSecond())
        .isEqualTo(end.getEpochSecond() + 100);
  }

  @Test
  void aFirstPushWhoseSystemFailsLeavesTheBoardFree() throws IOException {
    BoardResult failed = deploy(board, unhealthy(BoardFixture.test(board, other, OURS)));

    assertThat(failed.outcome()).as(failed.message()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(board.currentSystem()).isEqualTo(factory);
    assertThat(facts().lease()).isEmpty();
  }

  @Test
  void aBoardIsTakenOnlyFromWhoIsNamedAndComesBackToThemIfThatFails() throws IOException {
    lend(good, LeaseTerms.of(OURS), Outcome.DEPLOYED);
    Lease before = lease();

    BoardResult wrong = lend(other, LeaseTerms.of(OTHERS).takeFrom("owner/repo#14"), Outcome.BUSY);
    assertThat(wrong.message()).contains("lent to " + OURS + " since " + before.since());
    BoardResult failed =
        deploy(
            board,
            unhealthy(BoardFixture.test(board, other, LeaseTerms.of(OTHERS).takeFrom(OURS))));
    assertThat(failed.outcome()).as(failed.message()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(lease()).isEqualTo(before);
    assertThat(board.currentSystem()).isEqualTo(good.system());

    lend(other, LeaseTerms.of(OTHERS).takeFrom(OURS), Outcome.DEPLOYED);

    assertThat(lease().owner()).isEqualTo(OTHERS);
    BoardResult late = deploy(board, BoardFixture.giveBack(board, OURS));
    assertThat(late.outcome()).as(late.message()).isEqualTo(Outcome.UNCHANGED);
    assertThat(late.message()).contains("lent to " + OTHERS);
    assertThat(board.currentSystem()).isEqualTo(other.system());
  }

  @Test
  void aLeaseWhoseTimeIsOverByTheRunnersClockHoldsNobodyOff() throws IOException {
    lend(good, BRIEF, Outcome.DEPLOYED);
    assertThat(facts().leaseWorth(Instant.now())).contains(Lease.Worth.OVER);

    lend(other, LeaseTerms.of(OTHERS), Outcome.DEPLOYED);

    assertThat(lease().owner()).isEqualTo(OTHERS);
    assertThat(Duration.between(lease().since(), Instant.now()).abs())
        .isLessThan(Duration.ofMinutes(5));
  }

  // as where a push comes between a sweep's look at the board and what it does then
  @Test
  void aLeaseThatWasRenewedSinceItWasLookedAtIsNotGivenBack() throws IOException {
    lend(good, BRIEF, Outcome.DEPLOYED);
    Instant end = Instant.now().plus(Duration.ofHours(1));
    lend(good, LeaseTerms.of(OURS).until(end), Outcome.UNCHANGED);
    Deployment late = BoardFixture.giveBack(board, BRIEF);

    assertThat(state("late", late)).contains("state busy", "it has been lent to " + OURS);
    BoardResult back = deploy(board, late);
    assertThat(back.outcome()).as(back.message()).isEqualTo(Outcome.UNCHANGED);
    assertThat(back.message()).contains("it has been lent to " + OURS);

    assertThat(board.currentSystem()).isEqualTo(good.system());
    assertThat(lease().until().orElseThrow().getEpochSecond()).isEqualTo(end.getEpochSecond());
    BoardResult meant = deploy(board, BoardFixture.giveBack(board, LeaseTerms.of(OURS).until(end)));
    assertThat(meant.outcome()).as(meant.message()).isEqualTo(Outcome.DEPLOYED);
    assertThat(facts().lease()).isEmpty();
  }

  @Test
  void afterAPowerCycleOnlyTheLeaseGoes() throws IOException {
    lend(good, LeaseTerms.of(OURS), Outcome.DEPLOYED);
    board.powerCut();
    board.start();
    assertThat(facts().leaseWorth(Instant.now())).contains(Lease.Worth.LOST);

    BoardResult back = deploy(board, BoardFixture.giveBack(board, OURS));

    assertThat(back.outcome()).as(back.message()).isEqualTo(Outcome.UNCHANGED);
    assertThat(facts().lease()).isEmpty();
    assertThat(board.currentSystem()).isEqualTo(factory);
    assertThat(lastLog()).doesNotContain("activating the configuration");
  }

  @Test
  void aDamagedLeaseHoldsTheBoardUntilSomebodyGivesItBack() throws IOException {
    lend(good, LeaseTerms.of(OURS), Outcome.DEPLOYED);
    board.run("printf 'owner owner/re' >/nix/var/flakeferry/lease").orThrow();

    BoardResult taken = lend(other, LeaseTerms.of(OURS), Outcome.BUSY);
    assertThat(taken.message()).contains("nobody knows whom");
    assertThat(state("held", other, OURS)).contains("state busy", "nobody knows whom");
    BoardResult back =
        deploy(
            board,
            BoardFixture.deployment(
                board.address(), BoardAction.GIVE_BACK, Optional.empty(), Optional.empty()));

    assertThat(back.outcome()).as(back.message()).isEqualTo(Outcome.DEPLOYED);
    assertThat(board.currentSystem()).isEqualTo(factory);
    assertThat(facts().lease()).isEmpty();
  }

  @Test
  void aDamagedLeaseOfABoardThatRunsItsProfilesSystemHoldsNobodyOff() throws IOException {
    board.run("mkdir -p /nix/var/flakeferry; : >/nix/var/flakeferry/lease").orThrow();

    lend(good, LeaseTerms.of(OURS), Outcome.DEPLOYED);

    assertThat(lease().owner()).isEqualTo(OURS);
  }

  @Test
  void ofTwoRunsAtTheSameInstantOneGetsTheBoardAndTheOtherIsToldSo() throws Exception {
    // both closures lie there, so that nothing but the activation is left
    lend(good, LeaseTerms.of(OURS), Outcome.DEPLOYED);
    lend(other, LeaseTerms.of(OURS), Outcome.DEPLOYED);
    assertThat(deploy(board, BoardFixture.giveBack(board, OURS)).outcome())
        .isEqualTo(Outcome.DEPLOYED);

    for (int i = 0; i < 3; i++) {
      var ours =
          begin(() -> deploy(board, BoardFixture.test(board, good, OURS), new BoardFixture()));
      var theirs =
          begin(() -> deploy(board, BoardFixture.test(board, other, OTHERS), new BoardFixture()));
      BoardResult one = ours.get(BoardFixture.PATIENCE_SECONDS, TimeUnit.SECONDS);
      BoardResult two = theirs.get(BoardFixture.PATIENCE_SECONDS, TimeUnit.SECONDS);

      String told = one.message() + "\n" + two.message();
      assertThat(List.of(one.outcome(), two.outcome()))
          .as(told)
          .containsExactlyInAnyOrder(Outcome.DEPLOYED, Outcome.BUSY);
      boolean oursWon = one.outcome() == Outcome.DEPLOYED;
      assertThat(lease().owner()).isEqualTo(oursWon ? OURS : OTHERS);
      assertThat(board.currentSystem()).isEqualTo(oursWon ? good.system() : other.system());
      BoardResult back = deploy(board, BoardFixture.giveBack(board, lease().owner()));
      assertThat(back.outcome()).as(back.message()).isEqualTo(Outcome.DEPLOYED);
    }
  }

  @Test
  void theSupervisorItselfRefusesWhateverARunnerBelieves() throws IOException {
    lend(good, LeaseTerms.of(OURS), Outcome.DEPLOYED);

    assertThat(state("other", good, OTHERS))
        .contains("state busy", "it has been lent to " + OURS + " since " + lease().since());
    assertThat(state("back", BoardFixture.giveBack(board, OTHERS)))
        .contains("state busy", "lent to " + OURS);
    assertThat(lease().owner()).isEqualTo(OURS);
  }

  private BoardResult lend(Built built, LeaseTerms terms, Outcome expected) {
    BoardResult result = deploy(board, BoardFixture.test(board, built, terms));
    assertThat(result.outcome()).as(result.message()).isEqualTo(expected);
    return result;
  }

  /** What the supervisor says when it is started without a look at the board before. */
  private String state(String token, Built built, String owner) throws IOException {
    return state(token, BoardFixture.test(board, built, owner));
  }

  private String state(String token, Deployment deployment) throws IOException {
    try (var connector = new Connector(Login.of(board.key()));
        var connection = connector.open(board.address(), Duration.ofSeconds(20))) {
      new Supervision(token).start(connection, deployment);
    }
    return board
        .run(
            """
            cd /nix/var/flakeferry/runs/%s
            timeout 300 sh -c 'until grep -qE "^state (busy|confirmed|rolled-back|failed|waiting)" state; do sleep 0.1; done' 2>/dev/null
            cat state
            """
                .formatted(token))
        .orThrow()
        .output();
  }

  private static Deployment unhealthy(Deployment deployment) {
    return deployment.terms(
        deployment
            .terms()
            .health(
                new HealthChecks(
                    List.of(), true, List.of("exit 1"), List.of(), Duration.ofSeconds(20), 1)));
  }

  private String lastLog() throws IOException {
    return board
        .run("cat /nix/var/flakeferry/runs/$(cat /nix/var/flakeferry/last)/log")
        .orThrow()
        .output();
  }

  private Lease lease() {
    return facts().lease().orElseThrow();
  }

  private BoardFacts facts() {
    try (var boards = new Boards(board.key(), SystemBuilder.contents(), progress)) {
      return boards.facts(new BoardName("board-1"), board.address());
    }
  }
}
