package io.github.flakeferry.testbed;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * One of the 254 places for a board on this machine: a network 10.231.N.0/30, and all names that
 * are made of the number. A lock holds it as long as this process lives, so what lies in a slot
 * that nobody holds was left behind by a process that was killed, or kept on purpose.
 */
final class Slot {
  private static final int LAST = 254;
  private static final Path HOME = Path.of("/run/flakeferry-testbed");
  // closing any channel on a file gives up the process's locks on it: ours are opened only once
  private static final Set<Integer> HELD = new HashSet<>();

  private final int number;
  private final FileChannel channel;

  private Slot(int number, FileChannel channel) {
    this.number = number;
    this.channel = channel;
  }

  /**
   * Takes a free slot.
   *
   * @param folders where the boards' folders lie
   */
  static Slot take(Path folders, String boardName) throws IOException {
    Files.createDirectories(HOME);
    for (int n = 1; n <= LAST; n++) {
      Optional<Slot> taken = tryLock(n);
      if (taken.isPresent()) {
        Slot slot = taken.get();
        if (slot.isFree()) {
          Path folder = folders.resolve(boardName + "-" + n);
          Files.createDirectories(folder);
          Files.writeString(slot.folderFile(), folder.toString());
          return slot;
        }
        slot.release();
      }
    }
    throw new TestbedUnavailable(
        "all " + LAST + " networks for boards are taken", "stop some with `ip netns list`");
  }

  /**
   * Removes what killed processes left behind.
   *
   * @param keptToo also what was kept on purpose
   */
  static void sweep(boolean keptToo) throws IOException {
    for (int n = 1; n <= LAST; n++) {
      if (Files.exists(HOME.resolve(n + ".folder"))) {
        Optional<Slot> taken = tryLock(n);
        if (taken.isPresent()) {
          Slot slot = taken.get();
          if (keptToo || !Files.exists(slot.keptMark())) {
            slot.clean();
          }
          slot.release();
        }
      }
    }
  }

  private static Optional<Slot> tryLock(int n) throws IOException {
    synchronized (HELD) {
      if (!HELD.add(n)) {
        return Optional.empty();
      }
      FileChannel channel =
          FileChannel.open(
              HOME.resolve(n + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      if (lock == null) {
        channel.close();
        HELD.remove(n);
        return Optional.empty();
      }
      return Optional.of(new Slot(n, channel));
    }
  }

  private boolean isFree() throws IOException {
    if (Files.exists(folderFile())) {
      if (Files.exists(keptMark())) {
        return false;
      }
      clean();
    }
    // somebody else's board, made by other means
    return !Tool.IP
        .command("-4", "-o", "route", "show", "table", "all")
        .run()
        .orThrow()
        .output()
        .contains(prefix());
  }

  private Path folderFile() {
    return HOME.resolve(number + ".folder");
  }

  private Path keptMark() throws IOException {
    return folder().resolve("kept");
  }

  /** The board's own folder. */
  Path folder() throws IOException {
    return Path.of(Files.readString(folderFile()).strip());
  }

  /** Lets the board live on when this process ends. */
  void keep() throws IOException {
    Files.createFile(keptMark());
  }

  private String prefix() {
    return "10.231." + number + ".";
  }

  /** The machine's end of the board's network. */
  String hostAddress() {
    return prefix() + "1";
  }

  String boardAddress() {
    return prefix() + "2";
  }

  /** An address of this machine's own, for what QEMU forwards to a board. */
  String loopback() {
    return "127.231." + number + ".2";
  }

  /** The machine's end of the board's cable. */
  String device() {
    return "ffboard" + number;
  }

  String namespace() {
    return "flakeferry-" + number;
  }

  Cgroup cgroup() throws IOException {
    return Cgroup.named("flakeferry-" + number);
  }

  /** Where the program lives that makes a slow cable: the board's power is not its power. */
  Cgroup linkCgroup() throws IOException {
    return Cgroup.named("flakeferry-" + number + "-link");
  }

  /** Kills and removes everything that lives in this slot. Whatever is gone already is no error. */
  void clean() throws IOException {
    for (Cgroup group : java.util.List.of(cgroup(), linkCgroup())) {
      group.kill();
      group.remove();
    }
    Tool.IP.command("netns", "delete", namespace()).run();
    Tool.IP.command("link", "delete", device()).run();
    for (String limited : Disk.LIMITED) {
      Tool.UMOUNT.command("--quiet", "--lazy", folder().resolve(limited).toString()).run();
    }
    BoardRoot.remove(folder());
    Files.deleteIfExists(folderFile());
  }

  /** Lets others have it. */
  void release() throws IOException {
    synchronized (HELD) {
      channel.close();
      HELD.remove(number);
    }
  }
}
