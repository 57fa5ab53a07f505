package io.github.flakeferry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Looks on from outside while the program runs as a child of this process: the kernel says whom it
 * is connected to, and how large it is (proc_pid_status(5), {@code /proc/net/tcp6}).
 */
final class RunnerWatch implements AutoCloseable {
  private static final long PAUSE_NANOS = 10_000_000;

  /** SYN sent, and established: whoever is being asked, and whoever has answered. */
  private static final Set<String> CONNECTED = Set.of("01", "02");

  private final Set<String> hosts;
  private final Thread thread = Thread.ofPlatform().unstarted(this::watch);
  private volatile boolean done;
  private volatile int mostHosts;
  private volatile int mostThreads;
  private volatile long mostKilobytes;

  private RunnerWatch(Set<String> hosts) {
    this.hosts = hosts;
  }

  /**
   * Begins to look.
   *
   * @param addresses of the boards, in dotted decimals
   */
  static RunnerWatch over(List<String> addresses) {
    var watch =
        new RunnerWatch(
            addresses.stream().map(RunnerWatch::inHex).collect(Collectors.toUnmodifiableSet()));
    watch.thread.start();
    return watch;
  }

  // as the kernel prints it: the bytes of the address as a number of this machine's
  private static String inHex(String address) {
    String[] parts = address.split("\\.");
    byte[] bytes = new byte[4];
    for (int i = 0; i < 4; i++) {
      bytes[3 - i] = (byte) Integer.parseInt(parts[i]);
    }
    return HexFormat.of().withUpperCase().formatHex(bytes);
  }

  private void watch() {
    while (!done) {
      try {
        // the kernel tells the list in pieces, between which one may go and another come: those
        // that
        // are in two lists were there together when the first had ended
        Set<String> both = connected();
        both.retainAll(connected());
        mostHosts = Math.max(mostHosts, both.size());
        for (ProcessHandle child : ProcessHandle.current().children().toList()) {
          look(Path.of("/proc/" + child.pid() + "/status"));
        }
      } catch (IOException e) {
        // a process that has just ended has no status
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private Set<String> connected() throws IOException {
    // Java's sockets are all of IPv6, and have the addresses of IPv4 at the end of theirs
    try (Stream<String> lines = Files.lines(Path.of("/proc/net/tcp6"))) {
      return lines
          .map(line -> line.strip().split(" +"))
          .filter(fields -> CONNECTED.contains(fields[3]))
          .map(fields -> fields[2].split(":")[0])
          .map(address -> address.substring(address.length() - 8))
          .filter(hosts::contains)
          .collect(Collectors.toCollection(HashSet::new));
    }
  }

  private void look(Path status) throws IOException {
    List<String> lines = Files.readAllLines(status);
    if (lines.stream().anyMatch(line -> line.equals("Name:\tjava"))) {
      mostThreads = Math.max(mostThreads, (int) number(lines, "Threads:"));
      mostKilobytes = Math.max(mostKilobytes, number(lines, "VmHWM:"));
    }
  }

  private static long number(List<String> lines, String key) {
    return lines.stream()
        .filter(line -> line.startsWith(key))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElse(0);
  }

  /** With how many boards it was connected at the same time, at most. */
  int mostHosts() {
    return mostHosts;
  }

  /** How many threads of the operating system it had, at most. */
  int mostThreads() {
    return mostThreads;
  }

  /** How much memory it had, at most. */
  long mostMegabytes() {
    return mostKilobytes >> 10;
  }

  @Override
  public void close() {
    done = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
