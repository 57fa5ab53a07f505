package io.github.flakeferry.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.model.LogSource;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.support.progress.ProgressEvent;
import io.github.flakeferry.testbed.HttpCache;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LogUploadsTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final LogSource LOGS =
      (derivation, to) ->
          to.write(("built " + derivation.name() + "\n").getBytes(StandardCharsets.UTF_8));

  @TempDir private Path temporary;
  private final List<String> warnings = Collections.synchronizedList(new ArrayList<>());
  private HttpCache server;
  private BinaryCache cache;
  private LogUploads logs;

  @BeforeEach
  void start() throws IOException {
    server = HttpCache.start(temporary.resolve("cache"));
    cache = BinaryCaches.open(server.uri(), Optional.empty(), new Retries(2, Duration.ofMillis(5)));
    logs =
        LogUploads.open(
            cache,
            event -> {
              if (event instanceof ProgressEvent.Warning(var text)) {
                warnings.add(text);
              }
            });
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
            throw new IOException("not available");
          }
          LOGS.writeLog(derivation, to);
        });
    logs.finish(PATIENCE);
    assertThat(warnings)
        .containsExactly(
            "build logs are missing: FF-0707: Can't read the log of "
                + all.getFirst()
                + ": not available");
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
        .containsExactly("build logs are missing: " + server.uri() + " lacks 8 build logs.");
    server.holdNothing();
    logs.offer(all.subList(8, 9), LOGS);
    logs.finish(PATIENCE);
    assertThat(file(all.get(8))).doesNotExist();
  }
}
