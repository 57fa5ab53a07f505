package io.github.flakeferry.testbed;

import io.github.flakeferry.model.BoardAddress;
import io.github.flakeferry.model.HostKey;
import io.github.flakeferry.model.SshKey;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.model.SystemPlatform;
import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.support.process.Finished;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * A whole riscv64 machine under QEMU that looks like NixOS from outside: a kernel and a disk of its
 * own, systemd, OpenSSH and Nix. Unlike a {@link TestBoard} it loses at a power cut whatever was
 * not synced, and it reboots. It comes up from its memory within seconds; a boot takes the better
 * part of a minute. {@link #close} removes every trace of it.
 */
public final class WholeMachine implements AutoCloseable {
  private static final Duration UP_WITHIN = Duration.ofMinutes(5);
  private static final Duration RUN_AT_MOST = Duration.ofMinutes(10);
  private static final int BANNER_MILLIS = 30_000;

  /** How {@code machine/boot-loader.sh} and the kernel say that they go no further. */
  private static final List<String> HOPELESS = List.of("boot loader: ", "Kernel panic");

  private final String name;
  private final Slot slot;
  private final HostKey hostKey;
  private final LoginKey login;
  private final Qemu qemu;
  private boolean closed;

  WholeMachine(String name, MachineImage image, Path disk, Slot slot) throws IOException {
    this.name = name;
    this.slot = slot;
    this.hostKey = image.hostKey();
    this.login = image.login();
    this.qemu = new Qemu(image, disk, slot);
    Files.writeString(
        knownHosts(), "[%s]:%d %s\n".formatted(slot.loopback(), Qemu.SSH_PORT, hostKey));
  }

  private Path knownHosts() throws IOException {
    return slot.folder().resolve("known_hosts");
  }

  public String name() {
    return name;
  }

  /** What Nix calls its processor. */
  public SystemPlatform platform() {
    return TestBoard.Kind.RISCV64.platform();
  }

  /** Root's login, with the machine's own host key pinned. */
  public BoardAddress address() {
    return new BoardAddress(slot.loopback(), Qemu.SSH_PORT, "root", List.of(), List.of(hostKey));
  }

  /** The key that may log in as root. */
  public SshKey key() {
    return login.key();
  }

  /** Brings it up from the memory on its disk, and sets its clock, which stood still. */
  void resume() throws IOException {
    qemu.resume();
    awaitBanner();
    run("date --set=@" + Instant.now().getEpochSecond()).orThrow();
  }

  /**
   * Boots it from its disk, as the default of its boot loader says, and waits until its systemd has
   * started everything.
   *
   * @throws IOException with the end of its console, if it does not come up
   */
  public void start() throws IOException {
    qemu.boot();
    awaitBanner();
    // its exit code says whether some unit failed, which the machine's owner may want to see
    run("systemctl is-system-running --wait");
  }

  private void awaitBanner() throws IOException {
    long deadline = System.nanoTime() + UP_WITHIN.toNanos();
    while (!answers()) {
      String console = console();
      if (!qemu.isAlive()
          || System.nanoTime() > deadline
          || HOPELESS.stream().anyMatch(console::contains)) {
        throw new IOException(
            "the machine " + name + " did not come up:\n" + console + "\n" + qemu.log());
      }
      LockSupport.parkNanos(200_000_000);
    }
  }

  private boolean answers() {
    try (var socket = new Socket()) {
      // QEMU listens from the start, and hangs up where nobody listens in the machine
      socket.connect(new InetSocketAddress(slot.loopback(), Qemu.SSH_PORT), BANNER_MILLIS);
      socket.setSoTimeout(BANNER_MILLIS);
      var reader =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      String banner = reader.readLine();
      return banner != null && banner.startsWith("SSH-");
    } catch (IOException e) {
      return false;
    }
  }

  /** It is gone at once, whatever it was at, and with it all that it had not synced. */
  public void powerCut() throws IOException {
    qemu.kill();
  }

  /** For the next ones to {@link #resume}: keeps its memory on its disk, and ends. */
  void saveAndEnd() throws IOException {
    qemu.saveAndEnd();
  }

  /** Runs a shell script in it as root, for at most ten minutes. */
  public Finished run(String script) throws IOException {
    return ssh().and("/bin/sh", "-s").within(RUN_AT_MOST).run(script);
  }

  private Command ssh() throws IOException {
    return Tool.SSH
        .command("-F", "/dev/null", "-i", login.file().toString(), "-p", "" + Qemu.SSH_PORT)
        .and("-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes", "-o", "ServerAliveInterval=20")
        .and("-o", "UserKnownHostsFile=" + knownHosts())
        .and("root@" + slot.loopback());
  }

  /** What {@code /run/current-system} is. */
  public StorePath currentSystem() throws IOException {
    return systems().current();
  }

  /** What runs, what was booted, and what the profile has. */
  public record Systems(StorePath current, StorePath booted, StorePath profile, String bootId) {}

  /** See {@link Systems}. */
  public Systems systems() throws IOException {
    List<String> lines =
        run("""
            readlink -f /run/current-system /run/booted-system /nix/var/nix/profiles/system
            cat /proc/sys/kernel/random/boot_id
            """)
            .orThrow()
            .output()
            .lines()
            .toList();
    return new Systems(
        StorePath.parse(lines.get(0)),
        StorePath.parse(lines.get(1)),
        StorePath.parse(lines.get(2)),
        lines.get(3));
  }

  /** What it wrote to its console since it was started. */
  public String console() throws IOException {
    return Files.exists(qemu.console()) ? Files.readString(qemu.console()) : "";
  }

  /**
   * Waits until it has written these words to its console.
   *
   * @throws IOException when it has not within the time that a start may take
   */
  public void awaitConsole(String words) throws IOException {
    long deadline = System.nanoTime() + UP_WITHIN.toNanos();
    while (!console().contains(words)) {
      if (!qemu.isAlive() || System.nanoTime() > deadline) {
        throw new IOException("the machine " + name + " never said '" + words + "':\n" + console());
      }
      LockSupport.parkNanos(10_000_000);
    }
  }

  /** Removes it and its disk; does nothing when it is closed already. */
  @Override
  public synchronized void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    // also for a caller that was interrupted
    boolean interrupted = Thread.interrupted();
    try {
      slot.clean();
      slot.release();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
