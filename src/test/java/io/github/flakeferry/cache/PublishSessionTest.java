package io.github.flakeferry.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.model.CacheFormat;
import io.github.flakeferry.model.ContentSource;
import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.SigningKey;
import io.github.flakeferry.support.http.Patience;
import io.github.flakeferry.support.progress.ProgressEvent;
import io.github.flakeferry.testbed.FaultyProxy;
import io.github.flakeferry.testbed.HttpCache;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PublishSessionTest {
  private static final SigningKey KEY = SigningKey.generate("cache-1");
  private static final SigningKey UPSTREAM = SigningKey.generate("upstream-1");
  private static final PublishTerms TERMS =
      new PublishTerms(Optional.of(KEY), List.of(UPSTREAM.publicKey()), CacheFormat.DEFAULT);

  private static final Retries RETRIES = new Retries(2, Duration.ofMillis(5));

  @TempDir private Path temporary;
  private final List<String> troubles = Collections.synchronizedList(new ArrayList<>());
  private final List<ProgressEvent.PublishAdvanced> events =
      Collections.synchronizedList(new ArrayList<>());
  private Built built;
  private HttpCache server;
  private BinaryCache cache;

  @BeforeEach
  void start() throws IOException {
    built = new Built(Files.createDirectory(temporary.resolve("files")));
    server = HttpCache.start(temporary.resolve("cache"));
    cache = BinaryCaches.open(server.uri(), Optional.empty(), RETRIES);
  }

  @AfterEach
  void stop() {
    cache.close();
    server.close();
  }

  private PublishSession open(ContentSource contents) {
    return open(cache, contents);
  }

  private PublishSession open(BinaryCache to, ContentSource contents) {
    return PublishSession.open(
        to,
        TERMS,
        contents,
        this::hear,
        (failure, givenUp) -> troubles.add((givenUp ? "given up: " : "") + failure.problem()));
  }

  private void hear(ProgressEvent event) {
    if (event instanceof ProgressEvent.PublishAdvanced advanced) {
      events.add(advanced);
    }
  }

  /** Before the server, and out of order for a while where a path's narinfo is written. */
  private FaultyProxy shaky(PathInfo path, int times) throws IOException {
    var faults = new AtomicInteger(times);
    return FaultyProxy.before(
        server.uri(),
        (method, target) ->
            method.equals("PUT")
                    && target.equals("/" + NarInfo.fileName(path.path()))
                    && faults.getAndDecrement() > 0
                ? Optional.of(new FaultyProxy.Fault.Answers(503, Map.of(), ""))
                : Optional.empty());
  }

  private boolean isThere(PathInfo info) {
    return cache.has(NarInfo.fileName(info.path()));
  }

  private long puts() {
    return server.requests().stream().filter(r -> r.method().equals("PUT")).count();
  }

  @Test
  void whatIsOfferedLaterMayReferToWhatWasOfferedBefore() throws IOException {
    PathInfo compiler = built.path("compiler", "c".repeat(100_000));
    PathInfo program = built.path("program", "p", compiler.path());
    try (var session = open(built)) {
      session.offer(List.of(compiler));
      session.offer(List.of(program, compiler));
      PublishResult result = session.finish();
      assertThat(result.uploaded()).isEqualTo(2);
      assertThat(result.failure()).isEmpty();
      session.offer(List.of(program)); // nothing new
      assertThat(session.finish()).isEqualTo(result);
    }
    assertThat(server.requests().stream().map(HttpCache.Request::path))
        .containsSubsequence(
            "/" + NarInfo.fileName(compiler.path()), "/" + NarInfo.fileName(program.path()));
  }

  @Test
  void whatOthersMakeOfThePlaceWhileItIsFoundOutWhatToOfferStays() throws IOException {
    String theirs = "StoreDir: /nix/store\nPriority: 10\n";
    try (var session = open(built)) {
      session.expect();
      while (server.requests().isEmpty()) { // the answer is that there is none
        Thread.onSpinWait();
      }
      cache.write(CacheInfo.NAME, theirs);
      session.offer(List.of(built.path("path", "path")));
      assertThat(session.finish().uploaded()).isEqualTo(1);
    }
    assertThat(cache.read(CacheInfo.NAME)).contains(theirs);
    assertThat(server.requests().getFirst())
        .isEqualTo(new HttpCache.Request("GET", "/" + CacheInfo.NAME, 404));
  }

  @Test
  void nothingIsAskedBeforeSomethingIsOffered() {
    try (var session = open(built)) {
      assertThat(session.finish()).isEqualTo(new PublishResult(0, 0, 0, 0, 0, 0, Optional.empty()));
    }
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void whatUpstreamHasSignedStaysAwayAndWhatRefersToItDoesNot() throws IOException {
    PathInfo glibc = built.path("glibc", "glibc").signedBy(UPSTREAM);
    PathInfo forged = built.path("forged", "forged");
    forged =
        new PathInfo(
            forged.path(),
            forged.narHash(),
            forged.narSize(),
            forged.references(),
            forged.deriver(),
            forged.contentAddress(),
            glibc.signatures());
    PathInfo program = built.path("program", "program", glibc.path(), forged.path());
    try (var session = open(built)) {
      session.offer(List.of(program, forged, glibc));
      PublishResult result = session.finish();
      assertThat(result.upstream()).isEqualTo(1);
      assertThat(result.uploaded()).isEqualTo(2);
    }
    assertThat(isThere(glibc)).isFalse();
    assertThat(isThere(program)).isTrue();
  }

  @Test
  void aPathThatFailsKeepsOnlyThoseAwayThatReferToIt() throws IOException {
    PathInfo bad = built.path("bad", "bad");
    PathInfo worse = built.path("worse", "worse", bad.path());
    PathInfo worst = built.path("worst", "worst", worse.path());
    PathInfo good = built.path("good", "good");
    built.damage(bad.path());
    try (var session = open(built)) {
      session.offer(List.of(worst, worse, bad, good));
      PublishResult result = session.finish();
      assertThat(result.uploaded()).isEqualTo(1);
      assertThat(result.left()).isEqualTo(3);
      assertThat(result.failure()).map(PublishFailed::subject).contains(bad.path().toString());
    }
    assertThat(isThere(good)).isTrue();
    assertThat(isThere(worst)).isFalse();
    assertThat(troubles).singleElement().asString().startsWith(bad.path().toString());
  }

  @Test
  void aCacheThatRefusesForGoodIsGivenUpAndToldOnce() throws IOException {
    server.refuseWrites(507);
    var all = new ArrayList<PathInfo>();
    for (int i = 0; i < 100; i++) {
      all.add(built.path("p" + i, "content " + i));
    }
    try (var session = open(built)) {
      session.offer(all.subList(0, 50));
      PublishResult result = session.finish();
      long tried = puts();
      session.offer(all.subList(50, 100));
      assertThat(session.finish().left()).isEqualTo(100);
      assertThat(puts()).isEqualTo(tried);
      assertThat(result.failure())
          .map(PublishFailed::advice)
          .hasValueSatisfying(advice -> assertThat(advice).contains("full"));
    }
    assertThat(troubles).singleElement().asString().startsWith("given up:").contains("507");
  }

  /** Before the server, which is away as long as this says. */
  private FaultyProxy away(BooleanSupplier isAway) throws IOException {
    return FaultyProxy.before(
        server.uri(),
        (_, _) ->
            isAway.getAsBoolean()
                ? Optional.of(new FaultyProxy.Fault.Answers(503, Map.of(), ""))
                : Optional.empty());
  }

  private PublishSession open(BinaryCache to, LongSupplier nanos, Patience.Sleeper sleeper) {
    return PublishSession.open(
        to,
        TERMS,
        built,
        this::hear,
        (failure, givenUp) -> troubles.add(failure.problem()),
        nanos,
        sleeper);
  }

  @Test
  void aCacheThatIsDownIsAskedOnceMoreInTheEndAndThenGivenUp() throws IOException {
    server.close();
    try (var session = open(built)) {
      session.offer(List.of(built.path("a", "a"), built.path("b", "b")));
      assertThat(session.finish().left()).isEqualTo(2);
      assertThat(session.finish().left()).isEqualTo(2);
    }
    assertThat(troubles).singleElement().asString().startsWith("given up:");
  }

  @Test
  void aCacheThatIsThereAgainInTheEndGetsAll() throws IOException {
    var requests = new AtomicInteger();
    try (var proxy = away(() -> requests.getAndIncrement() < RETRIES.attempts());
        var restarted = BinaryCaches.open(proxy.uri(), Optional.empty(), RETRIES);
        var session = open(restarted, built)) {
      session.offer(List.of(built.path("a", "a"), built.path("b", "b")));
      PublishResult result = session.finish();
      assertThat(result.uploaded()).isEqualTo(2);
      assertThat(result.left()).isZero();
    }
    assertThat(troubles).isEmpty();
  }

  @Test
  void aCacheThatIsThereAgainGetsWhatItWasOfferedBeforeAtOnce() throws Exception {
    var requests = new AtomicInteger();
    var clock = new AtomicLong();
    PathInfo early = built.path("early", "early");
    PathInfo late = built.path("late", "late", early.path());
    try (var proxy = away(() -> requests.getAndIncrement() < RETRIES.attempts());
        var restarted = BinaryCaches.open(proxy.uri(), Optional.empty(), RETRIES);
        var session = open(restarted, clock::get, _ -> {})) {
      session.offer(List.of(early));
      while (!session.hasPostponed()) {
        Thread.onSpinWait();
      }
      clock.addAndGet(Door.REST.toNanos());
      session.offer(List.of(late));
      while (!isThere(late)) {
        Thread.onSpinWait();
      }
      assertThat(isThere(early)).isTrue();
      assertThat(session.finish().uploaded()).isEqualTo(2);
    }
  }

  @Test
  void aCacheThatGoesAwayIsWaitedForInTheEnd() throws IOException {
    var clock = new AtomicLong();
    var isAway = new AtomicBoolean();
    try (var proxy = away(isAway::get);
        var restarted = BinaryCaches.open(proxy.uri(), Optional.empty(), RETRIES);
        var session =
            open(
                restarted,
                () -> clock.addAndGet(Breaker.OUTAGE.toNanos()),
                pause -> isAway.set(false))) {
      session.offer(List.of(built.path("first", "first")));
      session.finish();
      isAway.set(true);
      var all = new ArrayList<PathInfo>();
      for (int i = 0; i < 50; i++) {
        all.add(built.path("p" + i, "content " + i));
      }
      session.offer(all);
      PublishResult result = session.finish();
      assertThat(result.uploaded()).isEqualTo(51);
      assertThat(result.failure()).isEmpty();
    }
    assertThat(troubles).isEmpty();
  }

  @Test
  void aCacheThatFailsAgainAndAgainIsGivenUpAndTriedNoMore() throws IOException {
    cache.write(CacheInfo.NAME, "StoreDir: /nix/store\n");
    server.refuseWrites(503);
    var all = new ArrayList<PathInfo>();
    for (int i = 0; i < 100; i++) {
      all.add(built.path("p" + i, "content " + i));
    }
    try (var session = open(built)) {
      session.offer(all);
      PublishResult result = session.finish();
      assertThat(result.left()).isEqualTo(100);
      assertThat(result.failure()).isPresent();
      long tried = puts();
      assertThat(session.finish()).isEqualTo(result);
      assertThat(puts()).isEqualTo(tried);
    }
    assertThat(troubles).hasSizeLessThanOrEqualTo(Breaker.IN_A_ROW);
    assertThat(troubles.getLast()).startsWith("given up:").contains("503");
  }

  @Test
  void whatFailsForAReasonThatPassesIsTriedAgainWhenAllElseIsDone() throws IOException {
    PathInfo compiler = built.path("compiler", "compiler");
    PathInfo program = built.path("program", "program", compiler.path());
    PathInfo system = built.path("system", "system", program.path());
    PathInfo other = built.path("other", "other");
    try (var proxy = shaky(compiler, RETRIES.attempts());
        var recovering = BinaryCaches.open(proxy.uri(), Optional.empty(), RETRIES);
        var session = open(recovering, built)) {
      session.offer(List.of(compiler, program, system, other));
      PublishResult result = session.finish();
      assertThat(result.uploaded()).isEqualTo(4);
      assertThat(result.left()).isZero();
      assertThat(result.failure()).isEmpty();
      assertThat(result.narBytes()).isEqualTo(size(compiler, program, system, other));
      assertThat(session.finish()).isEqualTo(result);
    }
    assertThat(troubles).isEmpty();
    assertThat(events.getLast().done()).isEqualTo(4);
    assertThat(events.getLast().expected()).isEqualTo(4);
    assertThat(server.requests().stream().filter(r -> r.method().equals("PUT")))
        .extracting(HttpCache.Request::path)
        .containsSubsequence(
            Stream.of(other, compiler, program, system)
                .map(info -> "/" + NarInfo.fileName(info.path()))
                .toList());
  }

  private static long size(PathInfo... all) {
    return Stream.of(all).mapToLong(PathInfo::narSize).sum();
  }

  @Test
  void aFullDiskMayHaveRoomAgainInTheEnd() throws IOException {
    var full = new AtomicBoolean(true);
    ContentSource contents =
        (path, to) -> {
          if (full.getAndSet(false)) {
            throw new IOException("No space left on device");
          }
          built.writeNar(path, to);
        };
    try (var session = open(contents)) {
      session.offer(List.of(built.path("a", "a"), built.path("b", "b")));
      assertThat(session.finish().uploaded()).isEqualTo(2);
    }
    assertThat(troubles).isEmpty();
  }

  @Test
  void whatFailsTheSecondTimeAsWellIsToldOnce() throws IOException {
    PathInfo compiler = built.path("compiler", "compiler");
    PathInfo program = built.path("program", "program", compiler.path());
    PathInfo other = built.path("other", "other");
    try (var proxy = shaky(compiler, 2 * RETRIES.attempts());
        var recovering = BinaryCaches.open(proxy.uri(), Optional.empty(), RETRIES);
        var session = open(recovering, built)) {
      session.offer(List.of(compiler, program, other));
      PublishResult result = session.finish();
      assertThat(result.uploaded()).isEqualTo(1);
      assertThat(result.left()).isEqualTo(2);
      assertThat(result.failure()).hasValueSatisfying(f -> assertThat(f.status()).hasValue(503));
      assertThat(session.finish()).as("though it would be taken now").isEqualTo(result);
    }
    assertThat(troubles).singleElement().asString().contains("503");
    assertThat(events.getLast().done()).isEqualTo(1);
    assertThat(events.getLast().expected()).isEqualTo(1);
  }

  @Test
  void theSecondTryIsBrokenOffAsTheFirst() throws Exception {
    PathInfo path = built.path("path", "path");
    var tries = new AtomicInteger();
    var again = new CountDownLatch(1);
    try (var proxy =
            FaultyProxy.before(
                server.uri(),
                (_, target) -> {
                  if (!target.equals("/" + NarInfo.fileName(path.path()))) {
                    return Optional.empty();
                  }
                  if (tries.incrementAndGet() <= RETRIES.attempts()) {
                    return Optional.of(new FaultyProxy.Fault.Answers(503, Map.of(), ""));
                  }
                  again.countDown();
                  return Optional.of(new FaultyProxy.Fault.Stalls());
                });
        var stuck = BinaryCaches.open(proxy.uri(), Optional.empty(), RETRIES);
        var session = open(stuck, built)) {
      session.offer(List.of(path));
      var end = new FutureTask<>(session::finish);
      Thread.ofPlatform().start(end);
      again.await();
      PublishResult result = session.cancel(Duration.ZERO);
      assertThat(result.left()).isEqualTo(1);
      assertThat(result.failure()).isEmpty();
      assertThat(end.get()).isEqualTo(result);
    }
    assertThat(troubles).isEmpty();
  }

  @Test
  void halfANarIsNoneAndIsUploadedAgain() throws IOException {
    PathInfo path = built.path("path", "content");
    try (var session = open(built)) {
      session.offer(List.of(path));
      session.finish();
    }
    NarInfo narInfo = NarInfo.parse(cache.read(NarInfo.fileName(path.path())).orElseThrow());
    Path nar = server.folder().resolve(narInfo.url());
    byte[] whole = Files.readAllBytes(nar);
    Files.write(nar, java.util.Arrays.copyOf(whole, whole.length / 2));
    Files.delete(server.folder().resolve(NarInfo.fileName(path.path())));
    try (var session = open(built)) {
      session.offer(List.of(path));
      assertThat(session.finish().uploaded()).isEqualTo(1);
    }
    assertThat(nar).hasBinaryContent(whole);
  }

  @Test
  void whoIsSoonerIsNeverOverwritten() throws IOException {
    PathInfo ours = built.path("path", "ours");
    PathInfo theirs = new Built(temporary).path("path", "theirs");
    String name = NarInfo.fileName(ours.path());
    ContentSource contents =
        (path, to) -> {
          // another publisher, while this one is at it
          cache.write(name, new NarInfo(theirs, "nar/x", "none", theirs.narHash(), 1).text());
          built.writeNar(path, to);
        };
    try (var session = open(contents)) {
      session.offer(List.of(ours));
      assertThat(session.finish().failure())
          .map(PublishFailed::problem)
          .hasValueSatisfying(told -> assertThat(told).contains("another content"));
    }
    assertThat(cache.read(name))
        .hasValueSatisfying(text -> assertThat(text).contains(theirs.narHash().toString()));
  }

  @Test
  void twoAtOnceDoNoHarm() throws IOException {
    var closure = new ArrayList<PathInfo>();
    closure.add(built.path("p0", "content"));
    for (int i = 1; i <= 100; i++) {
      closure.add(
          built.path("p" + i, "content " + i, closure.getLast().path(), closure.get(i / 2).path()));
    }
    try (var one = open(built);
        var other = open(built)) {
      one.offer(closure);
      other.offer(closure.reversed());
      PublishResult first = one.finish();
      PublishResult second = other.finish();
      assertThat(first.uploaded() + first.present()).isEqualTo(101);
      assertThat(second.uploaded() + second.present()).isEqualTo(101);
      assertThat(first.uploaded() + second.uploaded()).isGreaterThanOrEqualTo(101);
    }
    assertThat(troubles).isEmpty();
    for (PathInfo path : closure) {
      NarInfo narInfo = NarInfo.parse(cache.read(NarInfo.fileName(path.path())).orElseThrow());
      assertThat(narInfo.info()).isEqualTo(path.signedBy(KEY));
      assertThat(cache.has(narInfo.url(), narInfo.fileSize())).isTrue();
    }
  }

  @Test
  void whatIsUnderWayMayEndAndNothingMoreBegins() throws Exception {
    PathInfo large = built.path("large", "l".repeat(1000));
    var rest = new ArrayList<PathInfo>();
    for (int i = 0; i < 40; i++) {
      rest.add(built.path("small" + i, "content " + i));
    }
    var writing = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    ContentSource contents =
        (path, to) -> {
          writing.countDown();
          await(goOn);
          built.writeNar(path, to);
        };
    try (var session = open(contents)) {
      session.offer(List.of(large));
      writing.await();
      session.offer(rest);
      var end = new FutureTask<>(() -> session.cancel(Duration.ofMinutes(1)));
      Thread canceller = Thread.ofPlatform().start(end);
      while (canceller.getState() != Thread.State.TIMED_WAITING) {
        Thread.onSpinWait();
      }
      goOn.countDown();
      PublishResult result = end.get();
      // what each processor had begun with
      assertThat(result.uploaded()).isBetween(1, Runtime.getRuntime().availableProcessors());
      assertThat(result.uploaded() + result.left()).isEqualTo(41);
      assertThat(result.failure()).isEmpty();
    }
    assertThat(isThere(large)).isTrue();
    assertThat(troubles).isEmpty();
  }

  @Test
  void whatTakesTooLongIsBrokenOff() throws Exception {
    PathInfo path = built.path("path", "path");
    var writing = new CountDownLatch(1);
    ContentSource contents =
        (source, to) -> {
          writing.countDown();
          await(new CountDownLatch(1));
        };
    try (var session = open(contents)) {
      session.offer(List.of(path));
      writing.await();
      PublishResult result = session.cancel(Duration.ZERO);
      assertThat(result.left()).isEqualTo(1);
      assertThat(result.failure()).isEmpty();
    }
    assertThat(isThere(path)).isFalse();
    assertThat(troubles).isEmpty();
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new InterruptedIOException();
    }
  }
}
