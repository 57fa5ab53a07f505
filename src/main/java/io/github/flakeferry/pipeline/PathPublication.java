package io.github.flakeferry.pipeline;

import io.github.flakeferry.cache.BinaryCaches;
import io.github.flakeferry.cache.LogUploads;
import io.github.flakeferry.cache.PublishResult;
import io.github.flakeferry.cache.PublishTerms;
import io.github.flakeferry.cache.Publisher;
import io.github.flakeferry.fleet.PublishPolicy;
import io.github.flakeferry.model.CacheFormat;
import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.SigningKey;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.nix.Nix;
import io.github.flakeferry.nix.NixFailed;
import io.github.flakeferry.nix.NixSettings;
import io.github.flakeferry.support.progress.Progress;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Publishes what somebody names by hand. */
public final class PathPublication {
  // whoever waits for it can end it
  private static final Duration LOGS_PATIENCE = Duration.ofHours(1);

  private final Settings settings;
  private final Progress progress;

  public PathPublication(Settings settings, Progress progress) {
    this.settings = settings;
    this.progress = progress;
  }

  /**
   * Publishes the closures of paths, and the logs of those that were built here, if the format has
   * them: what hinders these is a warning.
   *
   * @param paths in the store, or links that lead there
   * @param all whether also what {@code cache.nixos.org} has signed
   * @param format how the cache keeps them
   * @throws Failure if one of them is not in the store, with all that are not; if there is no
   *     signing key; or if the cache doesn't take them
   */
  public PublishResult run(List<Path> paths, URI cache, boolean all, CacheFormat format) {
    SigningKey key =
        settings
            .signingKey()
            .orElseThrow(
                () ->
                    Refused.missingSecret(
                        "there is no key to sign what is published to " + cache, "signing-key"));
    var nix = new Nix(NixSettings.DEFAULT, progress);
    var terms =
        new PublishTerms(
            Optional.of(key), all ? List.of() : PublishPolicy.DEFAULT.upstream(), format);
    try (var opened = BinaryCaches.open(cache, settings.credentialsFor(cache))) {
      var publisher = new Publisher(opened, terms, Nix.contents(), progress);
      return Stage.of("Publish to " + opened.url(), progress)
          .run(
              () ->
                  format.logs()
                      ? withLogs(publisher, LogUploads.open(opened, progress), nix, paths)
                      : publisher.publish(() -> closure(nix, paths)));
    }
  }

  private static PublishResult withLogs(
      Publisher publisher, LogUploads logs, Nix nix, List<Path> paths) {
    try {
      return publisher.publish(
          () -> {
            List<PathInfo> closure = closure(nix, paths);
            logs.offerEarlier(nix.madeHere(closure), nix::writeLog);
            return closure;
          });
    } finally {
      logs.finish(LOGS_PATIENCE);
    }
  }

  // that they are there is asked only where Nix says that something is amiss
  private static List<PathInfo> closure(Nix nix, List<Path> paths) {
    List<StorePath> roots = paths.stream().flatMap(path -> root(path).stream()).toList();
    if (roots.size() == paths.size()) {
      try {
        return nix.closure(roots);
      } catch (NixFailed e) {
        roots(nix, paths);
        throw e;
      }
    }
    return nix.closure(roots(nix, paths));
  }

  /**
   * The store paths that are named.
   *
   * @param paths in the store, or links that lead there
   * @throws Failure if one of them is not in the store, with all that are not
   */
  static List<StorePath> roots(Nix nix, List<Path> paths) {
    Map<Path, Optional<StorePath>> named = new LinkedHashMap<>();
    paths.forEach(path -> named.put(path, root(path)));
    List<StorePath> roots = named.values().stream().flatMap(Optional::stream).toList();
    Set<StorePath> missing = nix.missing(roots);
    List<String> faults =
        named.entrySet().stream()
            .filter(entry -> entry.getValue().filter(root -> !missing.contains(root)).isEmpty())
            .map(entry -> entry.getKey().toString())
            .toList();
    if (!faults.isEmpty()) {
      throw new NotInStore(faults);
    }
    return roots;
  }

  private static Optional<StorePath> root(Path path) {
    try {
      return StoreLinks.follow(path, Path.of(StorePath.STORE))
          .map(found -> StorePath.parse(found.toString()));
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Paths that Nix's store does not have. */
  private static final class NotInStore extends Failure {
    NotInStore(List<String> paths) {
      super(
          FailureCode.NOT_IN_STORE,
          "not in the store of this machine: " + String.join(", ", paths),
          "Give store paths that are built here, such as /nix/store/…-NAME, or links to them such"
              + " as ./result.");
    }
  }
}
