package io.github.flakeferry.cache;

import com.github.luben.zstd.ZstdInputStream;
import io.github.flakeferry.model.Compression;
import io.github.flakeferry.model.Mismatch;
import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.PathSignature;
import io.github.flakeferry.model.Sha256;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.support.FileWords;
import io.github.flakeferry.support.Words;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** One path of an exported closure, and everything in which it differs from its record. */
final class ExportedPath {
  private static final int LONGEST_NARINFO = 1 << 20;
  private static final int BUFFER = 1 << 16;

  private final Path folder;
  private final PathInfo recorded;
  private final String narInfoName;
  private final List<String> files = new ArrayList<>();
  private final List<Mismatch> all = new ArrayList<>();

  ExportedPath(Path folder, PathInfo recorded) {
    this.folder = folder;
    this.recorded = recorded;
    this.narInfoName = NarInfo.fileName(recorded.path());
    this.files.add(narInfoName);
  }

  /** Its files' names, as far as they are known once it was compared. */
  List<String> files() {
    return List.copyOf(files);
  }

  /**
   * @param withContent whether the NAR is read
   */
  List<Mismatch> compare(boolean withContent) {
    try {
      narInfo().ifPresent(narInfo -> compare(narInfo, withContent));
    } catch (IOException e) {
      amiss(narInfoName, "a readable file", FileWords.of(e));
    }
    return List.copyOf(all);
  }

  private void amiss(String where, Object expected, Object found) {
    all.add(new Mismatch(where, expected.toString(), Words.printableLine(found.toString())));
  }

  private Optional<NarInfo> narInfo() throws IOException {
    Path file = folder.resolve(narInfoName);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      amiss(recorded.path().toString(), "the file " + narInfoName, "none");
      return Optional.empty();
    }
    if (Files.size(file) > LONGEST_NARINFO) {
      amiss(narInfoName, "a narinfo", Words.bytes(Files.size(file)));
      return Optional.empty();
    }
    try {
      String text = Files.readString(file);
      NarInfo narInfo = NarInfo.parse(text);
      if (!text.equals(narInfo.text())) {
        amiss(narInfoName, "the lines that `flakeferry build` writes", "others");
      }
      return Optional.of(narInfo);
    } catch (MalformedInputException | IllegalArgumentException e) {
      amiss(narInfoName, "a narinfo", String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private void compare(NarInfo narInfo, boolean withContent) {
    PathInfo told = narInfo.info();
    same("StorePath", recorded.path(), told.path());
    same("NarHash", recorded.narHash(), told.narHash());
    same("NarSize", recorded.narSize(), told.narSize());
    same("References", names(recorded.references()), names(told.references()));
    same("Deriver", shown(recorded.deriver()), shown(told.deriver()));
    same("CA", shown(recorded.contentAddress()), shown(told.contentAddress()));
    same("Sig", "none", told.signatures().isEmpty() ? "none" : keys(told.signatures()));
    same("Compression", Compression.ZSTD.word(), narInfo.compression());
    String url = Packer.url(narInfo.fileHash(), Compression.ZSTD);
    same("URL", url, narInfo.url());
    files.add(url);
    try {
      nar(url, narInfo, withContent);
    } catch (IOException e) {
      amiss(url, "a readable file", FileWords.of(e));
    }
  }

  private void same(String key, Object expected, Object found) {
    if (!expected.equals(found)) {
      amiss(narInfoName + ", " + key, expected, found);
    }
  }

  private static String names(Collection<StorePath> paths) {
    return paths.isEmpty()
        ? "none"
        : paths.stream().map(StorePath::baseName).collect(Collectors.joining(" "));
  }

  private static String keys(Collection<PathSignature> signatures) {
    return signatures.stream().map(PathSignature::keyName).collect(Collectors.joining(" "));
  }

  private static String shown(Optional<?> value) {
    return value.map(Object::toString).orElse("none");
  }

  private void nar(String url, NarInfo narInfo, boolean withContent) throws IOException {
    Path file = folder.resolve(url);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      amiss(recorded.path().toString(), "the file " + url, "none");
    } else if (Files.size(file) != narInfo.fileSize()) {
      amiss(url, narInfo.fileSize() + " bytes", Files.size(file) + " bytes");
    } else if (withContent) {
      content(url, file, narInfo);
    }
  }

  private void content(String url, Path file, NarInfo narInfo) throws IOException {
    MessageDigest packed = sha256();
    MessageDigest unpacked = sha256();
    long size = 0;
    try (InputStream in = Files.newInputStream(file);
        var measured = new DigestInputStream(new BufferedInputStream(in, BUFFER), packed)) {
      try (var nar = new ZstdInputStream(measured)) {
        byte[] buffer = new byte[BUFFER];
        int read = nar.read(buffer);
        // a little file may unpack to any size
        while (read >= 0 && size <= recorded.narSize()) {
          unpacked.update(buffer, 0, read);
          size += read;
          read = nar.read(buffer);
        }
      }
    } catch (com.github.luben.zstd.ZstdIOException e) {
      amiss(url, "a NAR compressed by zstd", "damaged data: " + e.getMessage());
      return;
    }
    if (size != recorded.narSize()) {
      amiss(
          url,
          "a NAR of " + recorded.narSize() + " bytes",
          size > recorded.narSize() ? "more" : size + " bytes");
      return;
    }
    Sha256 narHash = Sha256.of(unpacked.digest());
    if (!narHash.equals(recorded.narHash())) {
      amiss(url, "a NAR with the hash " + recorded.narHash(), narHash);
    }
    Sha256 fileHash = Sha256.of(packed.digest());
    if (!fileHash.equals(narInfo.fileHash())) {
      amiss(url, "a file with the hash " + narInfo.fileHash(), fileHash);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }
}
