package io.github.flakeferry.board;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.support.nar.Nar;
import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.testbed.BoardOptions;
import io.github.flakeferry.testbed.DemoFlake;
import io.github.flakeferry.testbed.TestBoard;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Seconds and bytes on a long link: our transfer, {@code nix-copy-closure} and {@code nix copy}.
 * Run by {@code -Pbench}, alone on the machine; {@code src/bench/README.md} keeps a result.
 */
@Tag("benchmark")
class TransferBenchmarkIT extends BoardIT {
  private static final BoardOptions LINK = BoardOptions.PLAIN.slowLink(50, 20);
  private static final PrintStream OUT = System.out;

  /** What one way of copying needed for one closure. */
  private record Cost(double seconds, long up, long down) {}

  private interface Copier {
    void copy(TestBoard board, SyntheticClosure closure) throws IOException;
  }

  private enum Way {
    FLAKEFERRY,
    NIX_COPY_CLOSURE,
    NIX_COPY_SSH_NG
  }

  @Test
  void threeHundredSmallPathsAndThenNothingNew() throws IOException {
    var small = new SyntheticClosure(301, 300, 4096);
    addHere(small);
    List<Cost> fresh = new ArrayList<>();
    List<Cost> again = new ArrayList<>();
    for (Way way : Way.values()) {
      try (TestBoard board = bed.startBoard("bench", LINK)) {
        fresh.add(cost(board, way, small));
        again.add(cost(board, way, small));
      }
    }
    row("300 small paths, all new", fresh);
    row("300 small paths, nothing new", again);

    assertThat(fresh.get(0).seconds() * 15).isLessThanOrEqualTo(fresh.get(1).seconds());
    assertThat(fresh.get(0).seconds()).isLessThanOrEqualTo(fresh.get(2).seconds());
    assertThat(again.get(0).seconds()).isLessThanOrEqualTo(again.get(2).seconds());
  }

  @Test
  void oneLargePath() throws IOException {
    var large = new SyntheticClosure(302, 1, 100_000_000);
    addHere(large);
    List<Cost> fresh = new ArrayList<>();
    for (Way way : Way.values()) {
      try (TestBoard board = bed.startBoard("bench", LINK)) {
        fresh.add(cost(board, way, large));
      }
    }
    row("one path of 100 MB", fresh);

    // both fill the link; what is left is how evenly it runs
    assertThat(fresh.get(0).seconds()).isLessThanOrEqualTo(fresh.get(2).seconds() * 1.02);
  }

  // on a fast link it takes the board's own time alone; the handshake is over in both
  @Test
  void factsNeedTwoRoundTripsAfterTheHandshake() throws IOException {
    double slow;
    double fast;
    try (TestBoard far = bed.startBoard("far", BoardOptions.PLAIN.slowLink(250, 0));
        TestBoard near = bed.startBoard("near")) {
      facts(near); // loads classes
      fast = facts(near);
      slow = facts(far);
    }
    OUT.printf("facts after the handshake: %.2f round trips of 0.5 s%n", (slow - fast) / 0.5);

    assertThat((slow - fast) / 0.5).isLessThan(3);
  }

  private static double facts(TestBoard board) throws IOException {
    try (var connector = new Connector(Login.of(board.key()));
        Connection connection = connector.open(board.address(), Duration.ofSeconds(30))) {
      long began = System.nanoTime();
      assertThat(Facts.ask(connection, board.address()).current()).isPresent();
      return seconds(began);
    }
  }

  private static void row(String what, List<Cost> costs) {
    var line = new StringBuilder("| ").append(what);
    for (Cost cost : costs) {
      line.append(
          " | %.1f s, %,d KB up, %,d KB down"
              .formatted(cost.seconds(), cost.up() / 1000, cost.down() / 1000));
    }
    OUT.println(line.append(" |"));
  }

  private Cost cost(TestBoard board, Way way, SyntheticClosure closure) throws IOException {
    long[] before = traffic(board);
    long began = System.nanoTime();
    copier(way).copy(board, closure);
    double seconds = seconds(began);
    long[] after = traffic(board);
    board.run("nix-store --check-validity " + closure.root().path()).orThrow();
    return new Cost(seconds, after[0] - before[0], after[1] - before[1]);
  }

  private static double seconds(long since) {
    return Duration.ofNanos(System.nanoTime() - since).toMillis() / 1000.0;
  }

  private static long[] traffic(TestBoard board) throws IOException {
    String[] fields =
        board
            .run("awk '$1 == \"eth0:\" { print $2, $10 }' /proc/net/dev")
            .orThrow()
            .output()
            .strip()
            .split(" ");
    return new long[] {Long.parseLong(fields[0]), Long.parseLong(fields[1])};
  }

  private Copier copier(Way way) {
    return switch (way) {
      case FLAKEFERRY -> this::byUs;
      case NIX_COPY_CLOSURE ->
          (board, closure) -> program(board, closure, "nix-copy-closure", "--to", login(board));
      case NIX_COPY_SSH_NG ->
          (board, closure) ->
              program(
                  board,
                  closure,
                  "nix",
                  "copy",
                  "--no-check-sigs",
                  "--to",
                  "ssh-ng://" + login(board));
    };
  }

  private static String login(TestBoard board) {
    return "root@" + board.address().host();
  }

  // with the handshake, as for the others
  private void byUs(TestBoard board, SyntheticClosure closure) throws IOException {
    try (var connector = new Connector(Login.of(board.key()));
        Connection connection = connector.open(board.address(), Duration.ofSeconds(20));
        var delivery =
            new Delivery(
                connector,
                connection,
                TransferIT.deployment(board, closure),
                (path, to) -> Nar.write(path.path(), to),
                progress)) {
      delivery.bring(delivery.missing());
    }
  }

  private static void program(TestBoard board, SyntheticClosure closure, String... words)
      throws IOException {
    Path known = Files.createTempFile(bed.folder(), "known", "");
    Files.writeString(
        known, board.address().host() + " " + board.address().hostKeys().getFirst() + "\n");
    Command.of(words)
        .and(closure.root().path().toString())
        .with("NIX_CONFIG", DemoFlake.NIX_CONFIG)
        .with(
            "NIX_SSHOPTS",
            "-F none -i %s -o UserKnownHostsFile=%s".formatted(board.keyFile(), known))
        .within(Duration.ofMinutes(10))
        .run()
        .orThrow();
  }

  /** Puts it into this machine's store, in the way in which it goes into a board's. */
  private static void addHere(SyntheticClosure closure) throws IOException {
    Process store = new ProcessBuilder("nix-store", "--serve", "--write").start();
    try (OutputStream out = new BufferedOutputStream(store.getOutputStream())) {
      var protocol = new ServeProtocol(store.getInputStream(), out);
      protocol.greet();
      for (PathInfo info : closure.infos()) {
        StorePath path = info.path();
        protocol.announce(info);
        closure.writeNar(path, out);
        out.flush();
        protocol.awaitAdded();
      }
    } finally {
      store.destroy();
    }
  }
}
