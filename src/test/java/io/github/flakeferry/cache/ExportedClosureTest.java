package io.github.flakeferry.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.model.Mismatch;
import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.SigningKey;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.support.progress.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one machine exports, another one finds as it was, or says all in which it differs. */
final class ExportedClosureTest {
  @TempDir private Path temporary;
  private Path folder;
  private PathInfo dep;
  private PathInfo top;

  @BeforeEach
  void export() throws IOException {
    folder = temporary.resolve("the closure");
    var built = new Built(Files.createDirectory(temporary.resolve("files")));
    dep = built.path("dep-1.0", "dep ".repeat(10_000));
    top = built.path("system", "system", dep.path());
    new ExportedClosure(folder)
        .write(
            List.of(top.signedBy(SigningKey.generate("elsewhere-1")), dep), built, Progress.SILENT);
  }

  private List<String> compare() {
    return compare(Set.of(top.path(), dep.path()));
  }

  private List<String> compare(Set<StorePath> wanted) {
    return new ExportedClosure(folder)
        .compare(List.of(top, dep), wanted).stream().map(Mismatch::toString).toList();
  }

  private Path narInfo(PathInfo info) {
    return folder.resolve(NarInfo.fileName(info.path()));
  }

  private String url(PathInfo info) throws IOException {
    return NarInfo.parse(Files.readString(narInfo(info))).url();
  }

  private void edit(PathInfo info, String pattern, String replacement) throws IOException {
    String text = Files.readString(narInfo(info));
    assertThat(text).containsPattern(pattern);
    Files.writeString(narInfo(info), text.replaceAll(pattern, replacement));
  }

  @Test
  void isACacheWithoutSignatures() throws IOException {
    assertThat(compare()).isEmpty();
    assertThat(narInfo(top)).content().doesNotContain("Sig:");
    try (Stream<Path> files = Files.walk(folder)) {
      assertThat(files.filter(Files::isRegularFile)).hasSize(5);
    }
  }

  @Test
  void anEmptyClosureIsAFolderTooAndAMissingFolderIsTold() {
    var none = new ExportedClosure(temporary.resolve("none"));
    assertThat(none.compare(List.of(), Set.of())).isNotEmpty();
    none.write(List.of(), (path, to) -> {}, Progress.SILENT);
    assertThat(none.compare(List.of(), Set.of())).isEmpty();
  }

  @Test
  void anotherContentUnderTheSameHashesIsTold() throws IOException {
    byte[] other = Files.readAllBytes(folder.resolve(url(top)));
    Files.write(folder.resolve(url(dep)), other);
    edit(dep, "FileSize: \\d+", "FileSize: " + other.length);
    assertThat(compare())
        .containsExactly(
            url(dep)
                + ": expected a NAR of "
                + dep.narSize()
                + " bytes, found "
                + top.narSize()
                + " bytes");
  }

  @Test
  void aNarThatTheNarInfoWasMadeToFitIsTold() throws IOException {
    // of the same size, with all hashes and names of the first machine's making
    var forger = new Built(Files.createDirectory(temporary.resolve("forged")));
    PathInfo forged = forger.path("dep-1.0", "dup ".repeat(10_000));
    assertThat(forged.path()).isEqualTo(dep.path());
    assertThat(forged.narSize()).isEqualTo(dep.narSize());
    Files.delete(folder.resolve(url(dep)));
    Files.delete(narInfo(dep));
    new ExportedClosure(folder).write(List.of(forged), forger, Progress.SILENT);

    assertThat(compare())
        .containsExactly(
            NarInfo.fileName(dep.path())
                + ", NarHash: expected "
                + dep.narHash()
                + ", found "
                + forged.narHash(),
            url(dep)
                + ": expected a NAR with the hash "
                + dep.narHash()
                + ", found "
                + forged.narHash());
  }

  @Test
  void aDamagedOrTruncatedFileIsTold() throws IOException {
    Path nar = folder.resolve(url(dep));
    byte[] whole = Files.readAllBytes(nar);
    Files.write(nar, Arrays.copyOf(whole, whole.length - 3));
    assertThat(compare())
        .containsExactly(
            "%s: expected %d bytes, found %d bytes"
                .formatted(url(dep), whole.length, whole.length - 3));

    edit(dep, "FileSize: \\d+", "FileSize: " + (whole.length - 3));
    assertThat(compare()).singleElement().asString().startsWith(url(dep) + ": expected a ");
    edit(dep, "FileSize: \\d+", "FileSize: " + whole.length);

    for (int at = 0; at < whole.length; at++) {
      byte[] changed = whole.clone();
      changed[at] ^= 0x10;
      Files.write(nar, changed);
      assertThat(compare()).as("byte " + at).isNotEmpty();
    }
    Files.write(nar, whole);
    assertThat(compare()).isEmpty();
  }

  @Test
  void aFileThatUnpacksToFarMoreIsNotReadToItsEnd() throws IOException {
    byte[] huge = com.github.luben.zstd.Zstd.compress(new byte[64 << 20]);
    Files.write(folder.resolve(url(dep)), huge);
    edit(dep, "FileSize: \\d+", "FileSize: " + huge.length);
    assertThat(compare())
        .containsExactly(url(dep) + ": expected a NAR of " + dep.narSize() + " bytes, found more");
  }

  @Test
  void eachLineOfANarInfoCounts() throws IOException {
    edit(top, "StorePath: .*", "StorePath: " + dep.path());
    edit(top, "References: .*", "References: ");
    edit(top, "NarSize: .*", "NarSize: 1");
    edit(
        top,
        "\\z",
        "Deriver: " + top.path().baseName() + ".drv\nCA: fixed:r:sha256:x\nSystem: other\n");
    String name = NarInfo.fileName(top.path());
    assertThat(compare())
        .containsExactlyInAnyOrder(
            name + ", CA: expected none, found fixed:r:sha256:x",
            name
                + ", Deriver: expected none, found "
                + StorePath.STORE
                + "/"
                + top.path().baseName()
                + ".drv",
            name + ", NarSize: expected " + top.narSize() + ", found 1",
            name + ", References: expected " + dep.path().baseName() + ", found none",
            name + ", StorePath: expected " + top.path() + ", found " + dep.path(),
            name + ": expected the lines that `flakeferry build` writes, found others");
  }

  @Test
  void aSignatureOfTheFirstJobsIsTold() throws IOException {
    var signed = top.signedBy(SigningKey.generate("cache-1"));
    edit(top, "\\z", "Sig: " + signed.signatures().getFirst() + "\n");
    assertThat(compare())
        .containsExactly(NarInfo.fileName(top.path()) + ", Sig: expected none, found cache-1");
  }

  @Test
  void aNarElsewhereIsTold() throws IOException {
    Files.move(folder.resolve(url(dep)), temporary.resolve("elsewhere"));
    edit(dep, "URL: .*", "URL: ../elsewhere");
    assertThat(compare())
        .anySatisfy(f -> assertThat(f).contains(", URL: expected nar/", "found ../elsewhere"))
        .anySatisfy(f -> assertThat(f).startsWith(dep.path() + ": expected the file nar/"));
  }

  @Test
  void aLinkIsNoFile() throws IOException {
    Path nar = folder.resolve(url(dep));
    Files.move(nar, temporary.resolve("elsewhere"));
    Files.createSymbolicLink(nar, temporary.resolve("elsewhere"));
    assertThat(compare()).isNotEmpty();
  }

  @Test
  void whatIsMissingExtraOrNoNarInfoIsToldAtOnce() throws IOException {
    Files.delete(narInfo(dep));
    Files.writeString(narInfo(top), "hello");
    Files.writeString(folder.resolve("nix-cache-info"), "StoreDir: /elsewhere\n");
    Files.writeString(folder.resolve("0".repeat(32) + ".narinfo"), "extra");
    Files.createDirectories(folder.resolve("more/of"));
    Files.writeString(folder.resolve("more/of/it\n"), "extra");

    assertThat(compare().stream().map(f -> f.substring(0, f.indexOf(": "))))
        .contains(
            dep.path().toString(),
            NarInfo.fileName(top.path()),
            "nix-cache-info",
            "0".repeat(32) + ".narinfo",
            "more/of/it");
  }

  @Test
  void ofWhatIsNotWantedOnlyTheFilesAreLookedAt() throws IOException {
    Path nar = folder.resolve(url(dep));
    byte[] whole = Files.readAllBytes(nar);
    whole[whole.length - 1] ^= 1;
    Files.write(nar, whole);
    assertThat(compare(Set.of(top.path()))).isEmpty();
    Files.delete(nar);
    assertThat(compare(Set.of(top.path()))).hasSize(1);
  }
}
