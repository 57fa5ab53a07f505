package io.github.flakeferry.forge.actions;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * Sends reports in the background, one after another, in the order they came; a state that was not
 * sent yet gives its place to a later one of the same. While the forge is down the first one is
 * tried again from time to time, and the others wait behind it.
 */
final class Outbox {
  /** How long a forge that is down is left alone. */
  private static final Duration PAUSE = Duration.ofSeconds(30);

  /** How long the end of a run waits for its reports. */
  private static final Duration SETTLING = Duration.ofSeconds(60);

  /** The same where the process is about to be ended: GitHub leaves 7.5 seconds after a signal. */
  private static final Duration HURRIED = Duration.ofSeconds(5);

  private final Predicate<Report> sender;
  private final List<Report> waiting = new ArrayList<>();
  private final List<Report> givenUp = new ArrayList<>();
  private Optional<Report> sending = Optional.empty();
  private boolean running;
  private boolean settling;
  private boolean lastAttempt;
  private Optional<Long> lastMoment = Optional.empty();

  /**
   * @param sender sends a report; false where it has to be tried again, because the forge is down
   */
  Outbox(Predicate<Report> sender) {
    this.sender = sender;
  }

  synchronized void add(Report report) {
    int place = placeOf(report);
    if (place >= 0) {
      waiting.set(place, report);
    } else {
      waiting.add(report);
    }
    if (!running) {
      running = true;
      Thread.ofVirtual().name("reports").start(this::work);
    }
  }

  /** There are but a few seconds left: what others wait for goes first. */
  synchronized void hurry() {
    waiting.removeIf(report -> report.weight() == Report.Weight.CAN_WAIT);
    lastMoment = Optional.of(System.nanoTime() + HURRIED.toNanos());
    notifyAll();
  }

  /**
   * Waits until all is sent, or can't be in time; also where the thread is interrupted.
   *
   * @return what was not sent, and is not tried again
   */
  synchronized List<Report> settle() {
    long end = System.nanoTime() + SETTLING.toNanos();
    settling = true;
    notifyAll();
    boolean interrupted = waitWhile(() -> running, () -> left(end));
    settling = false;
    sending.ifPresent(givenUp::add);
    giveUpWaiting();
    List<Report> unsent = List.copyOf(givenUp);
    givenUp.clear();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return unsent;
  }

  private void work() {
    for (Optional<Report> report = next(); report.isPresent(); report = next()) {
      if (!sender.test(report.orElseThrow())) {
        later(report.orElseThrow());
      }
    }
  }

  private synchronized Optional<Report> next() {
    lastAttempt = settling;
    sending =
        lastMoment.isPresent()
            ? waiting.stream().min(Comparator.comparing(Report::kind))
            : waiting.stream().findFirst();
    sending.ifPresent(waiting::remove);
    if (sending.isEmpty()) {
      running = false;
      notifyAll();
    }
    return sending;
  }

  private synchronized void later(Report report) {
    if (placeOf(report) < 0) {
      waiting.addFirst(report);
    }
    sending = Optional.empty();
    if (lastAttempt) {
      giveUpWaiting();
    }
    long end = System.nanoTime() + PAUSE.toNanos();
    waitWhile(() -> !settling, () -> end - System.nanoTime());
  }

  private void giveUpWaiting() {
    givenUp.addAll(waiting);
    waiting.clear();
  }

  private int placeOf(Report report) {
    for (int i = 0; i < waiting.size(); i++) {
      if (report.replaces(waiting.get(i))) {
        return i;
      }
    }
    return -1;
  }

  private long left(long end) {
    return lastMoment.map(moment -> Math.min(moment, end)).orElse(end) - System.nanoTime();
  }

  /** Whether it was interrupted meanwhile, for which it does not wait any less. */
  private boolean waitWhile(BooleanSupplier unready, LongSupplier nanosLeft) {
    boolean interrupted = false;
    for (long left = nanosLeft.getAsLong();
        left > 0 && unready.getAsBoolean();
        left = nanosLeft.getAsLong()) {
      try {
        wait(left / 1_000_000 + 1);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    return interrupted;
  }
}
