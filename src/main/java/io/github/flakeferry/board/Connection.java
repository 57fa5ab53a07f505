package io.github.flakeferry.board;

import io.github.flakeferry.model.BoardAddress;
import io.github.flakeferry.model.Outcome;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.connection.channel.direct.Session;

/**
 * One SSH connection to a board, with what can be done over it. Trouble with the link is an {@link
 * IOException}, what the board itself does wrong a {@link BoardFailure}.
 */
final class Connection implements AutoCloseable {
  /** More than this a script's output may not have. */
  private static final int MOST_OUTPUT = 4 << 20;

  private static final int MOST_ERRORS = 64 << 10;

  private final BoardAddress address;
  private final List<SSHClient> chain;
  private final Watchdog watchdog;

  /**
   * @param chain the clients of the jump hosts, and last the board's, connected and logged in
   */
  Connection(BoardAddress address, List<SSHClient> chain, Watchdog watchdog) {
    this.address = address;
    this.chain = List.copyOf(chain);
    this.watchdog = watchdog;
  }

  /** How a script ended. */
  record Answer(int status, String output, String errors) {}

  /**
   * Runs a script by {@code /bin/sh}, whatever the login shell, and keeps its output.
   *
   * @param asRoot through sudo where the login is not root's
   * @throws IOException if the link is lost, or the script takes longer than the deadline
   * @throws BoardFailure if it says more than could be right
   */
  Answer run(String script, boolean asRoot, Duration deadline) throws IOException {
    try (var _ = watchdog.after(deadline, this::abort);
        var command = exec(shell(asRoot));
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<String> errors =
          threads.submit(() -> bounded(command.errors(), MOST_ERRORS, "error messages"));
      try (OutputStream input = command.input()) {
        input.write(script.getBytes(StandardCharsets.UTF_8));
      }
      String output = bounded(command.output(), MOST_OUTPUT, "output");
      return new Answer(command.status(), output, errors.get());
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case BoardFailure failure -> throw failure;
        case null, default -> throw new IOException(e.getCause());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** Starts a script and leaves its output to the caller, who closes it. */
  Remote start(String script, boolean asRoot) throws IOException {
    Remote command = exec(shell(asRoot));
    try (OutputStream input = command.input()) {
      input.write(script.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      command.close();
      throw e;
    }
    return command;
  }

  private String shell(boolean asRoot) {
    return asRoot && !address.user().equals("root")
        ? "PATH=/run/wrappers/bin:$PATH sudo -n /bin/sh -s"
        : "/bin/sh -s";
  }

  /** Starts a command line of ours; what a board or a user said is never part of it. */
  Remote exec(String commandLine) throws IOException {
    Session session = chain.getLast().startSession();
    try {
      return new Remote(session.exec(commandLine));
    } catch (IOException e) {
      session.close();
      throw e;
    }
  }

  /** A command on the board, under way. */
  static final class Remote implements AutoCloseable {
    private final Session.Command command;
    private final InputStream output;

    Remote(Session.Command command) {
      this.command = command;
      // sshj's own stream blocks when no bytes at all are asked for, as readNBytes does at its end
      this.output = new BufferedInputStream(command.getInputStream());
    }

    OutputStream input() {
      return command.getOutputStream();
    }

    InputStream output() {
      return output;
    }

    InputStream errors() {
      return command.getErrorStream();
    }

    /**
     * Waits for its end.
     *
     * @return its exit code, or 255 where a signal ended it
     * @throws IOException if the link was lost before
     */
    int status() throws IOException {
      command.join(10, TimeUnit.SECONDS);
      Integer status = command.getExitStatus();
      if (status != null) {
        return status;
      }
      if (command.getExitSignal() != null) {
        return 255;
      }
      throw new IOException("the link was lost before the board had answered");
    }

    @Override
    public void close() {
      try {
        command.close();
      } catch (IOException e) {
        // the link is gone, and the command's channel with it
      }
    }
  }

  private String bounded(InputStream from, int most, String what) throws IOException {
    var kept = new ByteArrayOutputStream();
    byte[] buffer = new byte[8192];
    for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
      kept.write(buffer, 0, n);
      if (kept.size() > most) {
        abort();
        throw new BoardFailure(
            Outcome.FAILED,
            "%s answers with more than %d KiB of %s".formatted(address, most >> 10, what),
            "Look at what its shell prints at login.");
      }
    }
    return kept.toString(StandardCharsets.UTF_8);
  }

  /** Ends it at once, without a word to the other side: all that blocks on it fails. */
  void abort() {
    abort(chain);
  }

  static void abort(List<SSHClient> chain) {
    for (SSHClient client : chain) {
      try (var _ = client.getSocket()) {
        // closed
      } catch (IOException e) {
        // so it was already
      }
    }
  }

  @Override
  public void close() {
    try (var _ = watchdog.after(Duration.ofSeconds(2), this::abort)) {
      for (SSHClient client : chain.reversed()) {
        try {
          client.disconnect();
        } catch (IOException e) {
          // the link is gone: nothing is left to close
        }
      }
    }
  }
}
