package io.github.flakeferry.cache;

import io.github.flakeferry.BuiltProgram;
import io.github.flakeferry.model.SigningKey;
import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.testbed.FaultyProxy;
import io.github.flakeferry.testbed.Nginx;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Seconds to publish: our program and {@code nix copy}, each from its start to its end. Run by
 * {@code -Pbench}, alone on the machine; {@code src/bench/README.md} keeps a result.
 */
@Tag("benchmark")
final class PublishBenchmarkIT {
  private static final PrintStream OUT = System.out;
  private static final int PATHS = 300;
  private static final long BYTES = 170_000_000;
  private static final Duration DELAY = Duration.ofMillis(50);

  @TempDir private Path folder;
  private Path key;
  private int caches;

  @BeforeEach
  void makeKey() throws IOException {
    key = folder.resolve("key");
    Files.writeString(key, SigningKey.generate("bench-1").export().reveal());
  }

  @AfterEach
  void tidy() throws IOException {
    Command.of("rm", "-rf", folder.toString()).run().orThrow();
  }

  /** What the files of installed packages are, a path for each, the nearest to the size wanted. */
  private List<String> packages() throws IOException {
    List<String> bySize =
        Command.of("dpkg-query", "-W", "-f", "${Installed-Size} ${Package}\n")
            .run()
            .orThrow()
            .output()
            .lines()
            .sorted(Comparator.comparingLong(line -> Long.parseLong(line.split(" ")[0])))
            .map(line -> line.split(" ")[1])
            .toList();
    var paths = new ArrayList<String>();
    long bytes = 0;
    for (String name : bySize) {
      if (paths.size() == PATHS || bytes > BYTES) {
        break;
      }
      Path copy = Files.createDirectories(folder.resolve("packages").resolve(name));
      Files.writeString(copy.resolve("nonce"), UUID.randomUUID().toString());
      Command.of(
              "sh",
              "-c",
              "dpkg -L \"$1\" | while read -r f; do [ -d \"$f\" ] || echo \"$f\"; done"
                  + " | xargs -r -d '\\n' cp -a --parents -t \"$2\" 2>/dev/null || true",
              "sh",
              name,
              copy.toString())
          .run();
      String path =
          Command.of("nix-store", "--add", copy.toString()).run().orThrow().output().strip();
      paths.add(path);
      bytes +=
          Long.parseLong(
              Command.of("nix-store", "--query", "--size", path).run().orThrow().output().strip());
    }
    OUT.printf("%d paths, %.0f MB of NARs%n", paths.size(), bytes / 1e6);
    return paths;
  }

  private List<String> tiny() throws IOException {
    var paths = new ArrayList<String>();
    for (int n = 0; n < PATHS; n++) {
      Path file = Files.writeString(folder.resolve("tiny-" + n), UUID.randomUUID().toString());
      paths.add(Command.of("nix-store", "--add", file.toString()).run().orThrow().output().strip());
    }
    return paths;
  }

  private static double seconds(Command command) throws IOException {
    long began = System.nanoTime();
    command.run().orThrow();
    return (System.nanoTime() - began) / 1e9;
  }

  private double ours(List<String> paths, URI cache) throws IOException {
    return seconds(
        Command.of(BuiltProgram.words("publish"))
            .and(paths)
            .and("--all", "--to", cache.toString())
            .with("FLAKEFERRY_SIGNING_KEY_FILE", key.toString()));
  }

  private double nixCopy(List<String> paths, URI cache, String compression) throws IOException {
    String to =
        cache + "?secret-key=" + key + (compression.isEmpty() ? "" : "&compression=" + compression);
    return seconds(
        Command.of("nix", "--extra-experimental-features", "nix-command", "copy")
            .and("--to", to)
            .and(paths)
            .with("HOME", Files.createDirectories(folder.resolve("home-" + caches++)).toString()));
  }

  private interface Place {
    URI next() throws IOException;
  }

  private void row(String what, List<String> paths, Place place, boolean slowDefault)
      throws IOException {
    URI mine = place.next();
    URI theirs = place.next();
    double ours = ours(paths, mine);
    double zstd = nixCopy(paths, theirs, "zstd");
    double oursAgain = ours(paths, mine);
    double zstdAgain = nixCopy(paths, theirs, "zstd");
    String xz = slowDefault ? "%.1f s".formatted(nixCopy(paths, place.next(), "")) : "";
    OUT.printf(
        "| %s | %.2f s | %.2f s (%.2f) | %s |%n| the same, nothing to do | %.2f s | %.2f s (%.2f) | |%n",
        what, ours, zstd, ours / zstd, xz, oursAgain, zstdAgain, oursAgain / zstdAgain);
  }

  @Test
  void table() throws IOException {
    List<String> large = packages();
    List<String> small = tiny();
    OUT.println(
        "| | Flakeferry | `nix copy`, zstd (ratio) | `nix copy` by itself, xz |\n|---|---|---|---|");
    row("to a folder", large, () -> folder.resolve("cache-" + caches++).toUri(), true);
    try (var nginx = Nginx.start(Files.createDirectory(folder.resolve("nginx")));
        var slow =
            FaultyProxy.before(
                nginx.uri(""),
                (method, target) -> Optional.of(new FaultyProxy.Fault.Delays(DELAY)))) {
      row("to nginx on this machine", large, () -> nginx.uri("open/" + caches++), false);
      row(
          PATHS + " tiny paths, 50 ms added to each answer",
          small,
          () -> URI.create("http://" + slow.address() + "/open/" + caches++),
          false);
    }
    long began = System.nanoTime();
    Command.of(
            "sh", "-c", "for p; do nix-store --dump \"$p\"; done | zstd -3 -T0 -q >/dev/null", "sh")
        .and(large)
        .run()
        .orThrow();
    OUT.printf("`zstd -3 -T0` of the same NARs: %.2f s%n", (System.nanoTime() - began) / 1e9);
  }
}
