package io.github.flakeferry.nix.quarters;

import io.github.flakeferry.support.TemporaryFolder;
import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.support.process.Finished;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A {@code nix-daemon} of our own, which builds and fetches for the evaluating user what it may ask
 * for. Its socket lies in a folder that nobody else can enter.
 */
public final class Daemon implements AutoCloseable {
  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final int PAUSE_MILLIS = 5;

  private final TemporaryFolder folder;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Future<Finished> ended;

  private Daemon(TemporaryFolder folder, Command command) {
    this.folder = folder;
    // it would run for ever; interrupting the thread ends it with its children
    this.ended = threads.submit(() -> command.run());
  }

  /**
   * Starts one and returns when it answers.
   *
   * @param command {@code nix-daemon} with the run's settings; with nothing secret in its
   *     environment, of which builds may ask for parts
   * @throws IOException if it can't be started
   */
  public static Daemon start(Lodger lodger, Command command) throws IOException {
    var folder = TemporaryFolder.createForOthers("daemon");
    lodger.letInto(folder.path());
    Command whole =
        command
            .and("--option", "allowed-users", "root " + Lodger.NAME)
            .and("--option", "trusted-users", "root")
            // the store itself: by default it would look for a daemon where there is no store yet,
            // and find itself
            .with("NIX_REMOTE", "local")
            .with("NIX_DAEMON_SOCKET_PATH", socketIn(folder).toString());
    var daemon = new Daemon(folder, whole);
    try {
      daemon.await();
      return daemon;
    } catch (IOException | RuntimeException e) {
      daemon.close();
      throw e;
    }
  }

  private void await() throws IOException {
    long deadline = System.nanoTime() + LONGEST.toNanos();
    while (!answers()) {
      if (ended.isDone() || System.nanoTime() > deadline) {
        throw new IOException("nix-daemon does not start" + why());
      }
      try {
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("starting nix-daemon was interrupted");
      }
    }
  }

  private String why() {
    return ended.state() == Future.State.SUCCESS
        ? ": " + String.join("\n", ended.resultNow().lastErrorLines())
        : "";
  }

  /**
   * Calls it and hears it out. It opens the store anew for each who calls, and two at once are in
   * each other's way where there is none yet: one of them is told that the database is busy.
   */
  private boolean answers() {
    try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(socket()));
      channel.shutdownOutput();
      var heard = ByteBuffer.allocate(1024);
      while (channel.read(heard) >= 0) {
        heard.clear();
      }
      return true;
    } catch (IOException e) {
      return false; // not yet
    }
  }

  /** Where it listens. */
  public Path socket() {
    return socketIn(folder);
  }

  private static Path socketIn(TemporaryFolder folder) {
    return folder.path().resolve("socket");
  }

  /** Ends it with all that it has begun. */
  @Override
  public void close() {
    threads.shutdownNow();
    threads.close();
    folder.close();
  }
}
