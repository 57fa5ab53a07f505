package io.github.flakeferry.source;

/** What a commit has under a name. */
public sealed interface FileContent {
  /** A regular file, as UTF-8. */
  record Text(String text) implements FileContent {}

  /** A symbolic link, which could lead anywhere: it is not followed. */
  record Link() implements FileContent {}

  /**
   * A regular file that is too long to be read.
   *
   * @param bytes its length
   * @param most that are read
   */
  record TooLong(long bytes, long most) implements FileContent {}

  /** Nothing, or what is no file: a folder, a submodule. */
  record Absent() implements FileContent {}
}
