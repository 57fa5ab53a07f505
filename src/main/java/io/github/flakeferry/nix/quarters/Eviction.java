package io.github.flakeferry.nix.quarters;

import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.support.process.Exit;
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
  private final Set<Integer> suspects;

  /**
   * Nothing is done yet.
   *
   * @param uids of whom no process may be left
   * @param suspects those of them who may have processes that no list shows, since each lives too
   *     shortly
   */
  Eviction(Set<Integer> uids, Set<Integer> suspects) {
    this.uids = Set.copyOf(uids);
    this.suspects = Set.copyOf(suspects);
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
    Set<Integer> users = suspects;
    List<Running> left;
    do {
      var again = new TreeSet<Integer>();
      for (int user : users) {
        if (!killAllOf(user)) {
          again.add(user);
        }
      }
      left = running();
      for (Running process : left) {
        // as root: these can't be ended by them before they have done so
        ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroyForcibly);
        process.uids().stream().filter(uids::contains).forEach(again::add);
      }
      users = again;
      if (!users.isEmpty() && System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "processes of a build can't be ended: " + left.stream().map(Running::pid).toList());
      }
    } while (!users.isEmpty());
  }

  /**
   * All of a user's at once (kill(2), -1), so that they can't make new ones meanwhile.
   *
   * @return false if one of them was quicker, and ended what was to end them
   */
  private static boolean killAllOf(int uid) {
    try {
      Exit exit =
          Command.of(Lodger.become(uid, uid))
              .and("/bin/sh", "-c", "kill -s KILL -- -1")
              .run()
              .exit();
      return exit instanceof Exit.Code; // 1 where there is nobody
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
