package io.github.flakeferry.board;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import net.schmizz.sshj.connection.ConnectionException;
import net.schmizz.sshj.connection.channel.direct.Session;

/** A command on the board, under way. */
final class Remote implements AutoCloseable {
  private static final Duration ENDS_WITHIN = Duration.ofSeconds(10);
  private static final Duration CLOSES_WITHIN = Duration.ofSeconds(15);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(10);

  private final Session.Command command;
  private final InputStream output;

  Remote(Session.Command command) {
    this.command = command;
    // sshj's own stream blocks when no bytes at all are asked for, as readNBytes does at its end
    this.output = new BufferedInputStream(command.getInputStream());
  }

  /** Gives it all of its standard input. */
  void send(String text) throws IOException {
    try (OutputStream input = input()) {
      input.write(text.getBytes(StandardCharsets.UTF_8));
      input.flush(); // closing it drops what there is no room for yet
    } catch (ConnectionException e) {
      // an installed script reads nothing: its end may come before ours
      if (isOpen()) {
        throw e;
      }
    }
  }

  OutputStream input() {
    return command.getOutputStream();
  }

  boolean isOpen() {
    return command.isOpen();
  }

  InputStream output() {
    return output;
  }

  /** Waits for its output or its end; takes nothing of it away. */
  boolean saysSomething() throws IOException {
    output.mark(1);
    boolean something = output.read() >= 0;
    output.reset();
    return something;
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
    long end = System.nanoTime() + ENDS_WITHIN.toNanos();
    // its exit code comes before its end, of which sshj hears nothing while somebody waits to
    // send
    while (!hasEnded() && command.isOpen() && System.nanoTime() < end) {
      Interruption.sleep(LOOK_AGAIN);
    }
    if (!hasEnded()) {
      throw new IOException("the link was lost before the board had answered");
    }
    Integer status = command.getExitStatus();
    return status != null ? status : 255;
  }

  private boolean hasEnded() {
    return command.getExitStatus() != null || command.getExitSignal() != null;
  }

  /** Waits for its end, but not for long: a board's sshd closes a channel when all in it ends. */
  @Override
  public void close() {
    Thread closing = Thread.ofVirtual().start(this::closeChannel);
    try {
      closing.join(CLOSES_WITHIN);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void closeChannel() {
    try {
      command.close();
    } catch (IOException e) {
      // the link is gone, and the command's channel with it
    }
  }
}
