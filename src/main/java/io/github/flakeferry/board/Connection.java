package io.github.flakeferry.board;

import io.github.flakeferry.model.BoardAddress;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
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

  /** How long a board may take to begin with a command. */
  private static final Duration BEGINS_WITHIN = Duration.ofMinutes(2);

  /** How often somebody looks whether a link is dead. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final BoardAddress address;
  private final List<SSHClient> chain;
  private final Watchdog watchdog;
  private final List<LinkWatch> links;
  private final Watchdog.Guard watch;
  private final BoundedReading output;
  private final BoundedReading complaints;

  /**
   * @param chain the clients of the jump hosts, and last the board's, connected and logged in
   * @param links what they hear from
   */
  Connection(
      BoardAddress address, List<SSHClient> chain, List<LinkWatch> links, Watchdog watchdog) {
    this.address = address;
    this.chain = List.copyOf(chain);
    this.watchdog = watchdog;
    this.output = new BoundedReading(address, MOST_OUTPUT, "output", this::abort);
    this.complaints = new BoundedReading(address, MOST_ERRORS, "error messages", this::abort);
    this.links = List.copyOf(links);
    this.watch =
        watchdog.every(
            LOOK,
            () -> {
              if (this.links.stream().anyMatch(LinkWatch::isDead)) {
                abort();
              }
            });
  }

  /** How a script ended. */
  record Answer(int status, String output, String errors) {}

  /**
   * Runs the board's script, the copy of the run that it is about if there is one, and keeps its
   * output.
   *
   * @throws IOException if the link is lost, or it takes longer than the deadline
   * @throws BoardFailure if it says more than could be right
   */
  Answer run(BoardScript.Call call, Duration deadline) throws IOException {
    if (call.isOfARun()) {
      Answer answer = run(call.byTheRun(address.user()), "", deadline);
      if (answer.status() != BoardScript.ABSENT) {
        return answer;
      }
    }
    return run(call.commandLine(address.user()), call.sent(), deadline);
  }

  /** Runs a script by {@code /bin/sh}, whatever the login shell, as the user who logged in. */
  Answer runAsUser(String script, Duration deadline) throws IOException {
    return run("/bin/sh -s", script, deadline);
  }

  private Answer run(String commandLine, String sent, Duration deadline) throws IOException {
    try (var _ = bound(deadline);
        var threads = Executors.newVirtualThreadPerTaskExecutor();
        // closed first: whoever reads from it ends then
        var command = exec(commandLine)) {
      Future<String> errors = threads.submit(() -> complaints.all(command.errors()));
      String said;
      try {
        command.send(sent);
        said = output.all(command.output());
      } catch (IOException e) {
        return because(errors, e);
      }
      return new Answer(command.status(), said, errors.get());
    } catch (ExecutionException e) {
      throw failed(e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static IOException failed(ExecutionException e) {
    if (e.getCause() instanceof BoardFailure failure) {
      throw failure;
    }
    return new IOException(e.getCause());
  }

  private static IOException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new IOException("interrupted", e);
  }

  // the link may have been cut by ourselves, for what came as error messages
  private static Answer because(Future<String> errors, IOException e)
      throws IOException, ExecutionException, InterruptedException {
    Interruption.check(e);
    errors.get();
    throw e;
  }

  /**
   * Runs the board's script where it answers with one line, in two round trips: the script goes
   * along with the request, and its end is not waited for.
   */
  Answer ask(BoardScript.Call call, Duration deadline) throws IOException {
    if (!address.user().equals("root")) {
      return run(call, deadline);
    }
    Remote command = exec(call.inOneLine());
    // unread, it would hold up the output
    var errors = new FutureTask<>(() -> complaints.all(command.errors()));
    Thread.ofVirtual().start(errors);
    try (var _ = bound(deadline)) {
      String line;
      try {
        line = output.line(command.output());
      } catch (IOException e) {
        return because(errors, e);
      }
      return line.isEmpty()
          ? new Answer(command.status(), line, errors.get())
          : new Answer(0, line, "");
    } catch (ExecutionException e) {
      throw failed(e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    } finally {
      Thread.ofVirtual().start(command::close);
    }
  }

  /**
   * Starts the board's script, the copy of the run that it is about if there is one, and leaves its
   * output to the caller, who closes it. Waits for the first of that.
   */
  Remote start(BoardScript.Call call) throws IOException {
    if (call.isOfARun()) {
      Remote copy = exec(call.byTheRun(address.user()));
      if (copy.saysSomething() || copy.status() != BoardScript.ABSENT) {
        return copy;
      }
      copy.close();
    }
    Remote command = exec(call.commandLine(address.user()));
    try {
      command.send(call.sent());
    } catch (IOException e) {
      command.close();
      throw e;
    }
    return command;
  }

  /** Starts a command line of ours; what a board or a user said is never part of it. */
  Remote exec(String commandLine) throws IOException {
    try (var _ = bound(BEGINS_WITHIN)) {
      return begun(session(), commandLine);
    }
  }

  private static Remote begun(Session session, String commandLine) throws IOException {
    try {
      return new Remote(session.exec(commandLine));
    } catch (IOException e) {
      session.close();
      throw e;
    }
  }

  private Session session() throws IOException {
    try {
      return chain.getLast().startSession();
    } catch (IllegalStateException e) { // sshj's word for it
      throw new IOException("the link has been lost", e);
    }
  }

  /** As long as the guard is open much is on its way, behind which answers may wait. */
  Watchdog.Guard transferring() {
    links.forEach(link -> link.transferring(true));
    return () -> links.forEach(link -> link.transferring(false));
  }

  /** Ends it at once unless the guard is closed in time. */
  Watchdog.Guard bound(Duration time) {
    return watchdog.after(time, this::abort);
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
    watch.close();
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
