package io.github.flakeferry.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.flakeferry.model.BoardAddress;
import io.github.flakeferry.model.ContentSource;
import io.github.flakeferry.model.Outcome;
import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.support.progress.ProgressEvent;
import io.github.flakeferry.testbed.BoardOptions;
import io.github.flakeferry.testbed.TestBoard;
import java.io.BufferedReader;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a board lacks comes into its real store: over channels, and through lost links. */
class TransferIT extends BoardIT {
  private static final Duration CONNECT = Duration.ofSeconds(20);

  static Deployment deployment(TestBoard board, SyntheticClosure closure) {
    return BoardFixture.bringing(board.address(), closure.root().path(), closure.infos());
  }

  /** What is done with a delivery that has brought everything and is still open. */
  private interface Afterwards {
    void look(Delivery delivery) throws IOException;
  }

  // returns what was sent
  private long deliver(
      TestBoard board, SyntheticClosure closure, ContentSource contents, Afterwards afterwards)
      throws IOException {
    return deliver(board, closure, contents, StallWatch.Patience.USUAL, afterwards);
  }

  private long deliver(
      TestBoard board,
      SyntheticClosure closure,
      ContentSource contents,
      StallWatch.Patience patience,
      Afterwards afterwards)
      throws IOException {
    try (var connector = new Connector(Login.of(board.key()));
        Connection connection = connector.open(board.address(), CONNECT);
        var delivery =
            new Delivery(
                connector, connection, deployment(board, closure), contents, progress, patience)) {
      delivery.bring(delivery.missing());
      afterwards.look(delivery);
      return delivery.sentBytes();
    }
  }

  private static void holdsAll(TestBoard board, SyntheticClosure closure) throws IOException {
    String has = board.run("nix-store --query --requisites " + closure.root().path()).output();
    assertThat(has.lines()).hasSize(closure.infos().size());
    board.run("nix-store --verify-path " + has.replace('\n', ' ')).orThrow();
  }

  /** Does something on the way, when so many paths have been read. */
  private static ContentSource at(int path, ContentSource contents, Runnable what) {
    var count = new AtomicInteger();
    return (asked, to) -> {
      if (count.incrementAndGet() == path) {
        what.run();
      }
      contents.writeNar(asked, to);
    };
  }

  private static Runnable on(TestBoard board, String script, List<String> output) {
    return () -> {
      try {
        output.add(board.run(script).output());
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    };
  }

  @Test
  void muchIsSentOverSeveralChannelsAndNoReferrerOvertakesItsReferences() throws IOException {
    var closure = new SyntheticClosure(1, 80, 400_000);
    var seen = new ArrayList<String>();
    try (TestBoard board = bed.startBoard("lanes")) {
      long sent =
          deliver(
              board,
              closure,
              at(60, closure, on(board, "pgrep -fc 'nix-store --serve'", seen)),
              delivery -> holdsAll(board, closure));

      assertThat(sent).isEqualTo(closure.narBytes());
      assertThat(seen).containsExactly("4\n");
    }
  }

  @Test
  void aBoardThatAllowsOneChannelOnlyGetsItOverThat() throws IOException {
    var closure = new SyntheticClosure(2, 40, 400_000);
    try (TestBoard board = bed.startBoard("one-lane")) {
      board
          .run("echo MaxSessions 1 >/etc/ssh/sshd_config.d/00-one.conf; systemctl restart ssh")
          .orThrow();

      deliver(board, closure, closure, delivery -> holdsAll(board, closure));
    }
  }

  @Test
  void theCollectorKeepsWhatCameOverAnyChannelUntilTheEnd() throws IOException {
    var closure = new SyntheticClosure(3, 80, 400_000);
    var collected = new ArrayList<String>();
    try (TestBoard board = bed.startBoard("collected")) {
      deliver(
          board,
          closure,
          at(60, closure, on(board, "nix-store --gc 2>&1", collected)),
          delivery -> {
            board.run("nix-store --gc").orThrow();
            holdsAll(board, closure);
          });

      assertThat(collected).singleElement().asString().contains("store paths deleted");
      board.run("nix-store --gc").orThrow();
      assertThat(
              board.run("nix-store --check-validity " + closure.root().path()).exit().succeeded())
          .isFalse();
    }
  }

  // the board takes nothing any more, so that the sender waits for room in its channel's window
  @Test
  void aLinkThatIsLostWhileItIsWaitedForRoomIsNoticedAndComesBack() throws Exception {
    var closure = new SyntheticClosure(4, 1, 8_000_000);
    var stopped = new ArrayList<String>();
    try (TestBoard board = bed.startBoard("flapping")) {
      FutureTask<Void> delivery =
          new FutureTask<>(
              () -> {
                deliver(
                    board,
                    closure,
                    after(
                        1_500_000,
                        after(1, closure, on(board, "pkill -STOP nix-store", stopped)),
                        () -> cut(board)),
                    d -> holdsAll(board, closure));
                return null;
              });
      Thread.ofPlatform().daemon().start(delivery);
      progress.awaitWarning("the link was lost during the transfer");
      assertThat(stopped).hasSize(1);
      board.run("pkill -CONT nix-store").orThrow();
      board.linkUp();
      delivery.get(BoardFixture.PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
  }

  /** Does something once, when so many bytes have gone out. */
  private static ContentSource after(int bytes, ContentSource contents, Runnable what) {
    var left = new AtomicInteger(bytes);
    return (asked, to) ->
        contents.writeNar(
            asked,
            new FilterOutputStream(to) {
              @Override
              public void write(byte[] some, int offset, int length) throws IOException {
                out.write(some, offset, length);
                int before = left.getAndAdd(-length);
                if (before > 0 && before <= length) {
                  what.run();
                }
              }
            });
  }

  private static void cut(TestBoard board) {
    try {
      board.linkDown();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void whatADeadRunLeftReceivingHoldsUpNoOtherAndWhatStillReadsGoesOn() throws Exception {
    var closure = new SyntheticClosure(7, 3, 1000);
    var patience =
        new StallWatch.Patience(
            Duration.ofMillis(300), Duration.ofSeconds(2), Duration.ofMinutes(5));
    try (TestBoard board = bed.startBoard("orphan")) {
      BoardFixture.lock(
          board,
          "dead",
          closure.root().path() + ".lock",
          "FLAKEFERRY_TRANSFER=1",
          "exec sleep infinity");
      BoardFixture.lock(
          board,
          "alive",
          "/nix/store/another.lock",
          "FLAKEFERRY_TRANSFER=2",
          "while read -r _ </proc/uptime; do sleep 0.1; done");

      deliver(board, closure, closure, patience, delivery -> holdsAll(board, closure));

      progress.awaitWarning("what an earlier run had left behind");
      assertThat(board.run("systemctl is-active dead alive").output())
          .isEqualTo("inactive\nactive\n");
    }
  }

  @Test
  void aLinkOverWhichNothingIsTakenIsGivenUpInTheEnd() throws Exception {
    var closure = new SyntheticClosure(8, 1, 1000);
    var patience =
        new StallWatch.Patience(
            Duration.ofMillis(300), Duration.ofSeconds(1), Duration.ofSeconds(2));
    try (TestBoard board = bed.startBoard("held-lock")) {
      BoardFixture.lock(
          board, "other", closure.root().path() + ".lock", "OTHERS=1", "exec sleep infinity");

      assertThatExceptionOfType(BoardFailure.class)
          .isThrownBy(() -> deliver(board, closure, closure, patience, delivery -> {}))
          .satisfies(e -> assertThat(e.explained()).contains("Nothing was activated"));

      progress.awaitWarning("has taken nothing for 2 s");
      assertThat(board.run("systemctl is-active other").output()).isEqualTo("active\n");
    }
  }

  // 16 Mbit/s: two seconds of a link that is lost after one
  @Test
  void aLinkThatStaysDownLeavesTheBoardAsItWasAndTheNextRunSendsOnlyWhatIsLeft()
      throws IOException {
    var closure = new SyntheticClosure(5, 20, 200_000);
    try (TestBoard board = bed.startBoard("severed", BoardOptions.PLAIN.slowLink(10, 16))) {
      StorePath factory = board.currentSystem();
      var cutting = new CutAfter(board, 8, progress);
      try (var connector = new Connector(Login.of(board.key()));
          Connection connection = connector.open(board.address(), CONNECT);
          var delivery =
              new Delivery(connector, connection, deployment(board, closure), closure, cutting)) {
        List<PathInfo> missing = delivery.missing();
        assertThatExceptionOfType(BoardFailure.class)
            .isThrownBy(() -> delivery.bring(missing))
            .satisfies(
                e -> {
                  assertThat(e.outcome()).isEqualTo(Outcome.DEFERRED);
                  assertThat(e.explained())
                      .contains("lost during the transfer")
                      .contains("Nothing was activated");
                });
      }
      assertThat(board.currentSystem()).isEqualTo(factory);
      int arrived = cutting.arrived();
      board.linkUp();

      long second = deliver(board, closure, closure, delivery -> holdsAll(board, closure));

      long one = closure.root().narSize();
      assertThat(arrived).isBetween(8, 19);
      assertThat(second).isPositive().isLessThan((closure.infos().size() - arrived + 1) * one);
    }
  }

  /** Takes the link down once so many paths have arrived. */
  private record CutAfter(TestBoard board, int paths, BoardFixture to)
      implements io.github.flakeferry.support.progress.Progress {
    @Override
    public void report(ProgressEvent event) {
      if (event instanceof ProgressEvent.TransferAdvanced advanced
          && advanced.done() == paths
          && arrived() < paths) {
        cut(board);
      }
      to.report(event);
    }

    int arrived() {
      return to.events().stream()
          .mapToInt(e -> e instanceof ProgressEvent.TransferAdvanced a ? a.done() : 0)
          .max()
          .orElse(0);
    }
  }

  @Test
  void aLargePathIsToldOfWhileItGoes() throws IOException {
    var closure = new SyntheticClosure(6, 1, 4_000_000);
    try (TestBoard board = bed.startBoard("large", BoardOptions.PLAIN.slowLink(5, 30))) {
      deliver(board, closure, closure, delivery -> holdsAll(board, closure));

      assertThat(progress.events())
          .filteredOn(ProgressEvent.TransferAdvanced.class::isInstance)
          .map(ProgressEvent.TransferAdvanced.class::cast)
          .filteredOn(a -> a.done() == 0 && a.bytes() > 0 && a.bytes() < a.expectedBytes())
          .hasSizeGreaterThan(1);
    }
  }

  @Test
  void neitherEndHoldsALargePathInItsMemory() throws Exception {
    try (TestBoard board = bed.startBoard("flat")) {
      Process sender =
          new ProcessBuilder(
                  ProcessHandle.current().info().command().orElseThrow(),
                  "-Xmx48m",
                  "-cp",
                  System.getProperty("java.class.path"),
                  SmallHeapTransfer.class.getName(),
                  board.address().host(),
                  board.address().hostKeys().getFirst().toString(),
                  board.keyFile().toString())
              .redirectErrorStream(true)
              .start();
      try (var said =
              new BufferedReader(
                  new InputStreamReader(sender.getInputStream(), StandardCharsets.UTF_8));
          var go = sender.getOutputStream()) {
        List<String> lines = new ArrayList<>();
        for (String line = said.readLine(); line != null; line = said.readLine()) {
          lines.add(line);
          if (line.equals(SmallHeapTransfer.SENT)) {
            break;
          }
        }
        assertThat(lines).contains(SmallHeapTransfer.SENT);
        String peak =
            board
                .run("awk '/^VmHWM/ { print $2 }' /proc/$(pgrep -f 'nix-store --serve')/status")
                .orThrow()
                .output()
                .strip();

        assertThat(Long.parseLong(peak)).isPositive().isLessThan(100_000);
        go.write('\n');
      } finally {
        sender.destroy();
      }
      assertThat(sender.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void aThinLinkBehindAJumpHostIsNotTakenForADeadOne() throws IOException {
    var closure = new SyntheticClosure(31, 1, 3_000_000);
    try (TestBoard board = bed.startBoard("behind-thin")) {
      // what is on its way to the board waits at the jump host, here the same machine
      board
          .run(
              """
              ip link set lo mtu 1500
              tc qdisc add dev lo root tbf rate 1mbit burst 16kb latency 2s
              """)
          .orThrow();
      var inside =
          new BoardAddress(
              "127.0.0.1", 22, "root", List.of(board.address()), board.address().hostKeys());
      Deployment deployment = BoardFixture.bringing(inside, closure.root().path(), closure.infos());
      try (var connector = new Connector(Login.of(board.key()));
          Connection connection = connector.open(inside, CONNECT);
          var delivery = new Delivery(connector, connection, deployment, closure, progress)) {
        delivery.bring(delivery.missing());

        assertThat(delivery.sentBytes()).isEqualTo(closure.narBytes());
        assertThat(delivery.connection()).isSameAs(connection);
        holdsAll(board, closure);
      }
    }
  }
}
