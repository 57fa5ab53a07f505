package io.github.flakeferry.cache;

import io.github.flakeferry.model.ContentSource;
import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.PublicKey;
import io.github.flakeferry.model.SigningKey;
import io.github.flakeferry.support.progress.Progress;
import java.util.List;
import java.util.function.Supplier;

/** Uploads paths that are there to a binary cache, all in one {@link PublishSession}. */
public final class Publisher {
  private final BinaryCache cache;
  private final PublishTerms terms;
  private final ContentSource contents;
  private final Progress progress;

  /** For all that is offered, signed. Nothing is asked of the cache yet; it stays open. */
  public Publisher(BinaryCache cache, SigningKey key, ContentSource contents, Progress progress) {
    this(cache, PublishTerms.signedBy(key), contents, progress);
  }

  /** The same by other terms. */
  public Publisher(
      BinaryCache cache, PublishTerms terms, ContentSource contents, Progress progress) {
    this.cache = cache;
    this.terms = terms;
    this.contents = contents;
    this.progress = progress;
  }

  /**
   * Uploads what of a closure the cache lacks. What was uploaded before a failure stays and is not
   * uploaded again.
   *
   * @param closure paths, in any order; what they refer to is among them or in the cache already
   * @throws PublishFailed the first failure, after all that does not depend on it was tried: if the
   *     cache refuses or is out of reach, has a path with another content, or a path is damaged
   */
  public PublishResult publish(List<PathInfo> closure) {
    return publish(() -> closure);
  }

  /**
   * The same, and looks at the cache while it is found out what there is.
   *
   * @param closure may throw, and then nothing was written
   */
  public PublishResult publish(Supplier<List<PathInfo>> closure) {
    try (var session =
        PublishSession.open(cache, terms, contents, progress, (failure, givenUp) -> {})) {
      session.expect();
      session.offer(closure.get());
      PublishResult result = session.finish();
      if (result.failure().isPresent()) {
        throw result.failure().get();
      }
      return result;
    }
  }

  /**
   * Makes sure that what we sign is what boards trust.
   *
   * @param declared the key in the policy
   * @throws PublishFailed if the two are not halves of one key
   */
  public static void checkKey(SigningKey key, PublicKey declared) {
    if (!key.publicKey().equals(declared)) {
      throw PublishFailed.of(
          FailureCode.CACHE_KEY,
          PublishFailed.Extent.CACHE,
          declared.name(),
          "",
          "The signing key is the one of %s, but the cache's public-key is %s."
              .formatted(key.publicKey(), declared),
          "Boards that trust the declared key would refuse what this one signs: give the signing"
              + " key that belongs to it, or declare the other one and have the boards trust it.");
    }
  }
}
