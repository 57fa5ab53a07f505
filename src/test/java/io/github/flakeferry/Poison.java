package io.github.flakeferry;

import io.github.flakeferry.cache.BinaryCaches;
import io.github.flakeferry.cache.Publisher;
import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.Sha256;
import io.github.flakeferry.model.SigningKey;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.support.nar.Nar;
import io.github.flakeferry.support.progress.Progress;
import io.github.flakeferry.testbed.HttpCache;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Optional;

/**
 * Another program by the name of one that is to be built.
 *
 * @param path the name
 * @param key signs it
 * @param folder where it lies
 */
record Poison(StorePath path, SigningKey key, Path folder) {
  /** Makes it, in a folder that is not there yet. */
  static Poison of(StorePath path, SigningKey key, Path folder) throws IOException {
    Path program = Files.createDirectories(folder.resolve("bin")).resolve("hello");
    Files.writeString(program, "#!/bin/sh\necho poisoned\n").toFile().setExecutable(true);
    return new Poison(path, key, folder);
  }

  /**
   * Puts it into a cache, well-formed and signed, with the rest of a closure; what was said of
   * paths there is forgotten.
   */
  void putInto(HttpCache cache, List<PathInfo> closure) throws IOException {
    try (var narInfos = Files.newDirectoryStream(cache.folder(), "*.narinfo")) {
      for (Path narInfo : narInfos) {
        Files.delete(narInfo);
      }
    }
    var nar = new ByteArrayOutputStream();
    Nar.write(folder, nar);
    List<PathInfo> poisoned =
        closure.stream()
            .map(info -> info.path().equals(path) ? poisoned(info, nar.toByteArray()) : info)
            .toList();
    try (var to = BinaryCaches.open(cache.uri(), Optional.empty())) {
      new Publisher(
              to,
              key,
              (source, out) -> Nar.write(source.equals(path) ? folder : source.path(), out),
              Progress.SILENT)
          .publish(poisoned);
    }
  }

  private static PathInfo poisoned(PathInfo info, byte[] nar) {
    return new PathInfo(
        info.path(),
        sha256(nar),
        nar.length,
        info.references(),
        info.deriver(),
        Optional.empty(),
        List.of());
  }

  private static Sha256 sha256(byte[] bytes) {
    try {
      return Sha256.of(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
