package io.github.flakeferry.testbed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How many inotify instances this machine's root may have (inotify(7)): 128 where nobody asked for
 * more. A board's systemd and D-Bus take six, and one that gets none does not come up.
 */
final class WatchLimit {
  private static final Path FILE = Path.of("/proc/sys/fs/inotify/max_user_instances");

  /** For more boards than anybody starts at once. */
  private static final int ENOUGH = 1024;

  private WatchLimit() {}

  /** Raises it until the machine is started again, and never lowers it. */
  static void raise() {
    try {
      if (Integer.parseInt(Files.readString(FILE).strip()) < ENOUGH) {
        Files.writeString(FILE, Integer.toString(ENOUGH));
      }
    } catch (IOException | NumberFormatException e) {
      // where that may not be set, a few boards still have enough
    }
  }
}
