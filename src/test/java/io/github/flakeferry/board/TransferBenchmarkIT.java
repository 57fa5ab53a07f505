package io.github.flakeferry.board;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.support.nar.Nar;
import io.github.flakeferry.testbed.BoardOptions;
import io.github.flakeferry.testbed.TestBoard;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
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

  private enum Way {
    FLAKEFERRY,
    NIX_COPY_CLOSURE,
    NIX_COPY_SSH_NG
  }

  @Test
  void threeHundredSmallPathsAndThenNothingNew() throws IOException {
    var small = new SyntheticClosure(301, 300, 4096);
    addHere(small);
    List<CopyCost> fresh = new ArrayList<>();
    List<CopyCost> again = new ArrayList<>();
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
    List<CopyCost> fresh = new ArrayList<>();
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
      return CopyCost.seconds(began);
    }
  }

  private static void row(String what, List<CopyCost> costs) {
    var line = new StringBuilder("| ").append(what);
    for (CopyCost cost : costs) {
      line.append(
          " | %.1f s, %,d KB up, %,d KB down"
              .formatted(cost.seconds(), cost.up() / 1000, cost.down() / 1000));
    }
    OUT.println(line.append(" |"));
  }

  private CopyCost cost(TestBoard board, Way way, SyntheticClosure closure) throws IOException {
    var others = new OtherTools(board, bed.folder());
    StorePath root = closure.root().path();
    CopyCost cost =
        CopyCost.of(
            board,
            switch (way) {
              case FLAKEFERRY -> () -> byUs(board, closure);
              case NIX_COPY_CLOSURE -> () -> others.nixCopyClosure(root);
              case NIX_COPY_SSH_NG -> () -> others.nixCopy(root, "");
            });
    board.run("nix-store --check-validity " + root).orThrow();
    return cost;
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
