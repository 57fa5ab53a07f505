package io.github.flakeferry.cache;

import io.github.flakeferry.model.ContentSource;
import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.Sha256;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.support.nar.Nar;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Made-up store paths with real content, from files of a temporary folder: no Nix is needed. */
final class Built implements ContentSource {
  private final Path folder;
  private final Map<StorePath, byte[]> nars = new HashMap<>();

  Built(Path folder) {
    this.folder = folder;
  }

  /** A path whose content is this text and whose hash is made of its name. */
  PathInfo path(String name, String content, StorePath... references) throws IOException {
    var nar = new ByteArrayOutputStream();
    Nar.write(Files.writeString(folder.resolve(name), content), nar);
    var path =
        new StorePath(sha256(name.getBytes(StandardCharsets.UTF_8)).base32().substring(20), name);
    nars.put(path, nar.toByteArray());
    return new PathInfo(
        path,
        sha256(nar.toByteArray()),
        nar.size(),
        new TreeSet<>(List.of(references)),
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  @Override
  public void writeNar(StorePath path, java.io.OutputStream to) throws IOException {
    to.write(java.util.Objects.requireNonNull(nars.get(path)));
  }

  /** Damages a path: its files are no longer what its info says. */
  void damage(StorePath path) {
    nars.put(path, "other".getBytes(StandardCharsets.UTF_8));
  }

  private static Sha256 sha256(byte[] bytes) {
    try {
      return Sha256.of(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
