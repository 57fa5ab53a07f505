package io.github.flakeferry.testbed;

import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.SystemPlatform;
import io.github.flakeferry.support.progress.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Boards on this machine for tests and for the demo. Needs root and, for what it installs by
 * itself, Debian. Closing it removes its boards; so does the end of the process, and what a killed
 * process left behind is removed by the next one.
 */
public final class Testbed implements AutoCloseable {
  /** Where the folder for what is kept from run to run can be named. */
  public static final String CACHE_VARIABLE = "FLAKEFERRY_CACHE";

  private static final EnumSet<Tool> BOARDS =
      EnumSet.of(
          Tool.IP,
          Tool.TC,
          Tool.UNSHARE,
          Tool.NSENTER,
          Tool.SETSID,
          Tool.MOUNT,
          Tool.UMOUNT,
          Tool.MMDEBSTRAP,
          Tool.SSH,
          Tool.SSH_KEYGEN,
          Tool.GIT,
          Tool.NIX,
          Tool.ZSTD,
          Tool.CROSS_COMPILER);

  private final Requirements requirements;
  private final Emulation emulation;
  private final Progress progress;
  private final BoardRoot roots;
  private final Path cache;
  private final Path own;
  private final LoginKey login;
  private final List<TestBoard> boards = new CopyOnWriteArrayList<>();
  private final List<WholeMachine> machines = new CopyOnWriteArrayList<>();
  private final Thread atExit;

  private Testbed(
      Requirements requirements, Progress progress, BoardRoot roots, Path cache, Path own)
      throws IOException {
    this.requirements = requirements;
    this.progress = progress;
    this.emulation = new Emulation(requirements);
    this.roots = roots;
    this.cache = cache;
    this.own = own;
    this.login = LoginKey.make(own);
    this.atExit = new Thread(this::removeAll, "testbed-at-exit");
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /**
   * Checks the machine, installs what is missing, and makes the boards' root when it is not in the
   * cache yet, which takes about a minute.
   *
   * @throws TestbedUnavailable if this machine can't have it
   * @throws IOException if something else goes wrong
   */
  public static Testbed prepare(Progress progress) throws IOException {
    var requirements = Requirements.ofThisMachine(progress);
    requirements.demand(BOARDS);
    requirements.demandNamespaces();
    WatchLimit.raise();
    Path cache =
        Path.of(
            Optional.ofNullable(System.getenv(CACHE_VARIABLE))
                .filter(folder -> !folder.isBlank())
                .orElse("/var/cache/flakeferry"));
    Slot.sweep(false);
    BoardRoot roots = BoardRoot.in(cache, progress);
    roots.amd64();
    return new Testbed(
        requirements, progress, roots, cache, Files.createTempDirectory("flakeferry-testbed-"));
  }

  /** Removes the boards that were kept by earlier runs. */
  public static void removeKept() throws IOException {
    Slot.sweep(true);
  }

  /** Starts an amd64 board; see {@link #startBoard(String, BoardOptions)}. */
  public TestBoard startBoard(String name) throws IOException {
    return startBoard(name, BoardOptions.PLAIN);
  }

  /** Starts a board of this kind; see {@link #startBoard(String, BoardOptions)}. */
  public TestBoard startBoard(String name, TestBoard.Kind kind) throws IOException {
    return startBoard(name, BoardOptions.PLAIN.kind(kind));
  }

  /**
   * Starts a new board and waits until it is up.
   *
   * @param name its host name; two boards may have the same
   * @throws TestbedUnavailable if the options need what this machine can't have
   * @throws IOException with the end of its console, if it does not come up
   */
  public TestBoard startBoard(String name, BoardOptions options) throws IOException {
    if (options.link().isPresent()) {
      requirements.demand(EnumSet.of(Tool.COMPILER));
    }
    if (options.kind() == TestBoard.Kind.RISCV64) {
      emulation.demand();
    }
    Slot slot = Slot.take(boardFolders(), new BoardName(name).value());
    TestBoard board;
    try {
      board = new TestBoard(name, options, login, slot, roots);
    } catch (IOException | RuntimeException e) {
      slot.clean();
      slot.release();
      throw e;
    }
    boards.add(board);
    try {
      board.start();
    } catch (IOException | RuntimeException e) {
      board.close();
      throw e;
    }
    return board;
  }

  private Path boardFolders() {
    return cache.resolve("boards");
  }

  /**
   * Starts a whole riscv64 machine and waits until it is up: seconds, but minutes the first time,
   * when its image is made.
   *
   * @param name what it is called here; its own host name is that of its system
   * @throws TestbedUnavailable if this machine can't run it
   * @throws IOException with the end of its console, if it does not come up
   */
  public WholeMachine startMachine(String name) throws IOException {
    requirements.demand(MachineImage.TOOLS);
    // its first system is built by its own Nix
    emulation.demand();
    Slot slot = Slot.take(boardFolders(), new BoardName(name).value());
    WholeMachine machine;
    try {
      MachineImage image = MachineImage.in(cache, roots, slot, progress);
      Path disk = image.copyDisk(slot.folder().resolve("disk.qcow2"));
      machine = new WholeMachine(name, image, disk, slot);
    } catch (IOException | RuntimeException e) {
      slot.clean();
      slot.release();
      throw e;
    }
    machines.add(machine);
    try {
      machine.resume();
    } catch (IOException | RuntimeException e) {
      machine.close();
      throw e;
    }
    return machine;
  }

  /**
   * Whether this machine runs programs of that platform, its own or by emulation. Installs and
   * enables the emulator where it can.
   */
  public boolean canEmulate(SystemPlatform platform) throws IOException {
    return emulation.isPossible(platform);
  }

  /**
   * The words that run a program of the boards' system on this one: the same Nix as theirs, say.
   *
   * @param program its name
   */
  public List<String> ofBoards(String program) throws IOException {
    Path root = roots.amd64();
    return List.of(
        root.resolve("lib64/ld-linux-x86-64.so.2").toString(),
        "--library-path",
        root.resolve("usr/lib/x86_64-linux-gnu").toString(),
        root.resolve("usr/bin").resolve(program).toString());
  }

  /** A folder of this test bed's own that is removed with it. */
  public Path folder() {
    return own;
  }

  @Override
  public void close() {
    removeAll();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // the process is ending: the hook runs, and finds nothing left to do
    }
  }

  private void removeAll() {
    for (TestBoard board : boards) {
      try {
        board.close();
      } catch (IOException e) {
        throw new java.io.UncheckedIOException("the board " + board.name() + " stays", e);
      }
    }
    for (WholeMachine machine : machines) {
      try {
        machine.close();
      } catch (IOException e) {
        throw new java.io.UncheckedIOException("the machine " + machine.name() + " stays", e);
      }
    }
    try {
      BoardRoot.remove(own);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
