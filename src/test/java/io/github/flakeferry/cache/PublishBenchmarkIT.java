package io.github.flakeferry.cache;

import io.github.flakeferry.model.SigningKey;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.nix.Nix;
import io.github.flakeferry.nix.NixSettings;
import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.support.progress.Progress;
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
 * Seconds to publish: ours and those of {@code nix copy}. Run by {@code -Pbench}, alone on the
 * machine; {@code src/bench/README.md} keeps a result.
 */
@Tag("benchmark")
final class PublishBenchmarkIT {
  private static final PrintStream OUT = System.out;
  private static final int PATHS = 300;
  private static final long BYTES = 170_000_000;
  private static final Duration DELAY = Duration.ofMillis(50);

  // files alone: a folder would bring along what others have in it, and a link leads elsewhere
  private static final String COPY =
      """
      dpkg -L "$1" | while read -r file; do
          if [ -f "$file" ] && [ ! -L "$file" ]; then realpath "$file"; fi
      done | tar -C / -cPf - -T - --no-recursion --transform 's,^/,,' | tar -C "$2" -xf -
      """;

  @TempDir private Path folder;
  private final SigningKey key = SigningKey.generate("bench-1");
  private Path keyFile;
  private int caches;

  @BeforeEach
  void makeKey() throws IOException {
    keyFile = Files.writeString(folder.resolve("key"), key.export().reveal());
  }

  @AfterEach
  void tidy() throws IOException {
    Command.of("rm", "-rf", folder.toString()).run().orThrow();
  }

  /** An installed package and the kilobytes that its files take. */
  private record Installed(String name, long size) {
    static Installed parse(String line) {
      String[] words = line.split(" ");
      return new Installed(words[1], Long.parseLong(words[0]));
    }
  }

  /** As many neighbours by size as there are to be paths, of about the size that is wanted. */
  private static List<Installed> chosen() throws IOException {
    List<Installed> bySize =
        Command.of("dpkg-query", "-W", "-f", "${Installed-Size} ${Package}\n")
            .run()
            .orThrow()
            .output()
            .lines()
            .filter(line -> line.matches("[0-9]+ .*"))
            .map(Installed::parse)
            .sorted(Comparator.comparingLong(Installed::size))
            .toList();
    for (int from = 0; from + PATHS < bySize.size(); from++) {
      List<Installed> some = bySize.subList(from, from + PATHS);
      if (some.stream().mapToLong(Installed::size).sum() * 1024 >= BYTES) {
        return some;
      }
    }
    return bySize.subList(Math.max(0, bySize.size() - PATHS), bySize.size());
  }

  /** Their files, a path for each. */
  private List<String> packages() throws IOException {
    var paths = new ArrayList<String>();
    long bytes = 0;
    for (Installed installed : chosen()) {
      Path copy = Files.createDirectories(folder.resolve("packages").resolve(installed.name()));
      Files.writeString(copy.resolve("nonce"), UUID.randomUUID().toString());
      Command.of("sh", "-c", COPY, "sh", installed.name(), copy.toString()).run().orThrow();
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

  /** In this Java, which has started already. */
  private double ours(List<String> paths, URI to) throws IOException {
    long began = System.nanoTime();
    try (var cache = BinaryCaches.open(to, Optional.empty())) {
      var nix = new Nix(NixSettings.DEFAULT, Progress.SILENT);
      var closure = nix.closure(paths.stream().map(StorePath::parse).toList());
      new Publisher(cache, key, Nix.contents(), Progress.SILENT).publish(closure);
    }
    return (System.nanoTime() - began) / 1e9;
  }

  private double nixCopy(List<String> paths, URI cache, String compression) throws IOException {
    String to =
        cache
            + "?secret-key="
            + keyFile
            + (compression.isEmpty() ? "" : "&compression=" + compression);
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
