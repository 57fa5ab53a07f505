package io.github.flakeferry.support;

import io.github.flakeferry.model.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Files that only their owner can read, from the moment they are there. */
public final class PrivateFile {
  private PrivateFile() {}

  /**
   * Writes a new one.
   *
   * @throws java.nio.file.FileAlreadyExistsException if it is there already: none is overwritten
   */
  public static void write(Path file, Secret text) throws IOException {
    try (var channel =
        Files.newByteChannel(
            file,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      channel.write(StandardCharsets.UTF_8.encode(text.reveal()));
    }
  }

  /** Makes a folder for such files, and those above it that are missing. */
  public static void folder(Path folder) throws IOException {
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }
}
