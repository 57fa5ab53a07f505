package io.github.flakeferry.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/**
 * A folder that is removed again with all that is in it.
 *
 * @param path absolute, only ours to read
 */
public record TemporaryFolder(Path path) implements AutoCloseable {
  /**
   * Makes one beside the machine's other temporary files.
   *
   * @param purpose a word for its name
   * @throws IOException if it can't be made
   */
  public static TemporaryFolder create(String purpose) throws IOException {
    return new TemporaryFolder(Files.createTempDirectory("flakeferry-" + purpose + "-"));
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
