package io.github.flakeferry.board;

import io.github.flakeferry.board.delta.Encodings;
import io.github.flakeferry.board.delta.OldPath;
import io.github.flakeferry.model.BoardAddress;
import io.github.flakeferry.model.ContentSource;
import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.terms.TransferMode;
import io.github.flakeferry.support.process.SearchPath;
import io.github.flakeferry.support.progress.Progress;
import io.github.flakeferry.support.progress.ProgressEvent;
import io.github.flakeferry.testbed.TestBoard;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** A board's way to a closure, as differences to what it has. */
final class DeltaWay {
  private static final Duration CONNECT = Duration.ofSeconds(20);
  private static final long PLENTY = 400L << 20;

  private final TestBoard board;
  private final VersionedClosure closure;
  private BoardAddress address;
  private List<OldPath> old = List.of();
  private long room = PLENTY;
  private TransferMode mode = TransferMode.DELTA;
  private SearchPath programs = SearchPath.OURS;
  private Progress told;

  /** What is done to a board. */
  @FunctionalInterface
  interface Deed {
    void run() throws IOException;
  }

  DeltaWay(TestBoard board, VersionedClosure closure, Progress told) {
    this.board = board;
    this.closure = closure;
    this.told = told;
    this.address = board.address();
  }

  DeltaWay from(VersionedClosure before) {
    old = before.asOld();
    return this;
  }

  DeltaWay as(BoardAddress user) {
    address = user;
    return this;
  }

  DeltaWay within(long bytes) {
    room = bytes;
    return this;
  }

  DeltaWay in(TransferMode other) {
    mode = other;
    return this;
  }

  DeltaWay with(SearchPath other) {
    programs = other;
    return this;
  }

  /** Does something once, when so many paths have arrived. */
  DeltaWay after(int paths, Deed deed) {
    told = new Once(paths, deed, new AtomicBoolean(), told);
    return this;
  }

  private record Once(int paths, Deed deed, AtomicBoolean done, Progress to) implements Progress {
    @Override
    public void report(ProgressEvent event) {
      if (event instanceof ProgressEvent.TransferAdvanced advanced
          && advanced.done() >= paths
          && done.compareAndSet(false, true)) {
        try {
          deed.run();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
      to.report(event);
    }
  }

  private Deployment deployment() {
    Deployment any = BoardFixture.bringing(address, closure.root(), closure.infos());
    return any.terms(any.terms().transfer(mode));
  }

  /** Goes it, and returns the bytes that were sent. */
  long go() throws IOException {
    try (var encodings = encodings(closure)) {
      return go(encodings);
    }
  }

  /**
   * What is packed, from a closure and all that came before it.
   *
   * @param contents the closure, or somebody who watches what is read of it
   */
  Encodings encodings(ContentSource contents) {
    return new Encodings(contents, closure, ServeProtocol::announce, programs);
  }

  /** Goes it when all that was missing has come in another way. */
  void goAfter(Deed deed) throws IOException {
    try (var encodings = encodings(closure);
        var connector = new Connector(Login.of(board.key()));
        Connection connection = connector.open(address, CONNECT);
        var delivery = new Delivery(connector, connection, deployment(), closure, told)) {
      List<PathInfo> missing = delivery.missing();
      deed.run();
      delivery.release();
      delivery.bring(missing, new Differences(deployment(), old, room, encodings, closure, told));
    }
  }

  /** The same with what others also may have had packed. */
  long go(Encodings encodings) throws IOException {
    try (var connector = new Connector(Login.of(board.key()));
        Connection connection = connector.open(address, CONNECT);
        var delivery = new Delivery(connector, connection, deployment(), closure, told)) {
      delivery.bring(
          delivery.missing(), new Differences(deployment(), old, room, encodings, closure, told));
      return delivery.sentBytes();
    }
  }
}
