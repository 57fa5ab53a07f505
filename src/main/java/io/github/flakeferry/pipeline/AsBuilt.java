package io.github.flakeferry.pipeline;

import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.nix.Nix;
import io.github.flakeferry.nix.Output;
import io.github.flakeferry.support.progress.Progress;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Offers to caches what a build makes, as soon as it is made: also what only the build itself
 * needs, such as a cross compiler; and the logs of what was built, also of what did not, and of
 * what earlier runs built. What Nix knows of it is asked for on a thread of its own, for all that
 * has come in meanwhile at once.
 */
final class AsBuilt implements AutoCloseable {
  private static final int AT_ONCE = 500;
  private static final String PATHS =
      "something that was built is published only where boards need it: ";
  private static final String LOGS = "logs of what was built before are not published: ";

  private final Nix nix;
  private final List<Outlet> outlets;
  private final Progress progress;
  private final Collection<StorePath> wanted;
  // an absent one is the end
  private final BlockingQueue<Optional<StorePath>> ended = new LinkedBlockingQueue<>();
  private final Thread follower;

  private AsBuilt(Nix nix, Collection<StorePath> wanted, List<Outlet> outlets, Progress progress) {
    this.nix = nix;
    this.outlets = List.copyOf(outlets);
    this.progress = progress;
    this.wanted = List.copyOf(wanted);
    this.follower = Thread.ofVirtual().unstarted(this::follow);
  }

  /**
   * Offers what an earlier run built here, and begins to wait for what is built now.
   *
   * @param wanted the derivations of the systems
   */
  static AsBuilt follow(
      Nix nix, Collection<StorePath> wanted, List<Outlet> outlets, Progress progress) {
    var asBuilt = new AsBuilt(nix, wanted, outlets, progress);
    asBuilt.follower.start();
    return asBuilt;
  }

  /** A derivation's building has come to an end, well or not. Returns at once. */
  void ended(StorePath derivation) {
    ended.add(Optional.of(derivation));
  }

  private void follow() {
    try {
      offer(sources -> nix.builtBefore(wanted, sources));
      offerEarlierLogs();
      for (boolean last = false; !last; ) {
        var next = new ArrayList<Optional<StorePath>>();
        next.add(ended.take());
        ended.drainTo(next, AT_ONCE - 1);
        last = next.contains(Optional.<StorePath>empty());
        offer(next.stream().flatMap(Optional::stream).toList());
      }
    } catch (InterruptedException | UncheckedIOException e) {
      // the run is being ended
    }
  }

  private void offer(Collection<StorePath> derivations) {
    if (!derivations.isEmpty()) {
      outlets.forEach(outlet -> outlet.offerLogs(derivations, nix::writeLog));
      offer(
          sources ->
              nix.closure(
                  nix.outputs(derivations).stream()
                      .filter(output -> sources || !output.fixed())
                      .map(Output::path)
                      .toList()));
    }
  }

  private void offerEarlierLogs() {
    var takers = outlets.stream().filter(Outlet::takesLogs).toList();
    if (!takers.isEmpty()) {
      try {
        var derivations = nix.madeHere(nix.builtBefore(wanted, true));
        takers.forEach(outlet -> outlet.offerEarlierLogs(derivations, nix::writeLog));
      } catch (Failure failure) {
        progress.warn(LOGS + failure.told());
      } catch (UncheckedIOException e) {
        warnUnlessInterrupted(LOGS, e);
      }
    }
  }

  // a program that can't be started now, for want of memory perhaps, can be the next time
  private void warnUnlessInterrupted(String what, UncheckedIOException e) {
    if (e.getCause() instanceof InterruptedIOException) {
      throw e;
    }
    progress.warn(what + e.getMessage());
  }

  private interface Closure {
    /**
     * @param sources whether what was fetched with a known hash counts
     */
    Collection<PathInfo> with(boolean sources);
  }

  private void offer(Closure closure) {
    for (boolean sources : List.of(false, true)) {
      var takers =
          outlets.stream()
              .filter(o -> o.takesBuilt() && o.policy().publishing().sources() == sources)
              .toList();
      if (!takers.isEmpty()) {
        try {
          var paths = closure.with(sources);
          takers.forEach(outlet -> outlet.offer(paths));
        } catch (Failure failure) {
          progress.warn(PATHS + failure.told());
        } catch (UncheckedIOException e) {
          warnUnlessInterrupted(PATHS, e);
        }
      }
    }
  }

  /** Waits until all that was built is offered; where the run is being ended, it is not. */
  @Override
  public void close() {
    ended.add(Optional.empty());
    try {
      follower.join();
    } catch (InterruptedException e) {
      follower.interrupt();
      Thread.currentThread().interrupt();
    }
  }
}
