package io.github.flakeferry.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.model.Secret;
import io.github.flakeferry.testbed.HttpCache;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReadinessTest {
  private static final Optional<Secret> NONE = Optional.empty();
  @TempDir private Path folder;

  @Test
  void aPlaceForACacheIsEmptyUntilSomethingIsPublished() throws IOException {
    assertThat(BinaryCaches.readiness(folder.toUri(), NONE)).isEqualTo(new Readiness.Empty());
    try (var cache = HttpCache.start(folder)) {
      assertThat(BinaryCaches.readiness(cache.uri(), NONE)).isEqualTo(new Readiness.Empty());
      Files.writeString(folder.resolve("nix-cache-info"), "StoreDir: /nix/store\n");
      assertThat(BinaryCaches.readiness(cache.uri(), NONE)).isEqualTo(new Readiness.Ready());
      assertThat(BinaryCaches.readiness(folder.toUri(), NONE)).isEqualTo(new Readiness.Ready());
    }
  }

  @Test
  void oneThatDoesNotLetUsInSaysSo() throws IOException {
    Files.writeString(folder.resolve("nix-cache-info"), "StoreDir: /nix/store\n");
    try (var cache = HttpCache.start(folder)) {
      cache.requireLogin("reader", new Secret("letmein"));
      assertThat(BinaryCaches.readiness(cache.uri(), NONE))
          .isInstanceOfSatisfying(
              Readiness.Trouble.class,
              trouble -> assertThat(trouble.why()).contains(cache.uri().toString(), "401"));
      assertThat(BinaryCaches.readiness(cache.uri(), Optional.of(new Secret("reader:letmein"))))
          .isEqualTo(new Readiness.Ready());
    }
  }

  @Test
  void oneForAnotherStoreOrThatIsNotThereIsTrouble() throws IOException {
    Files.writeString(folder.resolve("nix-cache-info"), "StoreDir: /gnu/store\n");
    assertThat(BinaryCaches.readiness(folder.toUri(), NONE))
        .isInstanceOfSatisfying(
            Readiness.Trouble.class, trouble -> assertThat(trouble.why()).contains("/gnu/store"));
    int unused;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      unused = socket.getLocalPort();
    }
    assertThat(BinaryCaches.readiness(URI.create("http://127.0.0.1:" + unused), NONE))
        .isInstanceOfSatisfying(
            Readiness.Trouble.class,
            trouble -> assertThat(trouble.why()).contains("nothing listens there"));
  }
}
