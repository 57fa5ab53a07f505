package io.github.flakeferry.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.flakeferry.board.delta.Encodings;
import io.github.flakeferry.model.Outcome;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.testbed.BoardOptions;
import io.github.flakeferry.testbed.TestBoard;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What becomes of differences when something happens in the middle of them: each second path is
 * known to the board in another version, and each other one is new and takes half a second.
 */
class InterruptedDeltaIT extends DeltaBoardIT {
  private static final BoardOptions SLOW = BoardOptions.PLAIN.slowLink(10, 20);
  private static final int PAIRS = 6;
  private static final int NEW_BYTES = 1_200_000;

  /** When something happens, these have arrived. */
  private static final int ARRIVED = 4;

  private VersionedClosure first;
  private VersionedClosure second;

  @BeforeEach
  void closures() throws IOException {
    first = new VersionedClosure(folder, 4);
    for (int i = 0; i < PAIRS; i++) {
      first.with("known" + "-x".repeat(i) + "-1", random(i, 1_000_000));
    }
    second = first.next();
    for (int i = 0; i < PAIRS; i++) {
      second
          .with("known" + "-x".repeat(i) + "-2", changed(random(i, 1_000_000), 500))
          .with("new" + i, random(100 + i, NEW_BYTES));
    }
  }

  private static long awaited(FutureTask<Long> delivery) throws Exception {
    return delivery.get(BoardFixture.PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private static FutureTask<Long> begin(DeltaWay way) {
    var delivery = new FutureTask<>(way::go);
    Thread.ofPlatform().daemon().start(delivery);
    return delivery;
  }

  private void isGoneOnFrom(TestBoard board, long sent) throws IOException {
    assertThat(sent).isBetween((long) PAIRS * NEW_BYTES, (PAIRS + 4L) * NEW_BYTES);
    assertThat(notes()).anyMatch(note -> note.contains("paths as differences"));
    holds(board, second);
  }

  @Test
  void aLinkThatIsLostIsGoneOnFrom() throws Exception {
    try (TestBoard board = bed.startBoard("delta-cut", SLOW)) {
      way(board, first).go();
      FutureTask<Long> delivery =
          begin(way(board, second).from(first).after(ARRIVED, board::linkDown));
      progress.awaitWarning("the link was lost during the transfer");
      board.linkUp();

      isGoneOnFrom(board, awaited(delivery));
    }
  }

  @Test
  void aBoardThatLosesItsPowerIsGoneOnWith() throws Exception {
    try (TestBoard board = bed.startBoard("delta-power", SLOW)) {
      way(board, first).go();
      FutureTask<Long> delivery =
          begin(way(board, second).from(first).after(ARRIVED, board::powerCut));
      progress.awaitWarning("the link was lost during the transfer");
      board.start();

      isGoneOnFrom(board, awaited(delivery));
    }
  }

  // as the kernel does it where memory has run out
  @Test
  void aNixThatIsKilledIsStartedAgain() throws Exception {
    try (TestBoard board = bed.startBoard("delta-nix-killed", SLOW)) {
      way(board, first).go();
      FutureTask<Long> delivery =
          begin(
              way(board, second)
                  .from(first)
                  .after(
                      ARRIVED,
                      () -> board.run("pkill -KILL -f 'nix-store --serve --write'").orThrow()));

      isGoneOnFrom(board, awaited(delivery));
    }
  }

  // not the one that shows what it can, but the first that unpacks
  @Test
  void anUnpackerThatIsKilledCostsThatPieceOnceMore() throws Exception {
    try (TestBoard board = bed.startBoard("delta-zstd-killed")) {
      way(board, first).go();
      replace(
          board,
          "zstd",
          """
          case "$*" in -dc*--patch-from*)
            [ $(wc -c <"${3#--patch-from=}") != 7 ] && mkdir /var/killed 2>/dev/null && kill -9 $$ ;;
          esac
          exec zstd.real "$@"\
          """);

      way(board, second).from(first).go();

      assertThat(notes()).anyMatch(note -> note.contains(" is sent again without differences: "));
      assertThat(board.run("ls /var/killed").exit().succeeded()).isTrue();
      holds(board, second);
    }
  }

  @Test
  void aDiskThatIsFullEndsItAndWhatArrivedCounts() throws Exception {
    try (TestBoard board = bed.startBoard("delta-full", SLOW.store(60))) {
      way(board, first).go();
      DeltaWay way = way(board, second).from(first).after(ARRIVED, board::fillDisk);

      assertThatExceptionOfType(BoardFailure.class)
          .isThrownBy(way::go)
          .satisfies(e -> assertThat(e.outcome()).isEqualTo(Outcome.FAILED))
          .satisfies(e -> assertThat(e.advice()).contains("Make room on the board"));

      assertThat(leftovers(board)).isEmpty();
      board.freeDisk();
      long sent = way(board, second).from(first).go();
      assertThat(sent).isLessThan((PAIRS - ARRIVED / 2 + 1L) * NEW_BYTES);
      holds(board, second);
    }
  }

  @Test
  void aBoardWithoutRoomForWhatIsUnpackedIsSentAllAsItIs() throws Exception {
    try (TestBoard board = bed.startBoard("delta-no-room")) {
      way(board, first).go();
      board.run("mount -t tmpfs -o size=100k tmpfs /var/tmp").orThrow();

      way(board, second).from(first).go();

      assertThat(notes())
          .anyMatch(note -> note.contains("No space left on device"))
          .anyMatch(note -> note.contains("all is sent as it is: "));
      holds(board, second);
    }
  }

  @Test
  void twoRunsAtOnceDoNoHarm() throws Exception {
    try (TestBoard board = bed.startBoard("delta-twice", SLOW)) {
      way(board, first).go();

      FutureTask<Long> one = begin(way(board, second).from(first));
      FutureTask<Long> other = begin(way(board, second).from(first));

      assertThat(awaited(one) + awaited(other)).isLessThan(2L * PAIRS * (NEW_BYTES + 50_000));
      holds(board, second);
    }
  }

  @Test
  void boardsWithTheSameSystemGetWhatWasPackedOnce() throws Exception {
    try (TestBoard board = bed.startBoard("delta-shared-1");
        TestBoard other = bed.startBoard("delta-shared-2")) {
      way(board, first).go();
      way(other, first).go();
      Map<StorePath, Integer> reads = new ConcurrentHashMap<>();
      DeltaWay way = way(board, second).from(first);
      try (Encodings encodings =
          way.encodings(
              (path, to) -> {
                reads.merge(path, 1, Integer::sum);
                second.writeNar(path, to);
              })) {
        var beside = new FutureTask<>(() -> way(other, second).from(first).go(encodings));
        Thread.ofPlatform().daemon().start(beside);
        way.go(encodings);
        awaited(beside);
      }

      assertThat(reads)
          .isEqualTo(second.infos().stream().collect(Collectors.toMap(i -> i.path(), i -> 1)));
      holds(board, second);
      holds(other, second);
    }
  }
}
