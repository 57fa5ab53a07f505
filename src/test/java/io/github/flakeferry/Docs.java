package io.github.flakeferry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What people read of the project. */
public final class Docs {
  public static final Path README = Path.of("README.md");
  public static final Path FOLDER = Path.of("src/doc");
  public static final Path FIRST_STEPS = FOLDER.resolve("first-steps.md");
  public static final Path RECIPES = FOLDER.resolve("recipes.md");
  public static final Path TROUBLESHOOTING = FOLDER.resolve("troubleshooting.md");
  public static final Path POLICY = FOLDER.resolve("policy.md");
  public static final Path BOARDS = FOLDER.resolve("boards.md");
  public static final Path COMMANDS = FOLDER.resolve("commands.md");
  public static final Path CI = FOLDER.resolve("ci.md");

  private Docs() {}

  /** All pages. */
  public static List<Path> pages() throws IOException {
    try (Stream<Path> files = Files.walk(FOLDER)) {
      return Stream.concat(
              Stream.of(README, Path.of("CONTRIBUTING.md"), Path.of("src/bench/README.md")),
              files.filter(file -> file.toString().endsWith(".md")).sorted())
          .toList();
    }
  }

  /** A page's text. */
  public static String text(Path page) {
    try {
      return Files.readString(page);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All pages' texts, one after another. */
  public static String everything() throws IOException {
    return pages().stream().map(Docs::text).collect(Collectors.joining("\n"));
  }
}
