package io.github.flakeferry.nix.quarters;

import io.github.flakeferry.support.process.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Ends all that runs as certain users, however it has hidden: sessions of its own, lost parents,
 * children that are made faster than they are found.
 */
final class Eviction {
  private static final Pattern PID = Pattern.compile("[1-9][0-9]*");
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final Set<Integer> uids;

  Eviction(Set<Integer> uids) {
    this.uids = Set.copyOf(uids);
  }

  /** A process that has not ended yet, and the users that it may act as. */
  private record Running(long pid, Set<Integer> uids) {}

  /**
   * Ends them, and returns when none is left.
   *
   * @throws IllegalStateException if some are still there after half a minute
   */
  void run() {
    boolean interrupted = Thread.interrupted(); // whoever cancels us wants this all the more
    try {
      endAll();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void endAll() {
    long deadline = System.nanoTime() + LONGEST.toNanos();
    for (List<Running> left = running(); !left.isEmpty(); left = running()) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "processes of a build can't be ended: " + left.stream().map(Running::pid).toList());
      }
      var users = new TreeSet<Integer>();
      for (Running process : left) {
        // as root: it can't be ended by them before it has done so
        ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroyForcibly);
        process.uids().stream().filter(uids::contains).forEach(users::add);
      }
      // all of a user's at once (kill(2), -1): they can't make new ones meanwhile
      users.forEach(Eviction::killAllOf);
    }
  }

  private static void killAllOf(int uid) {
    try {
      Command.of(Lodger.become(uid, uid)).and("/bin/sh", "-c", "kill -s KILL -- -1").run();
    } catch (IOException e) {
      throw new UncheckedIOException("no process could be started to end those of builds", e);
    }
  }

  private List<Running> running() {
    var found = new ArrayList<Running>();
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      processes
          .filter(folder -> PID.matcher(String.valueOf(folder.getFileName())).matches())
          .forEach(
              folder -> {
                Running process = read(folder);
                if (process.uids().stream().anyMatch(uids::contains)) {
                  found.add(process);
                }
              });
    } catch (IOException e) {
      throw new UncheckedIOException("the processes can't be listed", e);
    }
    return found;
  }

  /**
   * Reads {@code /proc/PID/status} (proc_pid_status(5)). The folder's owner says nothing: a process
   * can make root the owner.
   */
  private static Running read(Path folder) {
    var users = new HashSet<Integer>();
    try {
      for (String line : Files.readAllLines(folder.resolve("status"))) {
        if (line.matches("State:\\s+[ZX].*")) {
          users.clear();
          break; // dead, and nobody has asked yet how it ended
        }
        if (line.startsWith("Uid:")) {
          Stream.of(line.substring(4).strip().split("\\s+"))
              .map(Integer::valueOf)
              .forEach(users::add);
        }
      }
    } catch (IOException e) {
      users.clear(); // it has ended meanwhile
    }
    return new Running(Long.parseLong(String.valueOf(folder.getFileName())), users);
  }
}
