package io.github.flakeferry.fleet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The policy files of the tests: {@code valid}; {@code invalid}, which the schema refuses, too;
 * {@code unfit}, which only the reader refuses, since it takes more than one place or the YAML
 * itself. What is refused has its faults beside it.
 */
final class Corpus {
  private static final Path ROOT = Path.of("src/test/resources/io/github/flakeferry/fleet");

  private Corpus() {}

  static List<Path> files(String kind) {
    try (var files = Files.list(ROOT.resolve(kind))) {
      return files.filter(f -> f.toString().endsWith(".yml")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String valid(String name) {
    return text(ROOT.resolve("valid/" + name + ".yml"));
  }
}
