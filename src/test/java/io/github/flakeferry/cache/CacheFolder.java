package io.github.flakeferry.cache;

import io.github.flakeferry.model.Sha256;
import io.github.flakeferry.model.StorePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What a reader finds in the folder of a cache. */
final class CacheFolder {
  private CacheFolder() {}

  static List<Path> narInfos(Path cache) throws IOException {
    if (!Files.exists(cache)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(cache)) {
      return files.filter(f -> f.toString().endsWith(".narinfo")).toList();
    }
  }

  /** A narinfo without its NAR, or without those that it refers to. */
  static Optional<String> hole(Path cache) throws IOException {
    for (Path file : narInfos(cache)) {
      NarInfo narInfo = NarInfo.parse(Files.readString(file));
      Path nar = cache.resolve(narInfo.url());
      if (!Files.exists(nar) || Files.size(nar) != narInfo.fileSize()) {
        return Optional.of(file + " without its NAR");
      }
      for (StorePath reference : narInfo.info().references()) {
        if (!Files.exists(cache.resolve(NarInfo.fileName(reference)))) {
          return Optional.of(file + " without " + reference);
        }
      }
    }
    return Optional.empty();
  }

  /** The same, or a NAR that is another than its narinfo says. */
  static Optional<String> fault(Path cache) throws IOException {
    for (Path file : narInfos(cache)) {
      NarInfo narInfo = NarInfo.parse(Files.readString(file));
      Path nar = cache.resolve(narInfo.url());
      if (Files.exists(nar) && !sha256(Files.readAllBytes(nar)).equals(narInfo.fileHash())) {
        return Optional.of(file + " with another NAR");
      }
    }
    return hole(cache);
  }

  private static Sha256 sha256(byte[] bytes) {
    try {
      return Sha256.of(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
