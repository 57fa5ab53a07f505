package io.github.flakeferry.cache;

import io.github.flakeferry.model.ContentSource;
import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.PublicKey;
import io.github.flakeferry.model.SigningKey;
import io.github.flakeferry.support.progress.Progress;
import java.util.List;
import java.util.Optional;

/** Uploads store paths to a binary cache, signed. */
public final class Publisher {
  public Publisher(BinaryCache cache, SigningKey key, ContentSource contents, Progress progress) {}

  /**
   * Uploads what of a closure the cache lacks.
   *
   * @param closure paths with all that they refer to, in any order
   * @throws PublishFailed if the cache refuses or is out of reach, or a path is damaged
   */
  public PublishResult publish(List<PathInfo> closure) {
    return new PublishResult(0, closure.size(), 0, 0);
  }

  /**
   * Makes sure that what we sign is what boards trust.
   *
   * @param declared the key in the policy
   * @throws PublishFailed if the two are not halves of one key
   */
  public static void checkKey(SigningKey key, PublicKey declared) {
    if (!key.publicKey().equals(declared)) {
      throw new PublishFailed(
          declared.name(),
          Optional.empty(),
          Optional.empty(),
          "The signing key belongs to %s, but the cache's public-key is %s."
              .formatted(key.publicKey(), declared),
          "Boards that trust the declared key would refuse what this one signs: give the signing"
              + " key that belongs to it, or declare the other one and have the boards trust it.");
    }
  }
}
