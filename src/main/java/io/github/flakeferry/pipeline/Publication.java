package io.github.flakeferry.pipeline;

import io.github.flakeferry.cache.Publisher;
import io.github.flakeferry.fleet.Audience;
import io.github.flakeferry.fleet.CachePolicy;
import io.github.flakeferry.fleet.Policy;
import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.SigningKey;
import io.github.flakeferry.nix.EvaluatedSystem;
import io.github.flakeferry.support.process.SearchPath;
import io.github.flakeferry.support.progress.Progress;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * Uploads what is built to the caches that take it, signed with the key that is theirs: while it is
 * built, and what boards need of it once all is there.
 */
final class Publication implements AutoCloseable {
  /** No cache gets anything. */
  static final Publication NONE = new Publication(List.of(), Progress.SILENT);

  // less than what is left between a signal to end the run and its end by force
  private static final Duration GRACE = Duration.ofSeconds(5);
  private static final Duration LOGS_PATIENCE = Duration.ofMinutes(1);

  private final List<Outlet> outlets;
  private final Progress progress;

  private Publication(List<Outlet> outlets, Progress progress) {
    this.outlets = List.copyOf(outlets);
    this.progress = progress;
  }

  /**
   * What will be published for an audience, which is nothing in a dry run; asks of no cache
   * anything yet.
   *
   * @throws Failure if there is a cache and no key, or not the key that the policy declares; if
   *     pull requests would get production's; if one takes paths through a program and there is no
   *     token, or no such program
   */
  static Publication prepare(
      Policy policy, Audience audience, Settings settings, Progress progress) {
    return prepare(policy, audience, settings, SearchPath.OURS, progress);
  }

  /** The same, with programs from elsewhere. */
  static Publication prepare(
      Policy policy, Audience audience, Settings settings, SearchPath programs, Progress progress) {
    boolean trusted = audience == Audience.TRUSTED;
    Optional<SigningKey> key = new SigningKeys(policy, settings).of(audience);
    String input = trusted ? "signing-key" : "pull-request-signing-key";
    List<CachePolicy> caches = policy.cachesFor(audience);
    for (CachePolicy cache : caches) {
      if (cache.through().isPresent()) {
        requireToken(cache, settings);
        continue;
      }
      if (key.isEmpty()) {
        throw Refused.missingSecret(
            "there is no key to sign what is published to " + cache.url(), input);
      }
      cache.publicKey().ifPresent(declared -> Publisher.checkKey(key.get(), declared));
    }
    if (settings.dryRun()) {
      return NONE;
    }
    var outlets = new ArrayList<Outlet>();
    try {
      for (CachePolicy cache : caches) {
        outlets.add(Outlet.open(cache, key, settings, programs, progress));
      }
    } catch (Failure failure) {
      outlets.forEach(Outlet::close);
      throw failure;
    }
    return new Publication(outlets, progress);
  }

  // it signs by itself
  private static void requireToken(CachePolicy cache, Settings settings) {
    if (settings.credentialsFor(cache.url()).isEmpty()) {
      throw Refused.missingSecret(
          "there is no token for %s, which takes paths through `%s`"
              .formatted(cache.url(), cache.through().orElseThrow().program().command()),
          "cache-credentials");
    }
  }

  /**
   * Publishes what a build makes while it does, where the policy is not for closures only, and its
   * logs, where it wants them.
   */
  AsBuilt asBuilt(Systems systems) {
    return AsBuilt.follow(
        systems.nix(),
        systems.all().stream().map(EvaluatedSystem::derivation).toList(),
        outlets,
        progress);
  }

  /**
   * Publishes what systems refer to, as a stage of its own, and waits as below.
   *
   * @return the first failure
   */
  Optional<Failure> publish(Systems systems, Progress stages) {
    return Stage.of("Publish", stages).run(() -> publish(systems.paths()));
  }

  /**
   * Publishes to each cache, and waits for what was built, too; one that fails does not keep the
   * others from getting it.
   *
   * @return the first failure
   */
  Optional<Failure> publish(Collection<PathInfo> closure) {
    outlets.forEach(outlet -> outlet.offer(closure));
    return finish();
  }

  // no findFirst: each is waited for
  private Optional<Failure> finish() {
    return outlets.stream().map(Outlet::finish).flatMap(Optional::stream).reduce((a, b) -> a);
  }

  /**
   * Waits for what was built, as when something else was not, and a minute at most for its logs;
   * where the run is being ended it gives what is being uploaded a few seconds.
   */
  @Override
  public void close() {
    boolean interrupted = Thread.interrupted();
    try {
      if (interrupted) {
        cancel();
      } else {
        if (outlets.stream().anyMatch(Outlet::isUnfinished)) {
          Stage.of("Publish what was built", progress).run(() -> finish());
        }
        together(outlet -> outlet.finishLogs(LOGS_PATIENCE));
      }
    } catch (UncheckedIOException e) {
      interrupted = Thread.interrupted();
      cancel();
    } finally {
      outlets.forEach(Outlet::close);
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void cancel() {
    together(outlet -> outlet.cancel(GRACE), outlet -> outlet.finishLogs(GRACE));
  }

  @SafeVarargs
  private void together(Consumer<Outlet>... all) {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var each : all) {
        outlets.forEach(outlet -> threads.execute(() -> each.accept(outlet)));
      }
    }
  }
}
