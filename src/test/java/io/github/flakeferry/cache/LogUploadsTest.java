package io.github.flakeferry.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.model.LogSource;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.support.progress.ProgressEvent;
import io.github.flakeferry.testbed.FaultyProxy;
import io.github.flakeferry.testbed.HttpCache;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LogUploadsTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Retries RETRIES = new Retries(2, Duration.ofMillis(5));
  private static final LogSource LOGS =
      (derivation, to) -> {
        to.write(("built " + derivation.name() + "\n").getBytes(StandardCharsets.UTF_8));
        return true;
      };

  @TempDir private Path temporary;
  private final List<String> warnings = Collections.synchronizedList(new ArrayList<>());
  private final List<String> notes = Collections.synchronizedList(new ArrayList<>());
  private HttpCache server;
  private BinaryCache cache;
  private LogUploads logs;

  @BeforeEach
  void start() throws IOException {
    server = HttpCache.start(temporary.resolve("cache"));
    cache = BinaryCaches.open(server.uri(), Optional.empty(), RETRIES);
    logs = LogUploads.open(cache, this::hear);
  }

  private void hear(ProgressEvent event) {
    switch (event) {
      case ProgressEvent.Warning(var text) -> warnings.add(text);
      case ProgressEvent.Note(var text) -> notes.add(text);
      default -> throw new AssertionError(event);
    }
  }

  @AfterEach
  void stop() {
    logs.finish(Duration.ZERO);
    cache.close();
    server.close();
  }

  private static List<StorePath> derivations(int count) {
    return IntStream.range(0, count)
        .mapToObj(n -> new StorePath("a".repeat(32), "part-" + n + ".drv"))
        .toList();
  }

  private Path file(StorePath derivation) {
    return server.folder().resolve("log").resolve(derivation.baseName());
  }

  @Test
  void eachIsWhereNixLooksForItAndANewerOneReplacesIt() {
    cache.write("log/" + "a".repeat(32) + "-part-0.drv", "failed\n");
    List<StorePath> all = derivations(20);
    logs.offer(all.subList(0, 12), LOGS);
    logs.offer(all.subList(12, 20), LOGS);
    logs.finish(PATIENCE);
    for (StorePath derivation : all) {
      assertThat(file(derivation)).hasContent("built " + derivation.name() + "\n");
    }
    assertThat(warnings).isEmpty();
    assertThat(notes).containsExactly(server.uri() + ": 20 build logs published");
  }

  @Test
  void ofEarlierBuildsGoUpThoseThatTheCacheLacksAndThisMachineHas() {
    List<StorePath> all = derivations(Breaker.IN_A_ROW + 3);
    cache.write(LogUploads.fileName(all.get(0)), "of that time\n");
    LogSource few =
        (derivation, to) -> all.indexOf(derivation) < 3 && LOGS.writeLog(derivation, to);
    logs.offer(all.subList(2, 3), few);
    logs.offerEarlier(all, few);
    logs.offerEarlier(all, few);
    logs.finish(PATIENCE);
    assertThat(file(all.get(0))).hasContent("of that time\n");
    assertThat(file(all.get(1))).hasContent("built part-1.drv\n");
    assertThat(file(all.get(2))).hasContent("built part-2.drv\n");
    assertThat(file(all.get(3))).doesNotExist();
    assertThat(warnings).isEmpty();
    assertThat(notes).containsExactly(server.uri() + ": 2 build logs published");
  }

  /**
   * @param times how often a log is refused for a moment
   */
  private void bringThrough(int times, StorePath refused, List<StorePath> all) throws IOException {
    var refusals = new AtomicInteger(times);
    try (var proxy =
            FaultyProxy.before(
                server.uri(),
                (_, target) ->
                    target.endsWith(refused.baseName()) && refusals.getAndDecrement() > 0
                        ? Optional.of(new FaultyProxy.Fault.Answers(503, Map.of(), ""))
                        : Optional.empty());
        var shaky = BinaryCaches.open(proxy.uri(), Optional.empty(), RETRIES)) {
      var uploads = LogUploads.open(shaky, this::hear);
      uploads.offer(all, LOGS);
      uploads.finish(PATIENCE);
    }
  }

  @Test
  void oneThatFailsForAReasonThatPassesIsTriedAgainInTheEnd() throws IOException {
    List<StorePath> all = derivations(3);
    bringThrough(RETRIES.attempts(), all.getFirst(), all);
    assertThat(all).allSatisfy(derivation -> assertThat(file(derivation)).exists());
    assertThat(server.requests().getLast().path()).endsWith(all.getFirst().baseName());
    assertThat(warnings).isEmpty();
  }

  @Test
  void oneThatFailsInTheEndAsWellIsTold() throws IOException {
    List<StorePath> all = derivations(3);
    bringThrough(2 * RETRIES.attempts(), all.getFirst(), all);
    assertThat(file(all.getFirst())).doesNotExist();
    assertThat(warnings).singleElement().asString().contains("answers PUT log/", "503");
    assertThat(notes).singleElement().asString().contains(": 2 build logs published");
  }

  @Test
  void aCacheThatIsAwayForAWhileGetsAllInTheEnd() throws IOException {
    List<StorePath> all = derivations(3 * Breaker.IN_A_ROW);
    var failures = new AtomicInteger();
    var breaker = new Breaker(Duration.ZERO, failures::incrementAndGet);
    try (var proxy =
            FaultyProxy.before(
                server.uri(),
                (_, _) ->
                    failures.get() < Breaker.IN_A_ROW
                        ? Optional.of(new FaultyProxy.Fault.Answers(503, Map.of(), ""))
                        : Optional.empty());
        var shaky = BinaryCaches.open(proxy.uri(), Optional.empty(), RETRIES)) {
      var uploads = LogUploads.open(shaky, this::hear, breaker);
      uploads.offer(all, LOGS);
      uploads.finish(PATIENCE);
    }
    assertThat(all).allSatisfy(derivation -> assertThat(file(derivation)).exists());
    assertThat(warnings).isEmpty();
  }

  @Test
  void aCacheThatRefusesOneIsAskedForNoMore() {
    server.refuseWrites(403);
    logs.offer(derivations(1000), LOGS);
    logs.finish(PATIENCE);
    assertThat(warnings)
        .singleElement()
        .asString()
        .startsWith("build logs are missing: ")
        .contains("answers PUT log/", "403");
    assertThat(server.requests()).hasSizeLessThan(10);
  }

  @Test
  void oneThatNixLacksKeepsNoOtherAway() {
    List<StorePath> all = derivations(3);
    logs.offer(
        all,
        (derivation, to) -> {
          if (derivation.equals(all.getFirst())) {
            return false;
          }
          return LOGS.writeLog(derivation, to);
        });
    logs.finish(PATIENCE);
    assertThat(warnings)
        .containsExactly(
            "build logs are missing: FF-0707: Can't read the log of "
                + all.getFirst()
                + ": there is none");
    assertThat(file(all.get(1))).exists();
    assertThat(file(all.get(2))).exists();
    assertThat(file(all.get(0))).doesNotExist();
  }

  @Test
  void whatIsNotTakenInTimeIsToldAndNothingMoreIsTaken() {
    server.holdWritesAbove(0);
    List<StorePath> all = derivations(9);
    logs.offer(all.subList(0, 8), LOGS);
    while (!server.holdsWrites()) {
      Thread.onSpinWait();
    }
    logs.finish(Duration.ZERO);
    assertThat(warnings)
        .containsExactly("build logs are missing: " + server.uri() + " lacks up to 8 build logs.");
    server.holdNothing();
    logs.offer(all.subList(8, 9), LOGS);
    logs.finish(PATIENCE);
    assertThat(file(all.get(8))).doesNotExist();
  }
}
