package io.github.flakeferry.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.SigningKey;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.support.progress.Progress;
import io.github.flakeferry.testbed.FaultyProxy;
import io.github.flakeferry.testbed.FaultyProxy.Fault;
import io.github.flakeferry.testbed.Nginx;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A network and a server that fail in every way, and a reader who looks on all the while. */
final class PublisherFaultsIT {
  private static final SigningKey KEY = SigningKey.generate("faults-1");
  private static final int PATHS = 40;
  private static final int MANY = 300;
  private static final Duration DELAY = Duration.ofMillis(50);
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  // one more than the faults that any file meets
  private static final Retries RETRIES = new Retries(4, Duration.ofMillis(5));

  private static final List<Fault> FAULTS =
      List.of(
          new Fault.Drops(),
          new Fault.Answers(500, Map.of(), "oops"),
          new Fault.LosesAnswer(),
          new Fault.Answers(503, Map.of("Retry-After", "1"), ""),
          new Fault.CutsShort(),
          new Fault.Answers(429, Map.of(), "slow down"),
          new Fault.Answers(502, Map.of("Content-Type", "text/html"), "<html>bad gateway</html>"),
          new Fault.Stalls());

  @TempDir private Path folder;

  /** Each file meets three of them in turn, each time other ones, before it gets through. */
  private static FaultyProxy.Script everyWay(AtomicInteger met) {
    var tries = new ConcurrentHashMap<String, Integer>();
    return (method, target) -> {
      int n = tries.merge(method + target, 1, Integer::sum);
      if (n >= RETRIES.attempts()) {
        return Optional.empty();
      }
      met.incrementAndGet();
      return Optional.of(FAULTS.get(Math.floorMod(target.hashCode() + n, FAULTS.size())));
    };
  }

  /** Each refers to two before it, and so to all of a tree. */
  private List<PathInfo> closure(Built built) throws IOException {
    var all = new ArrayList<PathInfo>();
    for (int n = 0; n < PATHS; n++) {
      var references = new ArrayList<StorePath>();
      if (n > 0) {
        references.add(all.get(n / 2).path());
        references.add(all.get(n / 3).path());
      }
      all.add(
          built.path(
              "part-" + n,
              "content of " + n,
              references.stream().distinct().toArray(StorePath[]::new)));
    }
    return all;
  }

  private static HttpBinaryCache cache(URI address) {
    return cache(address, PATIENCE);
  }

  private static HttpBinaryCache cache(URI address, Duration patience) {
    return new HttpBinaryCache(address, Optional.empty(), RETRIES, patience);
  }

  @Test
  void nothingIsLostAndNobodyEverSeesAHole() throws Exception {
    var built = new Built(Files.createDirectory(folder.resolve("built")));
    List<PathInfo> closure = closure(built);
    Path served = folder.resolve("nginx/www/open");
    var met = new AtomicInteger();
    try (var nginx = Nginx.start(Files.createDirectory(folder.resolve("nginx")));
        var proxy = FaultyProxy.before(nginx.uri(""), everyWay(met));
        var cache = cache(URI.create("http://" + proxy.address() + "/open"))) {
      Files.createDirectories(served);
      var done = new AtomicBoolean();
      var looks = new AtomicInteger();
      var seen = new ArrayList<String>();
      Thread reader =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      while (!done.get()) {
                        CacheFolder.hole(served).ifPresent(seen::add);
                        looks.incrementAndGet();
                      }
                    } catch (IOException | RuntimeException e) {
                      seen.add(e.toString());
                    }
                  });

      var result = new Publisher(cache, KEY, built, Progress.SILENT).publish(closure);
      done.set(true);
      reader.join();

      assertThat(result.uploaded()).isEqualTo(PATHS);
      assertThat(met.get()).isGreaterThan(3 * PATHS);
      assertThat(looks.get()).isPositive();
      assertThat(seen).isEmpty();
      assertThat(CacheFolder.hole(served)).isEmpty();
      for (PathInfo info : closure) {
        NarInfo there =
            NarInfo.parse(Files.readString(served.resolve(NarInfo.fileName(info.path()))));
        assertThat(there.agreesWith(info)).isTrue();
        assertThat(KEY.publicKey().hasSigned(there.info())).isTrue();
      }
    }
  }

  @Test
  void whatIsOutOfOrderForLongerThanItIsTriedForIsThereInTheEnd() throws Exception {
    var built = new Built(Files.createDirectory(folder.resolve("built")));
    List<PathInfo> closure = closure(built);
    String root = "/open/" + NarInfo.fileName(closure.getFirst().path());
    var tries = new AtomicInteger();
    try (var nginx = Nginx.start(Files.createDirectory(folder.resolve("nginx")));
        var proxy =
            FaultyProxy.before(
                nginx.uri(""),
                (_, target) ->
                    target.equals(root) && tries.incrementAndGet() <= RETRIES.attempts()
                        ? Optional.of(new Fault.Answers(503, Map.of(), ""))
                        : Optional.empty());
        var cache = cache(URI.create("http://" + proxy.address() + "/open"))) {
      var result = new Publisher(cache, KEY, built, Progress.SILENT).publish(closure);

      assertThat(result.uploaded()).as("each refers to the one that failed").isEqualTo(PATHS);
      assertThat(result.left()).isZero();
      assertThat(CacheFolder.hole(folder.resolve("nginx/www/open"))).isEmpty();
    }
  }

  @Test
  void twoAtOnceDoNoHarm() throws Exception {
    var built = new Built(Files.createDirectory(folder.resolve("built")));
    List<PathInfo> closure = closure(built);
    try (var nginx = Nginx.start(Files.createDirectory(folder.resolve("nginx")));
        var one = cache(nginx.uri("open"));
        var two = cache(nginx.uri("open"))) {
      var failures = new ArrayList<Throwable>();
      var others =
          Thread.ofPlatform()
              .uncaughtExceptionHandler((_, e) -> failures.add(e))
              .start(() -> new Publisher(two, KEY, built, Progress.SILENT).publish(closure));
      new Publisher(one, KEY, built, Progress.SILENT).publish(closure);
      others.join();

      assertThat(failures).isEmpty();
      assertThat(CacheFolder.hole(folder.resolve("nginx/www/open"))).isEmpty();
      try (Stream<Path> files = Files.list(folder.resolve("nginx/www/open"))) {
        assertThat(files.filter(f -> f.toString().endsWith(".narinfo"))).hasSize(PATHS);
      }
    }
  }

  private static List<PathInfo> many(Built built) throws IOException {
    var all = new ArrayList<PathInfo>();
    for (int n = 0; n < MANY; n++) {
      all.add(built.path("one-" + n, "content of " + n));
    }
    return all;
  }

  /** Publishes many paths to an nginx behind a proxy. */
  private void through(FaultyProxy.Script script, Duration patience) throws IOException {
    var built = new Built(Files.createDirectory(folder.resolve("built")));
    try (var nginx = Nginx.start(Files.createDirectory(folder.resolve("nginx")));
        var proxy = FaultyProxy.before(nginx.uri(""), script);
        var cache = cache(URI.create("http://" + proxy.address() + "/open"), patience)) {
      var result = new Publisher(cache, KEY, built, Progress.SILENT).publish(many(built));
      assertThat(result.uploaded()).isEqualTo(MANY);
    }
  }

  /** Returns when all are there that it counts down for, or in the end. */
  private static void gather(CountDownLatch all) {
    all.countDown();
    try {
      all.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void moreIsAskedAtOnceWhileAnswersComeWell() throws Exception {
    var asked = new AtomicInteger();
    var first = new CountDownLatch(Window.FIRST);
    var more = new CountDownLatch(Window.FIRST + 1);
    through(
        (method, target) -> {
          if (method.equals("GET") && target.endsWith(".narinfo")) {
            gather(asked.getAndIncrement() < Window.FIRST ? first : more);
          }
          return Optional.empty();
        },
        Duration.ofMinutes(1));
    assertThat(more.getCount()).isZero();
  }

  @Test
  void whoTakesFewAtOnceIsAskedFewAtOnce() throws Exception {
    through((_, _) -> Optional.of(new Fault.Takes(2 * Window.FIRST, DELAY)), PATIENCE);
  }

  @Test
  void aServerWithRoomForFewConnectionsGetsAll() throws Exception {
    var built = new Built(Files.createDirectory(folder.resolve("built")));
    try (var nginx = Nginx.small(Files.createDirectory(folder.resolve("nginx")), 20, 4);
        var cache = cache(nginx.uri("open"))) {
      var result = new Publisher(cache, KEY, built, Progress.SILENT).publish(many(built));
      assertThat(result.uploaded()).isEqualTo(MANY);
    }
  }
}
