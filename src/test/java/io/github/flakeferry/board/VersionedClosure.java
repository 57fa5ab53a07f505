package io.github.flakeferry.board;

import io.github.flakeferry.board.delta.OldPath;
import io.github.flakeferry.model.OldContents;
import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.Sha256;
import io.github.flakeferry.model.SigningKey;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.support.nar.Nar;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;

/**
 * Store paths that nobody has built, each a file whose content the test gives; a path refers to the
 * one before it. Also what a machine has that once had them all.
 */
final class VersionedClosure implements OldContents {
  private static final String DIGITS = "0123456789abcdfghijklmnpqrsvwxyz"; // Nix's

  private final Path folder;
  private final Random random;
  private final Map<StorePath, byte[]> nars;
  private final List<PathInfo> infos = new ArrayList<>();

  /**
   * @param folder for files; may be used for several
   */
  VersionedClosure(Path folder, long seed) {
    this(folder, new Random(seed), new LinkedHashMap<>());
  }

  private VersionedClosure(Path folder, Random random, Map<StorePath, byte[]> nars) {
    this.folder = folder;
    this.random = random;
    this.nars = nars;
  }

  /** An empty one, whose machine has all of this one, too. */
  VersionedClosure next() {
    return new VersionedClosure(folder, random, nars);
  }

  /** Adds a path. */
  VersionedClosure with(String name, byte[] content) throws IOException {
    Path file = Files.write(folder.resolve("content"), content);
    var nar = new ByteArrayOutputStream();
    Nar.write(file, nar);
    var path = new StorePath(hash(), name);
    nars.put(path, nar.toByteArray());
    var references = new TreeSet<StorePath>();
    if (!infos.isEmpty()) {
      references.add(infos.getLast().path());
    }
    infos.add(
        new PathInfo(
            path,
            sha256(nar.toByteArray()),
            nar.size(),
            references,
            Optional.empty(),
            Optional.empty(),
            List.of()));
    return this;
  }

  private String hash() {
    return random
        .ints(32, 0, DIGITS.length())
        .collect(StringBuilder::new, (b, i) -> b.append(DIGITS.charAt(i)), StringBuilder::append)
        .toString();
  }

  private static Sha256 sha256(byte[] bytes) {
    try {
      return Sha256.of(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The same, signed. */
  VersionedClosure signed(SigningKey key) {
    infos.replaceAll(info -> info.signedBy(key));
    return this;
  }

  /** References before referrers. */
  List<PathInfo> infos() {
    return List.copyOf(infos);
  }

  StorePath root() {
    return infos.getLast().path();
  }

  /** As a board tells it. */
  List<OldPath> asOld() {
    return infos.stream().map(info -> new OldPath(info.path(), info.narSize())).toList();
  }

  long narBytes() {
    return infos.stream().mapToLong(PathInfo::narSize).sum();
  }

  /** What this machine has of a path is lost. */
  void forget(StorePath path) {
    nars.remove(path);
  }

  @Override
  public void fetch(Collection<StorePath> paths) {
    // all that there is is here
  }

  @Override
  public void writeNar(StorePath path, OutputStream to) throws IOException {
    byte[] nar = nars.get(path);
    if (nar == null) {
      throw new IOException("no such path: " + path);
    }
    to.write(nar);
  }
}
