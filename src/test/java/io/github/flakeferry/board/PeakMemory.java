package io.github.flakeferry.board;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Looks again and again how much memory is taken by what copies: on this machine by this process
 * and the programs that it started, and by such programs on the boards, whose network is another.
 * What is gone within some milliseconds may be missed.
 */
final class PeakMemory implements AutoCloseable {
  private static final Set<String> PROGRAMS = Set.of("zstd", "nix-store", "nix", "nix-daemon");
  private static final int PAUSE_MILLIS = 5;

  private final CountDownLatch over = new CountDownLatch(1);
  private final Thread watcher = Thread.ofPlatform().daemon().start(this::watch);
  private volatile long here;
  private volatile long boards;

  private void watch() {
    try {
      do {
        look();
      } while (!over.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() {
    ProcessHandle own = ProcessHandle.current();
    long ours = resident(own);
    long theirs = 0;
    for (ProcessHandle process : own.descendants().toList()) {
      if (PROGRAMS.contains(read(process, "comm").strip())) {
        if (network(process).equals(network(own))) {
          ours += resident(process);
        } else {
          theirs += resident(process);
        }
      }
    }
    here = Math.max(here, ours);
    boards = Math.max(boards, theirs);
  }

  // proc(5); in pages
  private static long resident(ProcessHandle process) {
    String[] fields = read(process, "statm").split(" ");
    return fields.length > 1 ? Long.parseLong(fields[1]) * 4096 : 0;
  }

  private static String read(ProcessHandle process, String file) {
    try {
      return Files.readString(folder(process).resolve(file));
    } catch (IOException e) {
      return ""; // it is gone
    }
  }

  private static String network(ProcessHandle process) {
    try {
      return Files.readSymbolicLink(folder(process).resolve("ns/net")).toString();
    } catch (IOException e) {
      return ""; // it is gone
    }
  }

  private static Path folder(ProcessHandle process) {
    return Path.of("/proc", Long.toString(process.pid()));
  }

  /** Bytes on this machine, those of the whole Java process among them. */
  long here() {
    return here;
  }

  /** Bytes on all boards together. */
  long boards() {
    return boards;
  }

  @Override
  public void close() {
    over.countDown();
    try {
      watcher.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
