package io.github.flakeferry.board;

import io.github.flakeferry.board.SystemBuilder.Built;
import io.github.flakeferry.model.BoardAction;
import io.github.flakeferry.model.BoardAddress;
import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.model.SystemPlatform;
import io.github.flakeferry.model.terms.LeaseTerms;
import io.github.flakeferry.model.terms.Terms;
import io.github.flakeferry.support.progress.Progress;
import io.github.flakeferry.support.progress.ProgressEvent;
import io.github.flakeferry.testbed.TestBoard;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Deployments as the tests want them, and a progress that can be waited for. */
final class BoardFixture implements Progress {
  static final GitRevision COMMIT = new GitRevision("0123456789abcdef0123456789abcdef01234567");
  static final String RUN = "https://forge.example.org/runs/1";

  /** How long is waited for what must come: also a slow machine comes to it. */
  static final int PATIENCE_SECONDS = 300;

  static final Terms TERMS = Terms.DEFAULT.within(Duration.ofSeconds(60), Duration.ofSeconds(30));

  private final LinkedBlockingQueue<ProgressEvent> events = new LinkedBlockingQueue<>();
  private final ConcurrentHashMap<String, CountDownLatch> steps = new ConcurrentHashMap<>();

  @Override
  public void report(ProgressEvent event) {
    events.add(event);
    if (event instanceof ProgressEvent.BoardStep(BoardName _, String step, Optional<String> _)) {
      latch(step).countDown();
    }
  }

  /** Waits until a warning with these words was given. */
  void awaitWarning(String words) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (System.nanoTime() < end) {
      for (ProgressEvent event : events) {
        if (event instanceof ProgressEvent.Warning(String text) && text.contains(words)) {
          return;
        }
      }
      Thread.sleep(20);
    }
    throw new AssertionError("never warned of '" + words + "': " + events);
  }

  private CountDownLatch latch(String step) {
    return steps.computeIfAbsent(step, s -> new CountDownLatch(1));
  }

  /** Waits until a board has come to this step. */
  void await(String step) throws InterruptedException {
    if (!latch(step).await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("never came to " + step + ": " + events);
    }
  }

  /** Waits until a tool of the board's systems is held at a place. */
  static boolean isHeld(TestBoard board, String place) throws IOException {
    return board
        .run(
            "timeout %d sh -c 'until [ -e /run/held-%s ]; do sleep 0.05; done'"
                .formatted(PATIENCE_SECONDS, place))
        .exit()
        .succeeded();
  }

  /**
   * Has a unit of a board hold a lock.
   *
   * @param setting of its environment
   * @param work what it does meanwhile, in shell
   */
  static void lock(TestBoard board, String unit, String file, String setting, String work)
      throws IOException {
    board
        .run(
            """
            systemd-run --quiet --unit=%s --setenv=PATH="$PATH" --setenv=%s flock -F %s /bin/sh -c '%s'
            timeout %d sh -c 'while flock -n %3$s true; do sleep 0.05; done'
            """
                .formatted(unit, setting, file, work, PATIENCE_SECONDS))
        .orThrow();
  }

  List<ProgressEvent> events() {
    return List.copyOf(events);
  }

  static Deployment switchTo(TestBoard board, Built built) {
    return deployment(board.address(), BoardAction.SWITCH, Optional.of(built), Optional.empty());
  }

  static Deployment test(TestBoard board, Built built, String owner) {
    return test(board, built, LeaseTerms.of(owner));
  }

  static Deployment test(TestBoard board, Built built, LeaseTerms lease) {
    return deployment(board.address(), BoardAction.TEST, Optional.of(built), Optional.of(lease));
  }

  static Deployment giveBack(TestBoard board, String owner) {
    return giveBack(board, LeaseTerms.of(owner));
  }

  static Deployment giveBack(TestBoard board, LeaseTerms lease) {
    return deployment(board.address(), BoardAction.GIVE_BACK, Optional.empty(), Optional.of(lease));
  }

  /** A closure that is there to be brought, and not to run. */
  static Deployment bringing(BoardAddress address, StorePath root, List<PathInfo> closure) {
    return deployment(
        address,
        BoardAction.SWITCH,
        new Wanted.Incoming(
            root, new SystemPlatform("x86_64-linux"), closure, List.of(), List.of(), List.of()),
        Optional.empty());
  }

  static Deployment deployment(
      BoardAddress address, BoardAction action, Optional<Built> built, Optional<LeaseTerms> lease) {
    return deployment(
        address,
        action,
        built
            .map(b -> (Wanted) incoming(b, new SystemPlatform("x86_64-linux")))
            .orElseGet(Wanted.OfProfile::new),
        lease);
  }

  private static Deployment deployment(
      BoardAddress address, BoardAction action, Wanted wanted, Optional<LeaseTerms> lease) {
    return new Deployment(
        new BoardName("board-1"),
        address,
        action,
        wanted,
        TERMS,
        RUN,
        Optional.of(COMMIT),
        lease,
        Guards.ANY_COMMIT);
  }

  private static Wanted.Incoming incoming(Built built, SystemPlatform platform) {
    return new Wanted.Incoming(
        built.system(), platform, built.closure(), List.of(), List.of(), List.of());
  }

  static Deployment within(Deployment d, Duration activation, Duration confirmation) {
    return d.terms(d.terms().within(activation, confirmation));
  }

  static Deployment guarded(Deployment d, Guards guards) {
    return at(d, d.address(), guards);
  }

  static Deployment at(Deployment d, BoardAddress address, Guards guards) {
    return new Deployment(
        d.board(),
        address,
        d.action(),
        d.wanted(),
        d.terms(),
        d.owner(),
        d.commit(),
        d.lease(),
        guards);
  }

  static Deployment at(Deployment d, BoardAddress address, SystemPlatform platform) {
    Wanted wanted =
        d.wanted() instanceof Wanted.Incoming i
            ? new Wanted.Incoming(
                i.system(), platform, i.closure(), i.bootFiles(), i.caches(), i.signers())
            : d.wanted();
    return new Deployment(
        d.board(),
        address,
        d.action(),
        wanted,
        d.terms(),
        d.owner(),
        d.commit(),
        d.lease(),
        d.guards());
  }
}
