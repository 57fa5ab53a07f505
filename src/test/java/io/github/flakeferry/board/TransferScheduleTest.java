package io.github.flakeferry.board;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.board.delta.Piece;
import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.StorePath;
import java.io.InterruptedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TransferScheduleTest {
  private final SyntheticClosure chain = new SyntheticClosure(1, 2, 8);
  private final PathInfo reference = chain.infos().getFirst();
  private final PathInfo referrer = chain.infos().getLast();

  private static TransferSchedule schedule(List<PathInfo> ordered) {
    return new TransferSchedule(ordered.stream().map(Piece::of).toList());
  }

  @Test
  void aReferrerFollowsItsReferenceDownTheSameLaneAtOnce() {
    var schedule = schedule(chain.infos());

    assertThat(schedule.poll(0)).contains(Piece.of(reference));
    assertThat(schedule.poll(0)).contains(Piece.of(referrer));
  }

  @Test
  void anotherLaneGetsTheReferrerOnlyWhenTheReferenceHasArrived() {
    var schedule = schedule(chain.infos());

    assertThat(schedule.poll(0)).contains(Piece.of(reference));
    assertThat(schedule.poll(1)).isEmpty();
    schedule.arrived(reference);
    assertThat(schedule.poll(1)).contains(Piece.of(referrer));
  }

  @Test
  void aPathThatRefersToItselfIsNotWaitedFor() {
    var own = chain.infos().getFirst();
    var selfish =
        new PathInfo(
            own.path(),
            own.narHash(),
            own.narSize(),
            new java.util.TreeSet<>(Set.of(own.path())),
            Optional.empty(),
            Optional.empty(),
            List.of());

    assertThat(schedule(List.of(selfish)).poll(3)).contains(Piece.of(selfish));
  }

  @Test
  void aStoppedOneGivesNothingMoreAndLetsNobodyWait() throws InterruptedIOException {
    var schedule = schedule(chain.infos());

    schedule.stop();

    assertThat(schedule.poll(0)).isEmpty();
    assertThat(schedule.take(0)).isEmpty();
  }

  // lanes as a board's store sees them: one that takes a path before its references would refuse it
  @Test
  void severalLanesBringACompleteClosureAndNoReferrerOvertakes() throws Exception {
    var closure = new SyntheticClosure(7, 400, 8);
    var schedule = schedule(closure.infos());
    Set<StorePath> store = ConcurrentHashMap.newKeySet();
    List<Callable<Object>> lanes =
        IntStream.range(0, 4).mapToObj(n -> lane(schedule, n, store)).toList();

    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Object> lane : threads.invokeAll(lanes)) {
        lane.get();
      }
    }

    assertThat(store)
        .isEqualTo(new HashSet<>(closure.infos().stream().map(PathInfo::path).toList()));
  }

  private static Callable<Object> lane(
      TransferSchedule schedule, int number, Set<StorePath> store) {
    return () -> {
      for (var next = schedule.take(number); next.isPresent(); next = schedule.take(number)) {
        PathInfo info = next.get().paths().getFirst();
        assertThat(store).containsAll(info.references());
        store.add(info.path());
        schedule.arrived(info);
      }
      return store;
    };
  }
}
