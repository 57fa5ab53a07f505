package io.github.flakeferry.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flakeferry.model.FailureCode;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class WindowTest {
  private final Window window = new Window();
  private final Server server = new Server();

  /** Holds what it is asked until it is told to answer, the oldest first. */
  private final class Server {
    private final Deque<CompletableFuture<Boolean>> underWay = new ArrayDeque<>();
    private final AtomicInteger ended = new AtomicInteger();

    private Boolean ask() {
      var answer = new CompletableFuture<Boolean>();
      synchronized (this) {
        underWay.add(answer);
        notifyAll();
      }
      if (answer.join()) {
        return true;
      }
      throw new Retries.Passing(
          PublishFailed.of(
              FailureCode.CACHE_DOWN, PublishFailed.Extent.PASSING, "cache", "", "503.", ""),
          Duration.ZERO);
    }

    /** Returns when each is under way or waits for its turn. */
    void askTimes(int count) {
      List<Thread> asking =
          Stream.generate(() -> Thread.startVirtualThread(this::askOnce)).limit(count).toList();
      for (Thread thread : asking) {
        while (thread.getState() != Thread.State.WAITING) {
          Thread.onSpinWait();
        }
      }
    }

    private void askOnce() {
      try {
        window.run(this::ask);
      } catch (Retries.Passing e) {
        // told to
      } finally {
        ended.incrementAndGet();
        synchronized (this) {
          notifyAll();
        }
      }
    }

    synchronized void awaitUnderWay(int count) throws InterruptedException {
      while (underWay.size() != count) {
        wait();
      }
    }

    /** Answers so many and waits until they have gone. */
    void answer(int count, boolean well) throws InterruptedException {
      int all = ended.get() + count;
      for (int n = 0; n < count; n++) {
        synchronized (this) {
          underWay.remove().complete(well);
        }
      }
      synchronized (this) {
        while (ended.get() != all) {
          wait();
        }
      }
    }
  }

  @AfterEach
  void end() {
    synchronized (server) {
      server.underWay.forEach(answer -> answer.complete(true));
    }
  }

  @Test
  void eachRoundTripAllowsAsManyMoreAsTheFirstUpToTheMost() throws Exception {
    server.askTimes(2000);
    for (int size = Window.FIRST; size <= Window.MOST; size += Window.FIRST) {
      server.awaitUnderWay(size);
      server.answer(size, true);
    }
    server.awaitUnderWay(Window.MOST);
    assertThat(window.size()).isEqualTo(Window.MOST);
  }

  @Test
  void whoDoesNotWaitNeedsNoMore() throws Exception {
    for (int n = 0; n < 10; n++) {
      server.askTimes(Window.FIRST);
      server.awaitUnderWay(Window.FIRST);
      server.answer(Window.FIRST, true);
    }
    assertThat(window.size()).isEqualTo(Window.FIRST);
  }

  @Test
  void troubleHalvesItOnceForAllThatWereUnderWay() throws Exception {
    server.askTimes(1000);
    server.awaitUnderWay(Window.FIRST);
    server.answer(Window.FIRST / 2, false);
    server.answer(Window.FIRST / 2, true);
    server.awaitUnderWay(Window.FIRST / 2);
    assertThat(window.size()).isEqualTo(Window.FIRST / 2);

    // from here on it is one more for a round trip
    server.answer(Window.FIRST / 2, true);
    server.awaitUnderWay(Window.FIRST / 2 + 1);
    assertThat(window.size()).isEqualTo(Window.FIRST / 2 + 1);
  }

  @Test
  void someAreAlwaysAllowed() throws Exception {
    server.askTimes(1000);
    int size = Window.FIRST;
    while (size > Window.LEAST) {
      server.awaitUnderWay(size);
      server.answer(size, false);
      size = Math.max(Window.LEAST, size / 2);
    }
    server.awaitUnderWay(Window.LEAST);
    server.answer(Window.LEAST, false);
    server.awaitUnderWay(Window.LEAST);
    assertThat(window.size()).isEqualTo(Window.LEAST);
  }

  @Test
  void whoIsInterruptedBeforeItsTurnAsksNothing() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> window.run(server::ask))
        .isInstanceOf(UncheckedIOException.class)
        .hasCauseInstanceOf(InterruptedIOException.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(server.underWay).isEmpty();
  }
}
