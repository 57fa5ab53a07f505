package io.github.flakeferry.cache;

import io.github.flakeferry.model.ContentSource;
import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.PublicKey;
import io.github.flakeferry.model.SigningKey;
import io.github.flakeferry.support.progress.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Uploads store paths to a binary cache, signed. A path's narinfo is written after its NAR and
 * after the narinfos of all that it refers to: whoever finds a path in the cache finds its closure.
 */
public final class Publisher {
  /** How many small requests are under way at once. */
  static final int QUESTIONS_AT_ONCE = 32;

  private final BinaryCache cache;
  private final SigningKey key;
  private final ContentSource contents;
  private final Progress progress;

  /** Nothing is asked of the cache yet; it stays open. */
  public Publisher(BinaryCache cache, SigningKey key, ContentSource contents, Progress progress) {
    this.cache = cache;
    this.key = key;
    this.contents = contents;
    this.progress = progress;
  }

  /**
   * Uploads what of a closure the cache lacks. What was uploaded before a failure stays and is not
   * uploaded again.
   *
   * @param closure paths, in any order; what they refer to is among them or in the cache already
   * @throws PublishFailed if the cache refuses or is out of reach, has a path with another content,
   *     or a path is damaged
   */
  public PublishResult publish(List<PathInfo> closure) {
    CacheInfo.ensure(cache);
    List<PathInfo> missing = new Presence(cache, key).missing(closure);
    Path folder = temporaryFolder();
    try {
      var uploads =
          new Uploads(
              cache,
              info -> info.signedBy(key),
              new Packer(contents, folder, cache.url()),
              progress,
              missing);
      uploads.run();
      return new PublishResult(
          missing.size(),
          closure.size() - missing.size(),
          uploads.compressedBytes(),
          missing.stream().mapToLong(PathInfo::narSize).sum());
    } finally {
      delete(folder);
    }
  }

  private Path temporaryFolder() {
    try {
      return Files.createTempDirectory("flakeferry-publish-");
    } catch (IOException e) {
      throw PublishFailed.local(cache.url(), "", "make a temporary folder", e);
    }
  }

  private static void delete(Path folder) {
    try (var files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      // a temporary file more: not worth a failure
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
          declared.name(),
          "",
          "The signing key is the one of %s, but the cache's public-key is %s."
              .formatted(key.publicKey(), declared),
          "Boards that trust the declared key would refuse what this one signs: give the signing"
              + " key that belongs to it, or declare the other one and have the boards trust it.");
    }
  }
}
