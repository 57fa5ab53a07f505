package io.github.flakeferry.board;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Waits, and finds out whether an exception only says that this thread was interrupted. */
final class Interruption {
  private Interruption() {}

  /**
   * Does nothing unless the thread was interrupted.
   *
   * @throws InterruptedIOException if it was; the thread's flag is set then
   */
  static void check(IOException e) throws InterruptedIOException {
    if (isCauseOf(e)) {
      Thread.currentThread().interrupt();
      var told = new InterruptedIOException("interrupted");
      told.initCause(e);
      throw told;
    }
  }

  /**
   * Waits.
   *
   * @throws InterruptedIOException if the thread is interrupted; its flag is set then
   */
  static void sleep(Duration time) throws InterruptedIOException {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  static boolean isCauseOf(@Nullable Throwable e) {
    if (Thread.currentThread().isInterrupted()) {
      return true;
    }
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof InterruptedException || t instanceof ClosedByInterruptException) {
        return true;
      }
    }
    return false;
  }
}
