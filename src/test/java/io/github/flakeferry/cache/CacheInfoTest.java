package io.github.flakeferry.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.flakeferry.testbed.FaultyProxy;
import io.github.flakeferry.testbed.HttpCache;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CacheInfoTest {
  private static final String THEIRS = "StoreDir: /nix/store\nPriority: 10\n";
  private static final String ANOTHER_STORES = "StoreDir: /gnu/store\n";

  @TempDir private Path folder;
  private HttpCache server;

  @BeforeEach
  void start() throws IOException {
    server = HttpCache.start(folder.resolve("cache"));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static BinaryCache cache(URI url) {
    return BinaryCaches.open(url, Optional.empty(), new Retries(1, Duration.ZERO));
  }

  private static BinaryCache cache(FaultyProxy proxy) {
    return cache(URI.create("http://" + proxy.address()));
  }

  private Path file() {
    return server.folder().resolve(CacheInfo.NAME);
  }

  private static Optional<FaultyProxy.Fault> answer(int status) {
    return Optional.of(new FaultyProxy.Fault.Answers(status, Map.of(), ""));
  }

  /**
   * Others write their file when ours is on its way, and a server that knows conditions says so.
   */
  private FaultyProxy soonerThanUs(String theirs) throws IOException {
    return FaultyProxy.before(
        server.uri(),
        (method, target) -> {
          if (!method.equals("PUT")) {
            return Optional.empty();
          }
          try {
            Files.writeString(file(), theirs);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
          return answer(412);
        });
  }

  @Test
  void whatCameSinceItWasLookedForStaysAsItIs() throws IOException {
    try (var http = cache(server.uri());
        var files = cache(server.folder().toUri())) {
      for (BinaryCache cache : new BinaryCache[] {http, files}) {
        Files.writeString(file(), THEIRS);
        CacheInfo.ensure(cache, false);
        assertThat(file()).hasContent(THEIRS);

        Files.writeString(file(), ANOTHER_STORES);
        var failed =
            catchThrowableOfType(PublishFailed.class, () -> CacheInfo.ensure(cache, false));
        assertThat(failed.problem()).contains("/gnu/store");
        assertThat(file()).hasContent(ANOTHER_STORES);
      }
    }
  }

  @Test
  void whatComesInTheSameInstantIsReadAndCounts() throws IOException {
    try (var proxy = soonerThanUs(THEIRS);
        var cache = cache(proxy)) {
      CacheInfo.ensure(cache, false);
      assertThat(file()).hasContent(THEIRS);
    }
    Files.delete(file());
    try (var proxy = soonerThanUs(ANOTHER_STORES);
        var cache = cache(proxy)) {
      var failed = catchThrowableOfType(PublishFailed.class, () -> CacheInfo.ensure(cache, false));
      assertThat(failed.problem()).contains("/gnu/store");
    }
  }

  @Test
  void aCacheThatLosesItIsNone() throws IOException {
    for (int status : new int[] {201, 412}) {
      try (var proxy =
              FaultyProxy.before(
                  server.uri(),
                  (method, _) -> method.equals("PUT") ? answer(status) : Optional.empty());
          var cache = cache(proxy)) {
        var failed =
            catchThrowableOfType(PublishFailed.class, () -> CacheInfo.ensure(cache, false));
        assertThat(failed.problem()).contains("does not give it back");
      }
    }
  }

  @Test
  void aPlaceForACacheBecomesOne() throws IOException {
    try (var cache = cache(server.uri())) {
      CacheInfo.ensure(cache, CacheInfo.isThere(cache));
      assertThat(file()).hasContent(CacheInfo.TEXT);
    }
  }
}
