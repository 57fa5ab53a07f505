package io.github.flakeferry.forge;

import java.util.List;

/**
 * What there is to say of a commit once it is checked.
 *
 * @param title one line
 * @param summary Markdown; cut where the forge takes no more
 * @param annotations what is wrong where, in files of the repository
 */
public record CheckResult(
    CheckConclusion conclusion, String title, String summary, List<Annotation> annotations) {
  public CheckResult {
    annotations = List.copyOf(annotations);
  }

  /**
   * Something that is wrong in a file.
   *
   * @param path from the repository's root
   * @param line from 1
   * @param column from 1
   */
  public record Annotation(String path, int line, int column, String message) {}
}
