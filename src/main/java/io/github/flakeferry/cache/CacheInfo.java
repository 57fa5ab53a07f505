package io.github.flakeferry.cache;

import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.StorePath;
import java.util.Optional;

/**
 * The file {@code nix-cache-info}, by which Nix knows a cache (Nix:
 * libstore/binary-cache-store.cc).
 */
final class CacheInfo {
  static final String NAME = "nix-cache-info";
  static final String TEXT = "StoreDir: " + StorePath.STORE + "\nWantMassQuery: 1\nPriority: 40\n";

  private CacheInfo() {}

  /**
   * Makes sure that the cache is one. A file that somebody else has written stays as it is, also
   * one that came since it was last looked for.
   *
   * @param there what {@link #isThere} said, a while ago
   * @throws PublishFailed if it does not take the file, or loses it; or if it has one for another
   *     store by now
   */
  static void ensure(BinaryCache cache, boolean there) {
    // a server may not know how to make only what is not there: it is looked for again just before
    if (!there && !isThere(cache)) {
      cache.create(NAME, TEXT);
      if (!isThere(cache)) {
        throw lost(cache, NAME);
      }
    }
  }

  /**
   * Writes a small file in the ways that a publication does, where what is written must be what is
   * read.
   *
   * @throws PublishFailed if the cache does not take it, or loses it
   */
  static void writeAndReadBack(BinaryCache cache, String name, String text) {
    if (!cache.create(name, text)) {
      cache.write(name, text);
    }
    if (!cache.read(name).equals(Optional.of(text))) {
      throw lost(cache, name);
    }
  }

  private static PublishFailed lost(BinaryCache cache, String name) {
    return PublishFailed.notGivenBack(
        PublishFailed.Extent.CACHE,
        cache.url(),
        name,
        "%s took %s, but does not give it back.".formatted(cache.url(), name));
  }

  /**
   * Whether it is a cache for our store already, and not just a place for one.
   *
   * @throws PublishFailed if it is one for another store
   */
  static boolean isThere(BinaryCache cache) {
    Optional<String> present = cache.read(NAME);
    if (present.isEmpty()) {
      return false;
    }
    String store =
        present
            .get()
            .lines()
            .filter(line -> line.startsWith("StoreDir:"))
            .map(line -> line.substring("StoreDir:".length()).strip())
            .findFirst()
            .orElse("(it does not say)");
    if (!store.equals(StorePath.STORE)) {
      throw PublishFailed.of(
          FailureCode.CACHE_ADDRESS,
          PublishFailed.Extent.CACHE,
          cache.url(),
          NAME,
          "%s is a cache for the store %s, not %s.".formatted(cache.url(), store, StorePath.STORE),
          "Boards could not use what is published there: give another cache.");
    }
    return true;
  }
}
