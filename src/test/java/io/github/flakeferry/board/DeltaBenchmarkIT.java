package io.github.flakeferry.board;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.board.delta.Encodings;
import io.github.flakeferry.board.delta.OldPath;
import io.github.flakeferry.model.OldContents;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.model.terms.TransferMode;
import io.github.flakeferry.support.nar.Nar;
import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.support.process.SearchPath;
import io.github.flakeferry.testbed.BoardOptions;
import io.github.flakeferry.testbed.TestBoard;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Seconds and bytes to bring a board from one generation of a system to the next: ours, {@code nix
 * copy} and rsync. The systems are made of Debian's packages. Run by {@code -Pbench}, alone on the
 * machine; {@code src/bench/README.md} keeps a result.
 */
@Tag("benchmark")
class DeltaBenchmarkIT extends BoardIT {
  private static final PrintStream OUT = System.out;
  private static final int DELAY_MILLIS = 50;
  private static final long ROOM = 512L << 20;

  /** Where one would wait longer, the seconds are computed from the bytes. */
  private static final double LONGEST_SECONDS = 200;

  private enum Way {
    FLAKEFERRY("Flakeferry"),
    SSH_NG("`nix copy`, ssh-ng"),
    SSH_NG_COMPRESSED("the same with `?compress=true`"),
    RSYNC("`rsync --compress --copy-dest`");

    private final String words;

    Way(String words) {
      this.words = words;
    }
  }

  /** A cable of so many Mbit/s and 100 ms there and back; 0: as fast as the machine. */
  private enum Link {
    TWENTY(20),
    HUNDRED(100),
    LOCAL(0),
    TWO(2);

    private final int megabits;

    Link(int megabits) {
      this.megabits = megabits;
    }

    BoardOptions board() {
      return megabits == 0
          ? BoardOptions.PLAIN
          : BoardOptions.PLAIN.slowLink(DELAY_MILLIS, megabits);
    }

    double seconds(long bytes) {
      return bytes * 8 / (megabits * 1e6);
    }

    @Override
    public String toString() {
      return megabits == 0 ? "no limit" : megabits + " Mbit/s";
    }
  }

  /** What was measured. */
  private record Costs(Map<Way, Map<Link, CopyCost>> all) {
    CopyCost of(Way way, Link link) {
      return Objects.requireNonNull(Objects.requireNonNull(all.get(way)).get(link));
    }
  }

  private static DebianSystems debian;

  @BeforeAll
  static void downloadPackages() throws IOException {
    debian = DebianSystems.download(Files.createDirectory(bed.folder().resolve("debian")));
  }

  @AfterAll
  static void forgetSystems() throws IOException {
    debian.close();
  }

  private static TestBoard boardWith(DebianClosure has, Link link) throws IOException {
    TestBoard board = bed.startBoard("bench", link.board());
    try (var requests = Files.newInputStream(has.requests())) {
      board
          .pipe(requests, OutputStream.nullOutputStream(), "nix-store", "--serve", "--write")
          .orThrow();
    }
    return board;
  }

  private CopyCost cost(Way way, DebianClosure from, DebianClosure to, Link link)
      throws IOException {
    StorePath root = to.root().path();
    try (TestBoard board = boardWith(from, link)) {
      var others = new OtherTools(board, bed.folder());
      if (way == Way.RSYNC) {
        others.prepareRsync(from);
      }
      CopyCost cost =
          CopyCost.of(
              board,
              switch (way) {
                case FLAKEFERRY -> () -> byUs(board, from, to, TransferMode.AUTO);
                case SSH_NG -> () -> others.nixCopy(root, "");
                case SSH_NG_COMPRESSED -> () -> others.nixCopy(root, "?compress=true");
                case RSYNC -> () -> others.rsync(to);
              });
      if (way != Way.RSYNC) {
        board
            .run("nix-store --verify-path $(nix-store --query --requisites " + root + ")")
            .orThrow();
      }
      return cost;
    }
  }

  // with the handshake, as for the others
  private void byUs(TestBoard board, DebianClosure from, DebianClosure to, TransferMode mode)
      throws IOException {
    Deployment deployment = deployment(board, to, mode);
    List<OldPath> old =
        from.infos().stream().map(info -> new OldPath(info.path(), info.narSize())).toList();
    try (var connector = new Connector(Login.of(board.key()));
        Connection connection = connector.open(board.address(), Duration.ofSeconds(20));
        var encodings =
            new Encodings(
                DeltaBenchmarkIT::read,
                OldContents.in(from),
                ServeProtocol::announce,
                SearchPath.OURS);
        var delivery =
            new Delivery(connector, connection, deployment, DeltaBenchmarkIT::read, progress)) {
      delivery.bring(
          delivery.missing(),
          new Differences(deployment, old, ROOM, encodings, DeltaBenchmarkIT::read, progress));
    }
  }

  private static void read(StorePath path, OutputStream to) throws IOException {
    Nar.write(path.path(), to);
  }

  private static Deployment deployment(TestBoard board, DebianClosure closure, TransferMode mode) {
    Deployment any = BoardFixture.bringing(board.address(), closure.root().path(), closure.infos());
    return any.terms(any.terms().transfer(mode));
  }

  /** Measures all of these ways on all links, and prints a table. */
  private Costs table(
      String what, DebianClosure from, DebianClosure to, List<Way> ways, List<Link> links)
      throws IOException {
    OUT.printf("%n%s: %d paths, %.1f MB of NARs%n", what, to.infos().size(), to.narBytes() / 1e6);
    var costs = new Costs(new EnumMap<>(Way.class));
    for (Way way : ways) {
      var row = new StringBuilder("| ").append(way.words);
      Map<Link, CopyCost> measured = new EnumMap<>(Link.class);
      costs.all().put(way, measured);
      for (Link link : links) {
        double expected = link == Link.TWO ? link.seconds(costs.of(way, links.getFirst()).up()) : 0;
        if (expected > LONGEST_SECONDS) {
          row.append(" | %s: %.0f s (computed)".formatted(link, expected));
        } else {
          CopyCost cost = cost(way, from, to, link);
          measured.put(link, cost);
          row.append(
              " | %s: %.1f s, %,d KB up, %,d KB down"
                  .formatted(link, cost.seconds(), cost.up() / 1000, cost.down() / 1000));
        }
      }
      OUT.println(row.append(" |"));
    }
    return costs;
  }

  private static long compressed(DebianClosure closure, String... program) throws IOException {
    String words = String.join(" ", program);
    return Command.of("sh", "-c", "for f; do " + words + " -c \"$f\" | wc -c; done", "sh")
        .and(closure.narFiles().stream().map(Path::toString).toList())
        .run()
        .orThrow()
        .output()
        .lines()
        .mapToLong(Long::parseLong)
        .sum();
  }

  @Test
  void newVersionsOfSomeAndTheRestRehashed() throws IOException {
    DebianClosure from = debian.released("released");
    DebianClosure to = debian.here(debian.updated("updated"));
    long xz = compressed(to, "xz", "-6", "-T2");
    OUT.printf(
        "%d of them with another version; zstd -3: %.1f MB, xz -6: %.1f MB%n",
        debian.updates(), compressed(to, "zstd", "-3", "-q") / 1e6, xz / 1e6);

    var costs =
        table(
            "New versions of some packages, and the rest rehashed",
            from,
            to,
            List.of(Way.values()),
            List.of(Link.values()));

    CopyCost ours = costs.of(Way.FLAKEFERRY, Link.TWENTY);
    assertThat(ours.up() * 25).isLessThan(to.narBytes());
    assertThat(ours.up() * 6).isLessThan(xz);
    assertThat(ours.seconds() * 12).isLessThan(costs.of(Way.SSH_NG, Link.TWENTY).seconds());
    for (Link link : List.of(Link.HUNDRED, Link.LOCAL)) {
      assertThat(costs.of(Way.FLAKEFERRY, link).seconds())
          .isLessThan(costs.of(Way.SSH_NG, link).seconds() * 1.1);
    }
  }

  @Test
  void allOnlyRehashed() throws IOException {
    DebianClosure from = debian.released("before");
    DebianClosure to = debian.here(debian.released("rehashed"));

    var costs =
        table(
            "All only rehashed",
            from,
            to,
            List.of(Way.FLAKEFERRY, Way.RSYNC),
            List.of(Link.values()));

    assertThat(costs.of(Way.FLAKEFERRY, Link.TWENTY).up() * 1000).isLessThan(to.narBytes());
  }

  // its modules are compressed one by one
  @Test
  void aNewKernel() throws IOException {
    DebianClosure from = debian.releasedKernel();
    DebianClosure to = debian.here(debian.updatedKernel());

    var costs =
        table("A new kernel", from, to, List.of(Way.FLAKEFERRY, Way.SSH_NG), List.of(Link.TWENTY));

    assertThat(costs.of(Way.FLAKEFERRY, Link.TWENTY).up())
        .isLessThan(costs.of(Way.SSH_NG, Link.TWENTY).up());
  }

  @Test
  void memoryIsBounded() throws IOException {
    DebianClosure from = debian.released("small");
    DebianClosure to = debian.here(debian.updated("large"));
    try (TestBoard board = boardWith(from, Link.LOCAL);
        var memory = new PeakMemory()) {
      byUs(board, from, to, TransferMode.DELTA);

      OUT.printf(
          "peak memory: %.0f MB here, %.0f MB on the board%n",
          memory.here() / 1e6, memory.boards() / 1e6);
      assertThat(memory.here()).isLessThan(1_000_000_000);
      assertThat(memory.boards()).isPositive().isLessThan(ROOM);
    }
  }
}
