package io.github.flakeferry.testbed;

import io.github.flakeferry.model.BoardAddress;
import io.github.flakeferry.model.HostKey;
import io.github.flakeferry.model.SshKey;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.model.SystemPlatform;
import io.github.flakeferry.support.process.Finished;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A board that looks like NixOS from outside: real systemd, OpenSSH and Nix, in namespaces of this
 * machine, up within a second or two. Its {@code switch-to-configuration}, boot loader files and
 * profile behave as NixOS's do; its programs are Debian's. {@link #close} removes every trace of
 * it.
 */
public final class TestBoard implements AutoCloseable {
  /** A board's processor. */
  public enum Kind {
    /** This machine's own, at its full speed. */
    AMD64,
    /**
     * What a session uses is riscv64 and runs by emulation; systemd and sshd are this machine's.
     */
    RISCV64;

    /** What Nix calls it. */
    public SystemPlatform platform() {
      return new SystemPlatform(
          switch (this) {
            case AMD64 -> "x86_64-linux";
            case RISCV64 -> "riscv64-linux";
          });
    }
  }

  private static final Duration GOES_DOWN_WITHIN = Duration.ofMinutes(1);
  private static final Duration RUN_AT_MOST = Duration.ofMinutes(10);

  private final String name;
  private final BoardOptions options;
  private final LoginKey login;
  private final Slot slot;
  private final HostKey hostKey;
  private final BoardNetwork network;
  private final BoardMachine machine;
  private boolean closed;
  private boolean kept;

  TestBoard(String name, BoardOptions options, LoginKey login, Slot slot, BoardRoot roots)
      throws IOException {
    this.name = name;
    this.options = options;
    this.login = login;
    this.slot = slot;
    List<Path> layers =
        switch (options.kind()) {
          case AMD64 -> List.of(roots.amd64());
          case RISCV64 -> List.of(roots.riscv64(), roots.amd64());
        };
    hostKey =
        new Disk(slot.folder()).make(options, login.publicLine(), slot.boardAddress() + "/30");
    network = new BoardNetwork(slot);
    machine = new BoardMachine(name, slot, layers, roots.recipe().resolve("root/boot-board.sh"));
    network.make(
        options.link(),
        options.link().isPresent()
            ? java.util.Optional.of(roots.slowLink())
            : java.util.Optional.empty());
  }

  /** Where it lives on this machine. */
  Slot slot() {
    return slot;
  }

  public String name() {
    return name;
  }

  public Kind kind() {
    return options.kind();
  }

  /** Root's login, with the board's own host key pinned. */
  public BoardAddress address() {
    return address("root");
  }

  /**
   * The login of a user who is nobody to Nix: the store is behind the daemon, and takes from him
   * only what a trusted key has signed (see {@link #setNix}). No sudo yet.
   */
  public BoardAddress deployUser() {
    return address("deploy");
  }

  private BoardAddress address(String user) {
    return new BoardAddress(slot.boardAddress(), 22, user, List.of(), List.of(hostKey));
  }

  /**
   * Has its Nix and its Nix daemon use these settings beside those of a new board.
   *
   * @param settings lines as in {@code nix.conf}: {@code trusted-public-keys = cache-1:…}; they
   *     replace what was set so before
   */
  public void setNix(String... settings) throws IOException {
    run("""
            cat >/etc/nix/board.conf <<'EOF'
            %s
            EOF
            systemctl stop nix-daemon.service 2>/dev/null
            """
            .formatted(String.join("\n", settings)))
        .orThrow();
  }

  /** This machine's address as the board sees it: where a server for the board can listen. */
  public String hostAddress() {
    return slot.hostAddress();
  }

  /** The key that may log in as root and as the deploy user. */
  public SshKey key() {
    return login.key();
  }

  /** The same key as a file, for programs. Gone when the test bed is closed. */
  public Path keyFile() {
    return login.file();
  }

  /**
   * Boots it from its disk, as the default of its boot loader says, and waits until its systemd has
   * started everything.
   *
   * @throws IOException with the end of its console, if it does not come up
   */
  public void start() throws IOException {
    network.plug();
    machine.start();
  }

  /** All its processes are gone at once, whatever they were at; its disk stays as it is. */
  public void powerCut() throws IOException {
    machine.powerCut();
  }

  /**
   * Waits until it has gone down, as by {@code systemctl reboot}, and starts it again: what a
   * machine's firmware does.
   *
   * @throws IOException if it does not go down within a minute
   */
  public void restart() throws IOException {
    goDown();
    start();
  }

  /** Waits until it has gone down, and leaves it there. */
  public void goDown() throws IOException {
    machine.awaitDown(GOES_DOWN_WITHIN);
    powerCut();
  }

  /** Unplugs the cable: what is sent is lost, and neither end is told. */
  public void linkDown() throws IOException {
    network.down();
  }

  public void linkUp() throws IOException {
    network.up();
  }

  /** Leaves no byte free in its /nix, which must have been given a size. */
  public void fillDisk() throws IOException {
    fill("/nix");
  }

  /** Leaves no byte free in its /boot, which must have been given a size. */
  public void fillBoot() throws IOException {
    fill("/boot");
  }

  private void fill(String folder) throws IOException {
    boolean limited =
        folder.equals("/nix")
            ? options.storeMegabytes().isPresent()
            : options.bootMegabytes().isPresent();
    if (!limited) {
      throw new IllegalStateException("the board " + name + " has a " + folder + " without limit");
    }
    run("cat /dev/zero >" + folder + "/.filler; sync; exit 0").orThrow();
  }

  /** Takes back what {@link #fillDisk} and {@link #fillBoot} took. */
  public void freeDisk() throws IOException {
    run("rm -f /nix/.filler /boot/.filler").orThrow();
  }

  /** Runs a shell script in the board as root, without its network, for at most ten minutes. */
  public Finished run(String script) throws IOException {
    return machine.enter("/bin/sh", "-s").within(RUN_AT_MOST).run(script);
  }

  /** Runs a program in the board as root between two streams, without its network. */
  public Finished pipe(InputStream source, OutputStream sink, String... words) throws IOException {
    return machine.enter(words).within(RUN_AT_MOST).pipe(source, sink);
  }

  /** What {@code /run/current-system} is. */
  public StorePath currentSystem() throws IOException {
    return systemAt("/run/current-system");
  }

  /** What {@code /run/booted-system} is. */
  public StorePath bootedSystem() throws IOException {
    return systemAt("/run/booted-system");
  }

  /** What the profile's newest choice is, {@code /nix/var/nix/profiles/system}. */
  public StorePath profileSystem() throws IOException {
    return systemAt("/nix/var/nix/profiles/system");
  }

  private StorePath systemAt(String link) throws IOException {
    return StorePath.parse(run("readlink -f " + link).orThrow().output().strip());
  }

  /** What it wrote to its console since it was started. */
  public String console() throws IOException {
    return machine.console();
  }

  /** A command that logs in, to be shown to people. */
  public String loginCommand() throws IOException {
    return LoginKey.command(slot, hostKey);
  }

  /** Lets it live on when this process ends, until {@link Testbed#removeKept}. */
  public void keep() throws IOException {
    login.copyTo(slot.folder());
    slot.keep();
    kept = true;
  }

  /** Removes it and its disk; does nothing when it is closed already, or kept. */
  @Override
  public synchronized void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    // also for a caller that was interrupted
    boolean interrupted = Thread.interrupted();
    try {
      if (!kept) {
        slot.clean();
      }
      slot.release();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
