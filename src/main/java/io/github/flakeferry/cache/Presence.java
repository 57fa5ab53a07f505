package io.github.flakeferry.cache;

import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.support.Words;
import java.util.Optional;

/** What a cache says of paths: asks for it, and writes it. For any number of threads. */
final class Presence {
  private final BinaryCache cache;
  private final PublishTerms terms;

  Presence(BinaryCache cache, PublishTerms terms) {
    this.cache = cache;
    this.terms = terms;
  }

  /**
   * Whether it has a path. What it has without our signature gets it.
   *
   * @throws PublishFailed if it has something else under the same path
   */
  boolean has(PathInfo ours) {
    String name = NarInfo.fileName(ours.path());
    Optional<String> text = cache.read(name);
    if (text.isEmpty()) {
      return false;
    }
    NarInfo theirs;
    try {
      theirs = NarInfo.parse(text.get());
    } catch (IllegalArgumentException e) {
      throw PublishFailed.of(
          FailureCode.CACHE_ADDRESS,
          PublishFailed.Extent.PATH,
          cache.url(),
          name,
          "%s has something at %s that is no narinfo: %s"
              .formatted(cache.url(), name, e.getMessage()),
          "Delete it there, or give the URL of a Nix cache.");
    }
    if (!theirs.agreesWith(ours)) {
      throw PublishFailed.of(
          FailureCode.CACHE_PATH,
          PublishFailed.Extent.PATH,
          cache.url(),
          ours.path().toString(),
          "%s has %s with another content (NAR hash %s and %s there, %s and %s here)."
              .formatted(
                  cache.url(),
                  ours.path(),
                  theirs.info().narHash(),
                  Words.count(theirs.info().references().size(), "reference"),
                  ours.narHash(),
                  Words.count(ours.references().size(), "reference")),
          "A build that gives another result each time was done twice. Fetch the one that is there"
              + " (add the cache to the runner's substituters), or delete it there.");
    }
    if (terms.missingOn(theirs.info())) {
      cache.write(name, theirs.with(terms.told(theirs.info())).text());
    }
    return true;
  }

  /**
   * Makes sure that it has what a path refers to.
   *
   * @throws PublishFailed if it has not
   */
  void expect(PathInfo info, StorePath reference) {
    if (!cache.has(NarInfo.fileName(reference))) {
      throw PublishFailed.of(
          FailureCode.CACHE_PATH,
          PublishFailed.Extent.PATH,
          cache.url(),
          info.path().toString(),
          "%s refers to %s, which is neither published nor to be published."
              .formatted(info.path(), reference),
          "Publish the whole closure.");
    }
  }

  /**
   * Says of a path what it is to say, unless somebody has been sooner: that is never overwritten.
   *
   * @param listing what its file of this kind is to say, if it is to have one
   * @return whether this wrote it
   * @throws PublishFailed if it has something else under the same path by now
   */
  boolean write(NarInfo narInfo, Optional<String> listing) {
    PathInfo ours = narInfo.info();
    String name = NarInfo.fileName(ours.path());
    String text = narInfo.with(terms.told(ours)).text();
    if (has(ours)) {
      return false;
    }
    listing.ifPresent(files -> cache.write(Listing.fileName(ours.path()), files));
    return cache.create(name, text) || isLost(ours);
  }

  /** Somebody was sooner, by an instant. */
  private boolean isLost(PathInfo ours) {
    if (has(ours)) {
      return false;
    }
    String name = NarInfo.fileName(ours.path());
    throw PublishFailed.notGivenBack(
        PublishFailed.Extent.PASSING,
        cache.url(),
        name,
        "%s takes no %s since it has one, and has none.".formatted(cache.url(), name));
  }
}
