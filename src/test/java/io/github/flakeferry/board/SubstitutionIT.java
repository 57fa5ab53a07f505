package io.github.flakeferry.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.flakeferry.cache.BinaryCaches;
import io.github.flakeferry.cache.NarInfo;
import io.github.flakeferry.cache.Publisher;
import io.github.flakeferry.model.BoardAddress;
import io.github.flakeferry.model.Outcome;
import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.SigningKey;
import io.github.flakeferry.model.SystemPlatform;
import io.github.flakeferry.model.terms.TransferMode;
import io.github.flakeferry.support.progress.Progress;
import io.github.flakeferry.testbed.BoardOptions;
import io.github.flakeferry.testbed.HttpCache;
import io.github.flakeferry.testbed.TestBoard;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A real board fetches from a real HTTP cache, or can't. */
class SubstitutionIT extends BoardIT {
  private static final SigningKey KEY = SigningKey.generate("cache-1");

  /** Documentation's own network: nothing answers there, and nothing is refused. */
  private static final URI BLACK_HOLE = URI.create("http://192.0.2.1:8080");

  private final SyntheticClosure closure = new SyntheticClosure(21, 12, 100_000).signed(KEY);
  private TestBoard board;
  private HttpCache cache;

  @BeforeEach
  void start() throws IOException {
    board = bed.startBoard("fetching");
    cache = HttpCache.start(Files.createTempDirectory(bed.folder(), "cache"), board.hostAddress());
    board.setNix("trusted-public-keys = " + KEY.publicKey());
    new Publisher(BinaryCaches.open(cache.uri(), Optional.empty()), KEY, closure, Progress.SILENT)
        .publish(closure.infos());
  }

  @AfterEach
  void stop() throws IOException {
    cache.close();
    board.close();
  }

  private Deployment deployment(BoardAddress address, TransferMode mode, URI... caches) {
    Deployment any = TransferIT.deployment(board, closure);
    return new Deployment(
        any.board(),
        address,
        any.action(),
        new Wanted.Incoming(
            closure.root().path(),
            new SystemPlatform("x86_64-linux"),
            closure.infos(),
            List.of(),
            List.of(caches),
            List.of()),
        any.terms().transfer(mode),
        any.owner(),
        any.commit(),
        any.lease(),
        any.guards());
  }

  // returns what was sent over the connection
  private long deliver(Deployment deployment) throws IOException {
    try (var connector = new Connector(Login.of(board.key()));
        Connection connection = connector.open(deployment.address(), Duration.ofSeconds(20));
        var delivery = new Delivery(connector, connection, deployment, closure, progress)) {
      delivery.bring(delivery.missing());
      String has = board.run("nix-store --query --requisites " + closure.root().path()).output();
      assertThat(has.lines()).hasSize(closure.infos().size());
      board.run("nix-store --verify-path " + has.replace('\n', ' ')).orThrow();
      return delivery.sentBytes();
    }
  }

  private long narsFetched() {
    return cache.requests().stream()
        .filter(r -> r.method().equals("GET") && r.path().startsWith("/nar/") && r.status() == 200)
        .count();
  }

  private boolean hasNothing() throws IOException {
    return !board.run("nix-store --check-validity " + closure.root().path()).exit().succeeded();
  }

  @Test
  void whatTheCacheHasIsNotSent() throws IOException {
    assertThat(deliver(deployment(board.address(), TransferMode.SUBSTITUTE, cache.uri()))).isZero();
    assertThat(narsFetched()).isEqualTo(closure.infos().size());
  }

  @Test
  void whatTheCacheLacksIsSent() throws IOException {
    for (PathInfo info : closure.infos().subList(6, 12)) {
      Files.delete(cache.folder().resolve(NarInfo.fileName(info.path())));
    }

    long sent = deliver(deployment(board.address(), TransferMode.AUTO, cache.uri()));

    assertThat(sent).isEqualTo(closure.narBytes() / 2);
    assertThat(narsFetched()).isEqualTo(6);
  }

  @Test
  void aCacheThatDoesNotAnswerCostsSeconds() throws IOException {
    // as a router does that drops what it does not like: no answer at all
    board
        .run("ip route add 192.0.2.0/24 via " + board.hostAddress() + " 2>/dev/null; true")
        .orThrow();
    long began = System.nanoTime();

    long sent = deliver(deployment(board.address(), TransferMode.AUTO, BLACK_HOLE));

    assertThat(sent).isEqualTo(closure.narBytes());
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(25));
  }

  @Test
  void substitutionAloneNamesWhatNoCacheGave() throws IOException {
    PathInfo lacking = closure.infos().getLast();
    Files.delete(cache.folder().resolve(NarInfo.fileName(lacking.path())));

    assertThatExceptionOfType(BoardFailure.class)
        .isThrownBy(
            () -> deliver(deployment(board.address(), TransferMode.SUBSTITUTE, cache.uri())))
        .satisfies(
            e -> {
              assertThat(e.outcome()).isEqualTo(Outcome.FAILED);
              assertThat(e.explained())
                  .contains("got 1 of its paths from no cache: " + lacking.path());
            });
  }

  @Test
  void aPathThatIsCorruptInTheCacheIsNotTakenAndTheReasonIsNamed() throws IOException {
    corrupt(closure.infos().getFirst());

    assertThatExceptionOfType(BoardFailure.class)
        .isThrownBy(
            () -> deliver(deployment(board.address(), TransferMode.SUBSTITUTE, cache.uri())))
        .satisfies(
            e -> assertThat(e.explained()).contains("hash mismatch").contains("from no cache"));
    assertThat(hasNothing()).isTrue();

    // with another way, the same board gets the real content
    assertThat(deliver(deployment(board.address(), TransferMode.AUTO, cache.uri()))).isPositive();
  }

  /** The NAR of another path in its place, which is as long and well-formed. */
  private void corrupt(PathInfo info) throws IOException {
    NarInfo own = narInfo(info);
    NarInfo other = narInfo(closure.infos().get(1));
    Path file = cache.folder().resolve(NarInfo.fileName(info.path()));
    var lying =
        new NarInfo(
            own.info(), other.url(), other.compression(), other.fileHash(), other.fileSize());
    Files.writeString(file, lying.text());
  }

  private NarInfo narInfo(PathInfo info) throws IOException {
    return NarInfo.parse(
        Files.readString(
            cache.folder().resolve(NarInfo.fileName(info.path())), StandardCharsets.UTF_8));
  }

  @Test
  void aUserWhoIsNotTrustedFetchesFromACacheThatTheBoardAllows() throws IOException {
    board.setNix(
        "trusted-public-keys = " + KEY.publicKey(), "trusted-substituters = " + cache.uri());

    assertThat(deliver(deployment(board.deployUser(), TransferMode.SUBSTITUTE, cache.uri())))
        .isZero();
  }

  @Test
  void aUserWhoIsNotTrustedFetchesFromNoOtherCacheAndIsToldWhatToSet() throws IOException {
    assertThatExceptionOfType(BoardFailure.class)
        .isThrownBy(
            () -> deliver(deployment(board.deployUser(), TransferMode.SUBSTITUTE, cache.uri())))
        .satisfies(e -> assertThat(e.explained()).contains("trusted-substituters"));
    assertThat(narsFetched()).isZero();
  }

  @Test
  void whatNoTrustedKeySignedIsNotFetchedForAnybody() throws IOException {
    board.setNix("substituters = " + cache.uri());

    for (BoardAddress login : List.of(board.address(), board.deployUser())) {
      assertThatExceptionOfType(BoardFailure.class)
          .isThrownBy(() -> deliver(deployment(login, TransferMode.SUBSTITUTE, cache.uri())))
          .satisfies(
              e -> {
                assertThat(e.outcome()).isEqualTo(Outcome.REFUSED);
                assertThat(e.explained())
                    .contains("not signed by any of the keys")
                    .contains("nix.settings.trusted-public-keys");
              });
    }
    assertThat(hasNothing()).isTrue();
  }

  @Test
  void aLargePathOnAThinLinkIsFetchedToItsEnd() throws Exception {
    var large = new SyntheticClosure(22, 1, 4_000_000).signed(KEY);
    try (TestBoard thin = bed.startBoard("thin", BoardOptions.PLAIN.slowLink(5, 1));
        HttpCache there =
            HttpCache.start(Files.createTempDirectory(bed.folder(), "cache"), thin.hostAddress())) {
      thin.setNix("trusted-public-keys = " + KEY.publicKey());
      new Publisher(BinaryCaches.open(there.uri(), Optional.empty()), KEY, large, Progress.SILENT)
          .publish(large.infos());
      var patience =
          new FetchPatience.Terms(
              Duration.ofSeconds(12), Duration.ofSeconds(12), Duration.ofMinutes(10));
      var fetching = new ArrayList<PathInfo>();
      try (var connector = new Connector(Login.of(thin.key()));
          Connection connection = connector.open(thin.address(), Duration.ofSeconds(20))) {
        new Substitution(patience, 1, List.of(there.uri()))
            .run(connection, large.infos(), fetching::add);
      }

      assertThat(fetching).isEqualTo(large.infos());
      thin.run("nix-store --verify-path " + large.root().path()).orThrow();
    }
  }
}
