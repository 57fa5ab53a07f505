package io.github.flakeferry.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.model.Compression;
import io.github.flakeferry.model.SigningKey;
import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.testbed.FragileDisk;
import io.github.flakeferry.testbed.Nginx;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Publishers beside each other, and such as are killed or lose power. */
final class PublisherProcessIT {
  private static final SigningKey KEY = SigningKey.generate("processes-1");

  @TempDir private Path folder;
  private int processes;

  @AfterEach
  void deleteStore() throws IOException {
    Command.of("rm", "-rf", folder.resolve("store").toString()).run().orThrow();
  }

  private PublisherProcess start(URI cache, int from, int to, Compression compression)
      throws IOException {
    Path own = folder.resolve("process-" + ++processes);
    return PublisherProcess.start(cache, from, to, compression, KEY, own);
  }

  private PublisherProcess start(URI cache) throws IOException {
    return start(cache, 0, PublisherProcess.PATHS, Compression.ZSTD);
  }

  private static void assertWhole(Path cache) throws IOException {
    assertThat(CacheFolder.fault(cache)).isEmpty();
    assertThat(CacheFolder.narInfos(cache)).hasSize(PublisherProcess.PATHS);
  }

  /** Each would write other bytes for what both publish. */
  private void twoAtOnce(URI cache, Path served) throws IOException {
    try (var one = start(cache, 0, 70, Compression.ZSTD);
        var other = start(cache, 30, PublisherProcess.PATHS, Compression.XZ)) {
      one.go();
      other.go();
      one.awaitDone();
      other.awaitDone();
    }
    assertWhole(served);
    var built = new Built(Files.createDirectory(folder.resolve("built")));
    List<String> all =
        PublisherProcess.closure(built, 0, PublisherProcess.PATHS).stream()
            .map(info -> info.path().toString())
            .toList();
    String store = "local?root=" + folder.resolve("store");
    nix("copy", "--from", cache.toString(), "--to", store).and(all).run().orThrow();
    nix("store", "verify", "--store", store, "--sigs-needed", "1").and(all).run().orThrow();
  }

  private static Command nix(String... words) {
    return Command.of("nix", "--extra-experimental-features", "nix-command")
        .and(words)
        .with("NIX_CONFIG", "substituters =\ntrusted-public-keys = " + KEY.publicKey());
  }

  @Test
  void twoAtOnceDoNoHarmToAFolder() throws IOException {
    Path cache = folder.resolve("cache");
    twoAtOnce(cache.toUri(), cache);
  }

  @Test
  void twoAtOnceDoNoHarmBehindHttp() throws IOException {
    try (var nginx = Nginx.start(Files.createDirectory(folder.resolve("nginx")))) {
      twoAtOnce(nginx.uri("open"), nginx.folder().resolve("open"));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 17, 40, 71, 101, 133, 160, 189, 198, 199, 200})
  void oneThatIsKilledLeavesNoHoleAndTheNextCompletes(int steps) throws IOException {
    Path cache = folder.resolve("cache");
    try (var killed = start(cache.toUri())) {
      killed.go();
      killed.awaitSteps(steps);
    }
    assertThat(CacheFolder.fault(cache)).isEmpty();

    try (var next = start(cache.toUri())) {
      next.go();
      next.awaitDone();
    }
    assertWhole(cache);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 23, 59, 98, 142, 177, 199})
  void onePowerCutLeavesNoHoleAndTheNextCompletes(int steps) throws IOException {
    try (var disk = FragileDisk.make(Files.createDirectory(folder.resolve("fragile")), 64)) {
      Path cache = disk.folder().resolve("cache");
      try (var cut = start(cache.toUri())) {
        cut.go();
        cut.awaitSteps(steps);
        disk.cutPower();
      }
      disk.restorePower();
      assertThat(CacheFolder.fault(cache)).isEmpty();

      try (var next = start(cache.toUri())) {
        next.go();
        next.awaitDone();
        disk.cutPower();
      }
      disk.restorePower();
      assertWhole(cache);
    }
  }
}
