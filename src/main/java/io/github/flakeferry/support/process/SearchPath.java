package io.github.flakeferry.support.process;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Where programs are.
 *
 * @param folders in the order in which they are looked through
 */
public record SearchPath(List<Path> folders) {
  /** This process's own, the {@code PATH}. */
  public static final SearchPath OURS = parse(System.getenv().getOrDefault("PATH", ""));

  public SearchPath {
    folders = List.copyOf(folders);
  }

  /**
   * Reads a {@code PATH}, but for what depends on where one is: an empty element is the folder that
   * we are in (POSIX, "Environment Variables").
   */
  static SearchPath parse(String path) {
    return new SearchPath(
        Arrays.stream(path.split(File.pathSeparator))
            .map(Path::of)
            .filter(Path::isAbsolute)
            .toList());
  }

  /** The program of this name. */
  public Optional<Path> find(String program) {
    return folders.stream()
        .map(folder -> folder.resolve(program))
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .findFirst();
  }
}
