package io.github.flakeferry.cache;

import io.github.flakeferry.model.CacheFormat;
import io.github.flakeferry.model.Compression;
import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.SigningKey;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.support.progress.ProgressEvent;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * A publisher in a process of its own, which can be killed. It says {@code ready}, waits for a line
 * on its standard input, publishes some of a hundred paths with all that they refer to, says a line
 * for each step of its progress, and {@code done} at last.
 */
final class PublisherProcess implements AutoCloseable {
  static final int PATHS = 100;

  private static final long SEED = 6;
  private static final int LONGEST = 150_000;

  private final Process process;
  private final BufferedReader output;
  private final Path log;

  private PublisherProcess(Process process, Path log) {
    this.process = process;
    this.output = process.inputReader(StandardCharsets.UTF_8);
    this.log = log;
  }

  /**
   * Starts one.
   *
   * @param from of the paths that it publishes, the first
   * @param to the one after the last
   * @param folder for its files, not there yet
   */
  static PublisherProcess start(
      URI cache, int from, int to, Compression compression, SigningKey key, Path folder)
      throws IOException {
    Files.createDirectory(folder);
    Path keyFile = Files.writeString(folder.resolve("key"), key.export().reveal());
    Path log = folder.resolve("log");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + folder,
                "-cp",
                System.getProperty(
                    "surefire.real.class.path", System.getProperty("java.class.path")),
                PublisherProcess.class.getName(),
                cache.toString(),
                Integer.toString(from),
                Integer.toString(to),
                compression.name(),
                keyFile.toString(),
                folder.resolve("paths").toString())
            .redirectError(log.toFile())
            .start();
    return new PublisherProcess(process, log);
  }

  /** Lets it begin, once it is ready. */
  void go() throws IOException {
    await("ready");
    process.outputWriter(StandardCharsets.UTF_8).append("go\n").flush();
  }

  /** Waits for so many steps of its progress, or for its end. */
  void awaitSteps(int count) throws IOException {
    for (int n = 0; n < count && output.readLine() != null; n++) {}
  }

  /** Waits until it has published all. */
  void awaitDone() throws IOException {
    await("done");
  }

  private void await(String line) throws IOException {
    for (String said = output.readLine(); !line.equals(said); said = output.readLine()) {
      if (said == null) {
        throw new AssertionError("it ended without being " + line + ": " + Files.readString(log));
      }
    }
  }

  /** Kills it. */
  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }

  /**
   * The paths, each of which refers to two before it.
   *
   * @param from as in {@link #start}
   */
  static List<PathInfo> closure(Built built, int from, int to) throws IOException {
    var all = new ArrayList<PathInfo>();
    var random = new Random(SEED);
    for (int n = 0; n < PATHS; n++) {
      byte[] bytes = new byte[1 + random.nextInt(LONGEST)];
      random.nextBytes(bytes);
      var references = new TreeSet<StorePath>();
      if (n > 0) {
        references.add(all.get(n / 2).path());
        references.add(all.get(n / 3).path());
      }
      all.add(
          built.path(
              "part-" + n,
              new String(bytes, StandardCharsets.ISO_8859_1),
              references.toArray(StorePath[]::new)));
    }
    var wanted = new TreeSet<Integer>();
    var next = new ArrayDeque<>(IntStream.range(from, to).boxed().toList());
    while (!next.isEmpty()) {
      int n = next.remove();
      if (wanted.add(n) && n > 0) {
        next.add(n / 2);
        next.add(n / 3);
      }
    }
    return wanted.stream().map(all::get).toList();
  }

  public static void main(String[] words) throws IOException {
    var built = new Built(Files.createDirectory(Path.of(words[5])));
    List<PathInfo> closure = closure(built, Integer.parseInt(words[1]), Integer.parseInt(words[2]));
    var terms =
        new PublishTerms(
            Optional.of(SigningKey.parse(Files.readString(Path.of(words[4])))),
            List.of(),
            CacheFormat.of(Compression.valueOf(words[3])));
    System.out.println("ready");
    if (System.in.read() < 0) {
      throw new UncheckedIOException(new IOException("nobody waits for it"));
    }
    try (var cache = BinaryCaches.open(URI.create(words[0]), Optional.empty())) {
      new Publisher(cache, terms, built, PublisherProcess::tell).publish(closure);
    }
    System.out.println("done");
  }

  private static void tell(ProgressEvent event) {
    System.out.println("step");
  }
}
