package io.github.flakeferry.cache;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A place that keeps files under names such as {@code nix-cache-info}, {@code <hash>.narinfo} and
 * {@code nar/<hash>.nar.zst}. All methods may be called from many threads at once and throw {@link
 * PublishFailed}.
 */
public sealed interface BinaryCache extends AutoCloseable
    permits DirectoryCache, HttpBinaryCache, S3BinaryCache {
  /** Where it is, for people: no credentials in it. */
  String url();

  /** The text of a small file, where there is one of this name. */
  Optional<String> read(String name);

  boolean has(String name);

  /** Whether there is a file of this name that has so many bytes: half of one is none. */
  boolean has(String name, long bytes);

  /** Makes this the content of a file; nobody ever sees half of it. */
  void write(String name, String text);

  /**
   * Makes this the content of a new file, where the cache can tell that there is none.
   *
   * @return false where there is one, which stays as it is
   */
  boolean create(String name, String text);

  /**
   * Where files are made that are to be uploaded; it may be that there is no such folder yet.
   *
   * @param otherwise a folder for temporary files
   */
  default Path workshop(Path otherwise) {
    return otherwise;
  }

  /**
   * Brings a file there; nobody ever sees half of it.
   *
   * @param file in the {@link #workshop}; it may be gone afterwards
   */
  void upload(String name, Path file);

  @Override
  void close();
}
