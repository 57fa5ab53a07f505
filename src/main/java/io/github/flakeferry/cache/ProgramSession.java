package io.github.flakeferry.cache;

import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.ProgramCache;
import io.github.flakeferry.model.Secret;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.support.Words;
import io.github.flakeferry.support.process.Finished;
import io.github.flakeferry.support.process.SearchPath;
import io.github.flakeferry.support.progress.Progress;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Publishes to a cache through the program of its service: hands it what has come in while it was
 * busy, so one of it runs at a time. It finds out by itself what the cache lacks, signs nothing
 * here, and says what it does in notes. What a run of it did not take it is handed once more in the
 * end, and what it does not take then counts as left.
 */
public final class ProgramSession implements CacheSession {
  /** At once: each is an argument of 255 bytes at most, and Linux takes 2 MiB of them. */
  static final int AT_ONCE = 1000;

  private static final int TOLD_LINES = 20;

  private final ProgramCache cache;
  private final PushProgram program;
  private final PublishTerms terms;
  private final Progress progress;
  private final Breaker breaker = Breaker.oneAtATime();
  private final Failures failures;
  private final Set<StorePath> known = new HashSet<>();
  private final Queue<StorePath> waiting = new ArrayDeque<>();
  private final Queue<StorePath> failed = new ArrayDeque<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private CompletableFuture<Void> last = CompletableFuture.completedFuture(null);
  private int handed;
  private int upstream;

  private ProgramSession(
      ProgramCache cache,
      PushProgram program,
      PublishTerms terms,
      Progress progress,
      Troubles troubles) {
    this.cache = cache;
    this.program = program;
    this.terms = terms;
    this.progress = progress;
    this.failures = new Failures(breaker, troubles);
  }

  /**
   * Begins one; the program is not started before something is offered.
   *
   * @param token opens the cache
   * @param terms what stays away; the cache signs with a key of its own
   * @param programs where the program is
   * @param troubles as for {@link PublishSession#open}
   * @throws PublishFailed if the program is not there, or its settings can't be written
   */
  public static ProgramSession open(
      ProgramCache cache,
      Secret token,
      PublishTerms terms,
      SearchPath programs,
      Progress progress,
      Troubles troubles) {
    return open(cache, token, terms, programs, progress, troubles, PushProgram.LONGEST_SILENCE);
  }

  static ProgramSession open(
      ProgramCache cache,
      Secret token,
      PublishTerms terms,
      SearchPath programs,
      Progress progress,
      Troubles troubles,
      Duration longestSilence) {
    Path program = programs.find(cache.program().command()).orElseThrow(() -> missing(cache));
    try {
      return new ProgramSession(
          cache, PushProgram.of(cache, program, token, longestSilence), terms, progress, troubles);
    } catch (IOException e) {
      throw PublishFailed.local(
          PublishFailed.Extent.CACHE, cache.url().toString(), "", "write settings", e);
    }
  }

  private static PublishFailed missing(ProgramCache cache) {
    String name = cache.program().command();
    String nixPackage =
        switch (cache.program()) {
          case CACHIX -> "cachix";
          case ATTIC -> "attic-client";
        };
    return PublishFailed.of(
        FailureCode.CACHE_PROGRAM,
        PublishFailed.Extent.CACHE,
        cache.url().toString(),
        "",
        "%s takes paths through `%s`, and there is no such program in the PATH."
            .formatted(cache.url(), name),
        ("Install it where Flakeferry runs, such as by `nix profile install nixpkgs#%s`, or take"
                + " `through` out of the policy.")
            .formatted(nixPackage));
  }

  @Override
  public synchronized void offer(Collection<PathInfo> closure) {
    if (failures.haveEnded()) {
      return;
    }
    for (PathInfo info : closure) {
      if (!known.add(info.path())) {
        continue;
      }
      if (terms.isUpstreams(info)) {
        upstream++;
      } else {
        waiting.add(info.path());
      }
    }
    if (!waiting.isEmpty()) {
      last = last.thenRunAsync(() -> pushAll(false), threads);
    }
  }

  @Override
  public PublishResult finish() {
    awaitLast();
    pushAgain();
    awaitLast();
    return result();
  }

  private void awaitLast() {
    CompletableFuture<Void> all;
    synchronized (this) {
      all = last;
    }
    Ending.await(all);
  }

  private synchronized void pushAgain() {
    waiting.addAll(failed);
    failed.clear();
    if (!waiting.isEmpty() && failures.letGoOn()) {
      breaker.beginLastRound();
      last = last.thenRunAsync(() -> pushAll(true), threads);
    }
  }

  private synchronized PublishResult result() {
    int left = known.size() - upstream - handed;
    return new PublishResult(handed, 0, upstream, left, 0, 0, failures.first());
  }

  @Override
  public PublishResult cancel(Duration grace) {
    synchronized (this) {
      failures.end();
      threads.shutdown();
    }
    Ending.within(grace, threads);
    return result();
  }

  @Override
  public void close() {
    cancel(Duration.ZERO);
    program.close();
  }

  private void pushAll(boolean again) {
    for (var paths = next(); !paths.isEmpty(); paths = next()) {
      push(paths, again);
    }
  }

  private synchronized List<StorePath> next() {
    var paths = new ArrayList<StorePath>();
    while (failures.letGoOn()
        && !breaker.hasTripped()
        && paths.size() < AT_ONCE
        && !waiting.isEmpty()) {
      paths.add(waiting.remove());
    }
    return paths;
  }

  private void push(List<StorePath> paths, boolean again) {
    try {
      Finished finished = program.push(paths, terms.upstream().isEmpty(), this::note);
      if (finished.exit().succeeded()) {
        succeeded(paths.size());
      } else {
        failed(paths, described(finished), again);
      }
    } catch (InterruptedIOException e) {
      if (!failures.haveEnded()) {
        throw new IllegalStateException("nobody broke this off: " + cache.url(), e);
      }
    } catch (IOException e) {
      failures.met(
          PublishFailed.local(
              PublishFailed.Extent.CACHE,
              cache.url().toString(),
              "",
              "run " + cache.program().command(),
              e));
    }
  }

  // one path of a thousand may have met an answer that passes, and most may be there by now
  private synchronized void failed(List<StorePath> paths, PublishFailed failure, boolean again) {
    if (!again && failures.mayPass(failure)) {
      failed.addAll(paths);
    } else {
      failures.met(failure);
    }
  }

  private synchronized void succeeded(int count) {
    breaker.succeeded();
    handed += count;
  }

  private void note(String line) {
    String text = Words.printableLine(line);
    if (!text.isEmpty()) {
      progress.note(cache.program().command() + ": " + text);
    }
  }

  private PublishFailed described(Finished finished) {
    List<String> said =
        finished.lastErrorLines().stream()
            .map(program::withoutToken)
            .map(Words::printableLine)
            .filter(line -> !line.isEmpty())
            .toList();
    String name = cache.program().command();
    return PublishFailed.said(
        cache.url().toString(),
        "%s did not get all that it should: `%s` %s%s"
            .formatted(
                cache.url(), name, finished.exit(), said.isEmpty() ? "." : ": " + said.getLast()),
        "It needs a token in cache-credentials that may push to %s, and the store of this machine."
            .formatted(cache.name()),
        said.subList(Math.max(0, said.size() - TOLD_LINES), said.size()));
  }
}
