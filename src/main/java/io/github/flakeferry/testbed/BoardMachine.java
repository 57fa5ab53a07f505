package io.github.flakeferry.testbed;

import io.github.flakeferry.support.process.Command;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/** A board's processes: PID 1 in namespaces of its own, and everything below it. */
final class BoardMachine {
  private static final Duration BOOTS_WITHIN = Duration.ofMinutes(3);
  private static final int SSH_PORT = 22;
  private static final int TRY_MILLIS = 500;

  private final String name;
  private final Slot slot;
  private final List<Path> layers;
  private final Path bootScript;

  BoardMachine(String name, Slot slot, List<Path> layers, Path bootScript) {
    this.name = name;
    this.slot = slot;
    this.layers = List.copyOf(layers);
    this.bootScript = bootScript;
  }

  private Path pidFile() throws IOException {
    return slot.folder().resolve("pid");
  }

  /** Starts PID 1 and waits until the board answers and its systemd is done. */
  void start() throws IOException {
    var words = new ArrayList<>(Tool.IP.command("netns", "exec", slot.namespace()).words());
    words.addAll(
        Tool.UNSHARE
            .command("--mount", "--pid", "--uts", "--ipc", "--cgroup")
            .and("--fork", "--kill-child", "--propagation", "private")
            .words());
    words.addAll(List.of("/bin/sh", bootScript.toString(), slot.folder().toString()));
    words.add(layers.stream().map(Path::toString).collect(Collectors.joining(":")));
    words.add(name);
    Process process =
        slot.cgroup()
            .process(words)
            .redirectErrorStream(true)
            .redirectOutput(consoleFile().toFile())
            .start();
    Files.writeString(pidFile(), Long.toString(process.pid()));
    long deadline = System.nanoTime() + BOOTS_WITHIN.toNanos();
    while (!answers()) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw new IOException("the board " + name + " did not come up:\n" + console());
      }
      LockSupport.parkNanos(20_000_000);
    }
    // its exit code says whether some unit failed, which the board's owner may want to see
    enter("systemctl", "is-system-running", "--wait").within(BOOTS_WITHIN).run();
  }

  private Path consoleFile() throws IOException {
    return slot.folder().resolve("console");
  }

  String console() throws IOException {
    return Files.readString(consoleFile());
  }

  private boolean answers() {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(slot.boardAddress(), SSH_PORT), TRY_MILLIS);
      // sshd counts those who leave without a word, and turns them away after some
      socket.setSoTimeout((int) BOOTS_WITHIN.toMillis());
      var reader =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      String banner = reader.readLine();
      return banner != null && banner.startsWith("SSH-");
    } catch (IOException e) {
      return false;
    }
  }

  /** Waits until its PID 1 has ended by itself. */
  void awaitDown(Duration within) throws IOException {
    var unshare = ProcessHandle.of(Long.parseLong(Files.readString(pidFile())));
    try {
      if (unshare.isPresent()) {
        unshare.orElseThrow().onExit().get(within.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (TimeoutException | ExecutionException e) {
      throw new IOException("the board " + name + " did not go down:\n" + console(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  void powerCut() throws IOException {
    slot.cgroup().kill();
    // a new boot wants new groups: new processes in those that were killed can die at once
    slot.cgroup().remove();
  }

  /** A command that runs in the board's namespaces, with the programs of its system. */
  Command enter(String... words) throws IOException {
    // --kill-child: PID 1 is the only child of the `unshare` that we started
    long pid =
        ProcessHandle.of(Long.parseLong(Files.readString(pidFile())))
            .flatMap(unshare -> unshare.children().findFirst())
            .orElseThrow(() -> new IOException("the board " + name + " is not running"))
            .pid();
    return Tool.NSENTER
        .command("--target", Long.toString(pid), "--mount", "--uts", "--ipc", "--net", "--pid")
        .and("--cgroup", "--root", "--wd", "--")
        .and("/usr/bin/env", "-i", "HOME=/root")
        .and("PATH=/run/wrappers/bin:/run/current-system/sw/bin:/usr/sbin:/usr/bin")
        .and(words);
  }
}
