package io.github.flakeferry.nix;

import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.support.Words;
import io.github.flakeferry.support.progress.Progress;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * How much more this machine's store can hold.
 *
 * @param folder where the store is, or will be
 * @param free bytes
 * @param most bytes, with what the file system keeps for root
 * @param exact whether a path takes no less there than it has bytes: nothing is compressed, shared
 *     or, when the room gets short, collected as garbage
 */
public record StoreRoom(Path folder, long free, long most, boolean exact) {
  private static final Set<String> UNCOMPRESSED = Set.of("ext2", "ext3", "ext4", "xfs", "tmpfs");

  /**
   * Asks the file system.
   *
   * @param frugal whether Nix shares equal files, or collects garbage by itself
   * @return empty where it does not say
   */
  static Optional<StoreRoom> now(boolean frugal) {
    Path folder = Path.of(StorePath.STORE);
    try {
      FileStore files = Files.getFileStore(existing(folder));
      return Optional.of(
          new StoreRoom(
              folder,
              files.getUsableSpace(),
              files.getUnallocatedSpace(),
              !frugal && UNCOMPRESSED.contains(files.type())));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  // before Nix was used for the first time there is no store
  private static Path existing(Path folder) {
    Path parent = folder.getParent();
    return Files.exists(folder) || parent == null ? folder : existing(parent);
  }

  /**
   * Says that it gets short, where it does.
   *
   * @param what is to come, as the beginning of a sentence
   * @param bytes that it takes
   * @throws DiskFull if it can't be enough
   */
  public void expect(String what, long bytes, Progress progress) {
    String problem =
        "%s takes %s, and %s are free in %s"
            .formatted(what, Words.bytes(bytes), Words.bytes(free), folder);
    if (exact && bytes > most) {
      throw new DiskFull(problem);
    }
    if (bytes > free) {
      progress.warn(problem + ": the disk may get full");
    }
  }
}
