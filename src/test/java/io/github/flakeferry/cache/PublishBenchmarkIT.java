package io.github.flakeferry.cache;

import io.github.flakeferry.model.SigningKey;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.nix.Nix;
import io.github.flakeferry.nix.NixSettings;
import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.support.progress.Progress;
import io.github.flakeferry.testbed.FaultyProxy;
import io.github.flakeferry.testbed.Nginx;
import io.github.flakeferry.testbed.Testbed;
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
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
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
      done | tar -C / -cPf - --no-recursion --transform 's,^/,,' -T - | tar -C "$2" -xf -
      """;

  private static Testbed testbed;

  @TempDir private Path folder;
  private final SigningKey key = SigningKey.generate("bench-1");
  private Path keyFile;
  private int caches;

  @BeforeAll
  static void prepare() throws IOException {
    testbed = Testbed.prepare(Progress.SILENT);
  }

  @AfterAll
  static void close() {
    testbed.close();
  }

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
      new Publisher(cache, key, Nix.contents(), Progress.SILENT)
          .publish(() -> nix.closure(paths.stream().map(StorePath::parse).toList()));
    }
    return (System.nanoTime() - began) / 1e9;
  }

  /** This machine's. */
  private static List<String> installed() {
    return List.of("nix");
  }

  private double nixCopy(List<String> nix, List<String> paths, URI cache, String compression)
      throws IOException {
    String to =
        cache
            + "?secret-key="
            + keyFile
            + (compression.isEmpty() ? "" : "&compression=" + compression);
    return seconds(
        Command.of(nix)
            .and("--extra-experimental-features", "nix-command", "copy", "--to", to)
            .and(paths)
            .with("HOME", Files.createDirectories(folder.resolve("home-" + caches++)).toString()));
  }

  private interface Place {
    URI next() throws IOException;
  }

  private void row(String what, List<String> paths, Place place, boolean slowDefault)
      throws IOException {
    List<String> newer = testbed.ofBoards("nix");
    URI mine = place.next();
    URI theirs = place.next();
    URI newers = place.next();
    double ours = ours(paths, mine);
    double zstd = nixCopy(installed(), paths, theirs, "zstd");
    double newerZstd = nixCopy(newer, paths, newers, "zstd");
    double warm = ours(paths, place.next());
    double oursAgain = ours(paths, mine);
    double zstdAgain = nixCopy(installed(), paths, theirs, "zstd");
    double newerAgain = nixCopy(newer, paths, newers, "zstd");
    String xz =
        slowDefault ? "%.1f s".formatted(nixCopy(installed(), paths, place.next(), "")) : "";
    line(what, ours, zstd, newerZstd, xz);
    line("the same, by a Java that did so before", warm, zstd, newerZstd, "");
    line("the same, nothing to do", oursAgain, zstdAgain, newerAgain, "");
  }

  private static void line(String what, double ours, double zstd, double newer, String xz) {
    OUT.printf(
        "| %s | %.2f s | %.2f s (%.2f) | %.2f s (%.2f) | %s |%n",
        what, ours, zstd, ours / zstd, newer, ours / newer, xz);
  }

  /** The most memory that the program itself had while it published. */
  private void memory(String what, List<String> paths) throws IOException {
    String script =
        """
        "$@" & pid=$!
        while peak=$(sed -n 's/VmHWM: *//p' /proc/$pid/status 2>/dev/null) && [ -n "$peak" ]; do
            most=$peak
            sleep 0.05
        done
        wait $pid
        echo "$most"
        """;
    var java = List.of(System.getProperty("java.home") + "/bin/java", "@src/main/jvm.options");
    String said =
        Command.of("sh", "-euc", script, "sh")
            .and(java)
            .and("-jar", "target/flakeferry.jar", "publish")
            .and("--to", folder.resolve("cache-" + caches++).toUri().toString())
            .and(paths)
            .with("FLAKEFERRY_SIGNING_KEY_FILE", keyFile.toString())
            .run()
            .orThrow()
            .output();
    OUT.printf("most memory, %s: %s%n", what, said.lines().toList().getLast());
  }

  /** One path of many bytes that don't become fewer. */
  private String huge() throws IOException {
    Path file = folder.resolve("huge");
    try (var out = Files.newOutputStream(file)) {
      var random = new Random();
      var piece = new byte[1 << 20];
      for (int n = 0; n < 2000; n++) {
        random.nextBytes(piece);
        out.write(piece);
      }
    }
    return Command.of("nix-store", "--add", file.toString()).run().orThrow().output().strip();
  }

  @Test
  void table() throws IOException {
    List<String> large = packages();
    List<String> small = tiny();
    OUT.println(
        "| | Flakeferry | `nix copy`, zstd (ratio) | the boards' `nix copy`, zstd (ratio) | `nix copy` by itself, xz |\n|---|---|---|---|---|");
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
    memory(PATHS + " paths", large);
    memory("one path of 2 GB", List.of(huge()));
    OUT.printf("`zstd -3 -T0` of the same NARs: %.2f s%n", floor(large));
  }

  /** What nobody who compresses them can be sooner than, by the command line on all processors. */
  private double floor(List<String> paths) throws IOException {
    Path nars = folder.resolve("nars");
    Command.of("sh", "-euc", "to=$1; shift; for p; do nix-store --dump \"$p\"; done >\"$to\"", "sh")
        .and(nars.toString())
        .and(paths)
        .run()
        .orThrow();
    return seconds(
        Command.of("sh", "-c", "zstd -3 -T0 -q -c \"$1\" >/dev/null", "sh", nars.toString()));
  }
}
