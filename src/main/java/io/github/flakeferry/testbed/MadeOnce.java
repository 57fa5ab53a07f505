package io.github.flakeferry.testbed;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Things that take time to make and are kept from run to run: each is made whole or not at all, and
 * by one process at a time.
 *
 * @param home the folder in which they lie; named after the recipe, so a changed recipe makes new
 *     ones
 */
record MadeOnce(Path home) {
  private static final Object ONE_AT_A_TIME = new Object();

  /** Makes a file or a folder. */
  interface Maker {
    void make(Path target) throws IOException;
  }

  /** The thing of that name, which the maker makes where it is not there yet. */
  Path get(String name, Maker maker) throws IOException {
    Path made = home.resolve(name);
    if (Files.exists(made)) {
      return made;
    }
    Files.createDirectories(home);
    synchronized (ONE_AT_A_TIME) {
      try (var channel =
              FileChannel.open(
                  home.resolve(name + ".lock"),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
          FileLock lock = channel.lock()) {
        if (lock.isValid() && !Files.exists(made)) {
          Path unfinished = home.resolve(name + ".unfinished");
          BoardRoot.remove(unfinished);
          maker.make(unfinished);
          Files.move(unfinished, made, StandardCopyOption.ATOMIC_MOVE);
        }
      }
    }
    return made;
  }
}
