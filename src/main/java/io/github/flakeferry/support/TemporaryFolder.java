package io.github.flakeferry.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;

/**
 * A folder that is removed again with all that is in it.
 *
 * @param path absolute, only ours to read
 */
public record TemporaryFolder(Path path) implements AutoCloseable {
  /**
   * Makes one where {@code TMPDIR} says, or else beside the machine's other temporary files: Java
   * itself does not read that variable.
   *
   * @param purpose a word for its name
   * @throws IOException if it can't be made
   */
  public static TemporaryFolder create(String purpose) throws IOException {
    return new TemporaryFolder(
        Files.createTempDirectory(place(System.getenv()), "flakeferry-" + purpose + "-"));
  }

  /**
   * Makes one beside the machine's other temporary files, for what is small and others have to get
   * to: {@code TMPDIR} may lie where they can't, and too deep for a socket.
   *
   * @param purpose a word for its name
   * @throws IOException if it can't be made
   */
  public static TemporaryFolder createForOthers(String purpose) throws IOException {
    return new TemporaryFolder(Files.createTempDirectory("flakeferry-" + purpose + "-"));
  }

  static Path place(Map<String, String> environment) {
    return Optional.ofNullable(environment.get("TMPDIR"))
        .filter(folder -> !folder.isEmpty())
        .map(Path::of)
        .orElseGet(() -> Path.of(System.getProperty("java.io.tmpdir")))
        .toAbsolutePath();
  }

  /** Removes it as far as it can be; what is left the system clears away. */
  @Override
  public void close() {
    try (var files = Files.walk(path)) {
      files.sorted(Comparator.reverseOrder()).forEach(f -> f.toFile().delete());
    } catch (IOException | UncheckedIOException e) {
      // nobody needs it any more
    }
  }
}
