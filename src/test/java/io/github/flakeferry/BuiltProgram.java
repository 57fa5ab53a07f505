package io.github.flakeferry;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import io.github.flakeferry.support.process.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The program as `mvn package` made it, on the Java that the tests run on. */
public final class BuiltProgram {
  private static final Path JAR = Path.of("target", "flakeferry.jar").toAbsolutePath();

  private static final List<String> JAVA =
      List.of(
          Path.of(System.getProperty("java.home"), "bin", "java").toString(),
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "--enable-native-access=ALL-UNNAMED");

  private BuiltProgram() {}

  /** The words that start it with these arguments. */
  public static List<String> words(String... arguments) {
    var words = new ArrayList<>(JAVA);
    words.addAll(trained());
    words.addAll(List.of("-jar", JAR.toString()));
    words.addAll(List.of(arguments));
    return words;
  }

  /** Options of Java's with which it starts in half the time. */
  static List<String> trained() {
    // silent about a cache that it can't use: then it is slower, and nothing else
    return List.of("-XX:AOTCache=" + Trained.CACHE, "-Xlog:disable");
  }

  /** What Java keeps of one run, as in the image: it starts hundreds of times here. */
  private static final class Trained {
    private static final Path CACHE = JAR.resolveSibling("flakeferry.aot");

    static {
      // the tests run in several processes, and one of them does it for all
      try (var lock = FileChannel.open(JAR.resolveSibling("training.lock"), CREATE, WRITE);
          var _ = lock.lock()) {
        if (!Files.exists(CACHE) || isOlder(CACHE, JAR)) {
          train();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static boolean isOlder(Path one, Path other) throws IOException {
      return Files.getLastModifiedTime(one).compareTo(Files.getLastModifiedTime(other)) < 0;
    }

    private static void train() throws IOException {
      Path made = JAR.resolveSibling("training.aot");
      Command.of(
              Stream.of(
                      List.of(JAVA.getFirst(), "-cp", JAR.toString(), "src/build/TrainStart.java"),
                      JAVA,
                      List.of("-XX:AOTCacheOutput=" + made, "-Xlog:disable", "-jar"),
                      List.of(JAR.toString(), "run"))
                  .flatMap(List::stream)
                  .toList())
          .run()
          .orThrow();
      Files.move(made, CACHE, ATOMIC_MOVE);
    }
  }
}
