package io.github.flakeferry.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.board.BoardFacts;
import io.github.flakeferry.board.Boards;
import io.github.flakeferry.board.Guards;
import io.github.flakeferry.board.Lease;
import io.github.flakeferry.board.SystemBuilder;
import io.github.flakeferry.board.SystemBuilder.Built;
import io.github.flakeferry.board.Wanted;
import io.github.flakeferry.fleet.BoardPolicy;
import io.github.flakeferry.fleet.Policy;
import io.github.flakeferry.fleet.PolicyReader;
import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.Outcome;
import io.github.flakeferry.model.SystemPlatform;
import io.github.flakeferry.support.progress.Progress;
import io.github.flakeferry.testbed.TestBoard;
import io.github.flakeferry.testbed.Testbed;
import io.github.flakeferry.testbed.Variation;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pull requests that share boards. */
class LendingIT {
  private static final GitRevision COMMIT =
      new GitRevision("0123456789abcdef0123456789abcdef01234567");
  private static final String ONE = "owner/repo#1";
  private static final String TWO = "owner/repo#2";
  private static final String THREE = "owner/repo#3";

  private static Testbed bed;
  private static Built good;

  private TestBoard first;
  private TestBoard second;
  private Boards boards;

  private static boolean isOver(String owner) {
    return false;
  }

  @BeforeAll
  static void prepare() throws IOException {
    bed = Testbed.prepare(Progress.SILENT);
    good = new SystemBuilder(bed.folder()).build(Variation.FIRST);
  }

  @AfterAll
  static void tidy() {
    bed.close();
  }

  @BeforeEach
  void begin() throws IOException {
    first = bed.startBoard("first");
    second = bed.startBoard("second");
    boards = new Boards(first.key(), SystemBuilder.contents(), Progress.SILENT);
  }

  @AfterEach
  void end() throws IOException {
    boards.close();
    first.close();
    second.close();
  }

  @Test
  void whoFindsNoFreeBoardWaitsIsToldWhoHasThemAndGetsTheOneThatIsGivenBack() throws IOException {
    Plan.Pool pool = pool("lease: 24h", first);
    assertThat(lend(pool, ONE).outcome()).isEqualTo(Outcome.DEPLOYED);

    BoardResult waits = lend(pool, TWO);

    Lease held = lease(first).orElseThrow();
    assertThat(waits.outcome()).as(waits.message()).isEqualTo(Outcome.WAITING);
    assertThat(waits.message())
        .isEqualTo(
            "first is lent to %s since %s until %s"
                .formatted(ONE, held.since(), held.until().orElseThrow()));
    assertThat(Duration.between(held.since(), held.until().orElseThrow()))
        .isCloseTo(Duration.ofHours(24), Duration.ofMinutes(1));
    Verdict verdict = Verdict.of(List.of(waits), Optional.empty());
    assertThat(verdict).isEqualTo(new Verdict("deferred", Optional.empty()));

    assertThat(lending(LendingIT::isOver).giveBackUnlessNeeded(pool, ONE)).isEmpty();
    assertThat(lease(first).orElseThrow().owner()).isEqualTo(ONE);
    assertThat(lending(ONE::equals).giveBackUnlessNeeded(pool, ONE).orElseThrow())
        .singleElement()
        .extracting(BoardResult::outcome)
        .isEqualTo(Outcome.DEPLOYED);
    assertThat(lend(pool, TWO).outcome()).isEqualTo(Outcome.DEPLOYED);
    assertThat(lease(first).orElseThrow().owner()).isEqualTo(TWO);
  }

  @Test
  void whereThePolicyDoesNotWaitTheBoardIsBusy() throws IOException {
    Plan.Pool pool = pool("when-busy: fail", first);
    var late = new Guards(false, there -> false, () -> Optional.of("its branch has moved on"));
    BoardResult moved = lending(LendingIT::isOver, late).lend(pool, LendingIT::target, ONE);
    assertThat(moved.outcome()).as(moved.message()).isEqualTo(Outcome.SUPERSEDED);
    assertThat(moved.message()).contains("its branch has moved on");
    assertThat(lease(first)).isEmpty();
    lend(pool, ONE);

    BoardResult fails = lend(pool, TWO);

    assertThat(fails.outcome()).isEqualTo(Outcome.BUSY);
    assertThat(fails.message()).startsWith("no board is free: first is lent to " + ONE);
    assertThat(Verdict.of(List.of(fails), Optional.empty()).exitCode()).isEqualTo(12);
  }

  @Test
  void eachGetsItsOwnBoardAgainThenTheFirstFreeOneThenTheOldestIsTaken() throws IOException {
    Plan.Pool pool = pool("when-busy: take-oldest", first, second);
    assertThat(lend(pool, ONE).board().value()).isEqualTo("first");
    assertThat(lend(pool, TWO).board().value()).isEqualTo("second");
    assertThat(lending(LendingIT::isOver).giveBack(pool, ONE)).hasSize(1);
    // now the second board's lease is the older one, and its owner's though the first board is free
    assertThat(lend(pool, TWO).board().value()).isEqualTo("second");
    assertThat(lend(pool, ONE).board().value()).isEqualTo("first");

    BoardResult taken = lend(pool, THREE);

    assertThat(taken.outcome()).as(taken.message()).isEqualTo(Outcome.UNCHANGED);
    assertThat(taken.board().value()).isEqualTo("second");
    assertThat(taken.message()).contains("lent to " + THREE, "Taken from " + TWO + " since ");
    assertThat(lease(first).orElseThrow().owner()).isEqualTo(ONE);
    assertThat(lease(second).orElseThrow().owner()).isEqualTo(THREE);
  }

  @Test
  void ofTwoAtTheSameInstantOneGetsTheFreeBoardAndTheOtherWaits() throws Exception {
    Plan.Pool pool = pool("when-busy: wait", first);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<BoardResult> ours = () -> lend(pool, ONE);
      var one = threads.submit(ours);
      var two = threads.submit(() -> lend(pool, TWO));
      var results = List.of(one.get(300, TimeUnit.SECONDS), two.get(300, TimeUnit.SECONDS));
      assertThat(results)
          .extracting(BoardResult::outcome)
          .as(results.toString())
          .containsExactlyInAnyOrder(Outcome.DEPLOYED, Outcome.WAITING);
      assertThat(lease(first).orElseThrow().owner())
          .isEqualTo(results.getFirst().outcome() == Outcome.DEPLOYED ? ONE : TWO);
    }
  }

  @Test
  void aBoardThatIsOfflineIsPassedOver() throws IOException {
    Plan.Pool pool = pool("when-busy: wait", first, second);
    first.linkDown();

    BoardResult result = lend(pool, ONE);

    assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.DEPLOYED);
    assertThat(result.board().value()).isEqualTo("second");
    second.linkDown();
    BoardResult none = lend(pool, TWO);
    assertThat(none.outcome()).isEqualTo(Outcome.WAITING);
    assertThat(none.message()).startsWith("no board can be had: first: ").contains("second: ");

    assertThat(lending(ONE::equals).giveBackUnlessNeeded(pool, ONE).orElseThrow())
        .extracting(BoardResult::outcome)
        .containsExactly(Outcome.DEFERRED, Outcome.DEFERRED);
  }

  @Test
  void aLeaseHoldsNoLongerThanThePolicyLendsNorForWhomTheForgeHasClosed() throws IOException {
    Plan.Pool longer = pool("lease: 7d", first);
    lend(longer, ONE);
    assertThat(lend(longer, TWO).outcome()).isEqualTo(Outcome.WAITING);

    Plan.Pool shorter = pool("lease: 1h", first);
    BoardResult shortened = lend(shorter, TWO);
    assertThat(shortened.outcome()).as(shortened.message()).isEqualTo(Outcome.UNCHANGED);
    assertThat(lease(first).orElseThrow().owner()).isEqualTo(TWO);

    assertThat(lending(TWO::equals).giveBackWhatIsOver(shorter, owner -> {}))
        .singleElement()
        .extracting(BoardResult::outcome)
        .isEqualTo(Outcome.DEPLOYED);
    assertThat(lease(first)).isEmpty();
    assertThat(lending(LendingIT::isOver).giveBackWhatIsOver(shorter, owner -> {})).isEmpty();
  }

  private BoardResult lend(Plan.Pool pool, String owner) {
    return lending(LendingIT::isOver).lend(pool, LendingIT::target, owner);
  }

  private Lending lending(Predicate<String> over) {
    return lending(over, Guards.ANY_COMMIT);
  }

  private Lending lending(Predicate<String> over, Guards guards) {
    return new Lending(
        boards,
        new Pools(boards, 4, (lease, environment, board) -> over.test(lease.owner())),
        "run 1",
        COMMIT,
        guards,
        Progress.SILENT);
  }

  private static Wanted.Incoming target(BoardPolicy board) {
    return new Wanted.Incoming(
        good.system(),
        new SystemPlatform("x86_64-linux"),
        good.closure(),
        List.of(),
        List.of(),
        List.of());
  }

  private Optional<Lease> lease(TestBoard board) {
    BoardFacts facts = boards.facts(new BoardName(board.name()), board.address());
    assertThat(facts.heldLease(Instant.now())).isEqualTo(facts.lease());
    return facts.lease();
  }

  private static Plan.Pool pool(String setting, TestBoard... of) {
    var text = new StringBuilder("boards:\n");
    for (TestBoard board : of) {
      text.append(
          "  %s: { host: %s, port: %d, host-key: %s }%n"
              .formatted(
                  board.name(),
                  board.address().host(),
                  board.address().port(),
                  board.address().hostKeys().getFirst()));
    }
    text.append("environments:\n  preview: { on: pull_request, boards: '*', " + setting + " }\n");
    Policy policy = PolicyReader.read("f", text.toString());
    return new Plan.Pool(policy.environments().getFirst(), policy.boards());
  }
}
