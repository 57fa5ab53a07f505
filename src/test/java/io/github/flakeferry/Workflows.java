package io.github.flakeferry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The workflows that we publish, and where. */
final class Workflows {
  static final Path EXAMPLES = Path.of("src", "examples");
  static final Path POLICY = EXAMPLES.resolve("flakeferry.yml");

  private static final Pattern BLOCK = Pattern.compile("(?s)```yaml\n(on:.*?)```");

  private Workflows() {}

  static List<Path> examples() throws IOException {
    return in(EXAMPLES).stream().filter(file -> !file.equals(POLICY)).toList();
  }

  static List<Path> own() throws IOException {
    return in(Path.of(".github", "workflows"));
  }

  /** Those in the pages. */
  static List<String> shown() throws IOException {
    return BLOCK
        .matcher(Docs.everything())
        .results()
        .map((MatchResult found) -> found.group(1))
        .toList();
  }

  private static List<Path> in(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".yml")).sorted().toList();
    }
  }
}
