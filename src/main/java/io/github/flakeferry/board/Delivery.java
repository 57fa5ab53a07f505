package io.github.flakeferry.board;

import io.github.flakeferry.board.delta.Encodings;
import io.github.flakeferry.board.delta.OldPath;
import io.github.flakeferry.model.Closure;
import io.github.flakeferry.model.ContentSource;
import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.Outcome;
import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.terms.TransferMode;
import io.github.flakeferry.support.progress.Progress;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Brings a deployment's closure to its board. When the link is lost it comes back, asks again what
 * is missing, and goes on from there. Nothing but the board's store changes.
 */
final class Delivery implements AutoCloseable {
  /** How often in a row a link may break before a single path has arrived. */
  private static final int FRUITLESS = 3;

  /** How long a lost board is looked for. */
  private static final Duration SEARCH = Duration.ofSeconds(30);

  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final Connector connector;
  private final Deployment deployment;
  private final ContentSource contents;
  private final Progress progress;
  private final List<PathInfo> closure;
  private final List<URI> caches;
  private final Connection given;
  private final StallWatch.Patience patience;
  private Optional<Differences> differences = Optional.empty();
  private boolean fetched;
  private Connection connection;
  private Optional<Transfer> transfer = Optional.empty();
  private Optional<TransferMeter> meter = Optional.empty();

  /**
   * @param connection the caller closes it
   */
  Delivery(
      Connector connector,
      Connection connection,
      Deployment deployment,
      ContentSource contents,
      Progress progress) {
    this(connector, connection, deployment, contents, progress, StallWatch.Patience.USUAL);
  }

  /**
   * @param connection the caller closes it
   */
  Delivery(
      Connector connector,
      Connection connection,
      Deployment deployment,
      ContentSource contents,
      Progress progress,
      StallWatch.Patience patience) {
    this.patience = patience;
    this.connector = connector;
    this.given = connection;
    this.connection = connection;
    this.deployment = deployment;
    this.contents = contents;
    this.progress = progress;
    if (deployment.wanted() instanceof Wanted.Incoming incoming) {
      closure = incoming.closure();
      caches = incoming.caches();
    } else {
      closure = List.of();
      caches = List.of();
    }
  }

  /**
   * What the board lacks, references before referrers. From now on until this is closed its
   * collector keeps the closure.
   *
   * @throws IOException if the link is lost
   */
  List<PathInfo> missing() throws IOException {
    if (closure.isEmpty()) {
      return List.of();
    }
    var opened = new Transfer(connection, deployment.board());
    transfer = Optional.of(opened);
    return opened.missing(closure);
  }

  /**
   * Brings it in the way that the policy wants.
   *
   * @param missing as {@link #missing} told it
   * @param previous what the board has, where it told that
   * @throws BoardFailure and InterruptedIOException as for what is sent as it is
   */
  void bringAsWanted(
      List<PathInfo> missing, BoardFacts facts, Optional<Closure> previous, Encodings encodings)
      throws InterruptedIOException {
    switch (deployment.terms().transfer()) {
      case SUBSTITUTE, STREAM -> bring(missing);
      case AUTO, DELTA -> {
        List<OldPath> old =
            previous.stream().flatMap(all -> Differences.old(all, closure).stream()).toList();
        long room = Differences.room(facts, missing);
        bring(missing, new Differences(deployment, old, room, encodings, contents, progress));
      }
    }
  }

  /**
   * Brings it, what no cache gives the board as differences where that is possible and any use.
   *
   * @param missing as {@link #missing} told it
   * @throws BoardFailure and InterruptedIOException as for what is sent as it is
   */
  void bring(List<PathInfo> missing, Differences packed) throws InterruptedIOException {
    differences = Optional.of(packed);
    bring(missing);
  }

  /**
   * Brings it, what no cache gives the board as it is.
   *
   * @param missing as {@link #missing} told it
   * @throws BoardFailure if the board does not take it, or is lost for good: DEFERRED
   * @throws InterruptedIOException if the thread is interrupted
   */
  void bring(List<PathInfo> missing) throws InterruptedIOException {
    var counting = new TransferMeter(deployment.board(), progress, missing);
    meter = Optional.of(counting);
    List<PathInfo> left = missing;
    int fruitless = 0;
    while (!left.isEmpty()) {
      try {
        if (transfer.isEmpty()) {
          left = missing();
        }
        try (var _ = connection.transferring()) {
          left = fetch(left, counting);
          send(left, counting);
        }
        return;
      } catch (PieceRefused e) {
        differences.orElseThrow().refused(e);
        release();
      } catch (IOException e) {
        Interruption.check(e);
        progress.warn(
            "%s: the link was lost during the transfer (%s): coming back"
                .formatted(deployment.board(), e.getMessage()));
        List<PathInfo> still = comeBack();
        fruitless = still.size() < left.size() ? 0 : fruitless + 1;
        if (fruitless == FRUITLESS) {
          throw lost(FailureCode.LINK_LOST, String.valueOf(e.getMessage()));
        }
        left = still;
      }
    }
  }

  private void send(List<PathInfo> left, TransferMeter counting) throws IOException {
    if (left.isEmpty()) {
      counting.begin(left);
      return;
    }
    Transfer open = transfer.orElseThrow();
    try (var _ = new StallWatch(connection, deployment, counting, progress, patience)) {
      if (differences.isEmpty() || !differences.get().send(open, left, counting)) {
        open.send(left, contents, counting);
      }
    }
    differences.ifPresent(d -> d.tell(counting));
  }

  // once: what no cache gave, none will give
  private List<PathInfo> fetch(List<PathInfo> missing, TransferMeter counting) throws IOException {
    TransferMode mode = deployment.terms().transfer();
    var substitution = new Substitution(mode, caches);
    if (fetched
        || mode == TransferMode.STREAM
        || mode == TransferMode.DELTA
        || (mode == TransferMode.AUTO && !substitution.hasCaches())) {
      return missing;
    }
    substitution.run(connection, missing, counting::fetching);
    List<PathInfo> left = transfer.orElseThrow().missing(closure);
    fetched = true;
    if (!left.isEmpty() && mode == TransferMode.SUBSTITUTE) {
      throw NixComplaint.notFetched(deployment.board(), left, substitution.words());
    }
    if (left.size() == missing.size()) {
      progress.note(
          "%s: no cache gave it anything, so all is sent: %s"
              .formatted(deployment.board(), substitution.words()));
    }
    return left;
  }

  private List<PathInfo> comeBack() throws InterruptedIOException {
    long end = System.nanoTime() + SEARCH.toNanos();
    leave();
    while (true) {
      String why;
      try {
        connection = connector.open(deployment.address(), CONNECT);
        ServeChannel.endLost(connection);
        return missing();
      } catch (BoardFailure e) {
        if (e.outcome() != Outcome.DEFERRED) {
          throw e;
        }
        why = e.problem();
      } catch (IOException e) {
        Interruption.check(e);
        leave();
        why = String.valueOf(e.getMessage());
      }
      if (System.nanoTime() > end) {
        throw lost(FailureCode.OFFLINE, why);
      }
      Interruption.sleep(PAUSE);
    }
  }

  // first the link: nobody answers on it any more
  private void leave() {
    connection.abort();
    release();
    closeOwn();
  }

  private BoardFailure lost(FailureCode code, String why) {
    return new BoardFailure(
        code,
        "the link to %s was lost during the transfer and did not hold again: %s"
            .formatted(deployment.address(), why),
        "Nothing was activated. What has arrived is not sent again.");
  }

  /** The connection that works: the given one, or what came after it. Closed with this. */
  Connection connection() {
    return connection;
  }

  /** Bytes that were sent over the connection, those that got lost included. */
  long sentBytes() {
    return meter.map(TransferMeter::sentBytes).orElse(0L);
  }

  /** Lets the board's collector have what nothing else keeps. */
  void release() {
    transfer.ifPresent(Transfer::close);
    transfer = Optional.empty();
  }

  @Override
  public void close() {
    release();
    closeOwn();
  }

  private void closeOwn() {
    if (connection != given) {
      connection.close();
    }
  }
}
