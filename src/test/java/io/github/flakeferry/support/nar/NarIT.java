package io.github.flakeferry.support.nar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flakeferry.support.process.Command;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What we write is, byte for byte, what Nix writes. */
final class NarIT {
  private static final int TREES = 300;
  private static final long LARGE = (4L << 30) + 5;

  @TempDir private Path folder;

  @Test
  void randomTreesAreWrittenAsNixWritesThem() throws IOException {
    Path trees = Files.createDirectory(folder.resolve("trees"));
    for (long seed = 1; seed <= TREES; seed++) {
      RandomTrees.make(trees.resolve("tree-" + seed), seed);
    }
    byte[] ours = ours(trees);
    byte[] theirs = byNix(trees);
    if (!Arrays.equals(ours, theirs)) {
      for (long seed = 1; seed <= TREES; seed++) { // which one it was
        Path tree = trees.resolve("tree-" + seed);
        assertThat(ours(tree)).as("seed %d", seed).isEqualTo(byNix(tree));
      }
    }
    assertThat(ours).isEqualTo(theirs);
  }

  @Test
  void aFileMayHaveMoreThanFourGibibytes() throws IOException {
    Path file = folder.resolve("large");
    try (var sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(LARGE);
      sparse.seek((4L << 30) - 3);
      sparse.write("across".getBytes(StandardCharsets.US_ASCII));
    }
    var ours = new Summed();
    Nar.write(file, ours);
    var theirs = new Summed();
    Command.of("nix-store", "--dump", file.toString()).writeTo(theirs);
    assertThat(ours.bytes).isEqualTo(theirs.bytes).isGreaterThan(LARGE);
    assertThat(ours.sum.getValue()).isEqualTo(theirs.sum.getValue());
  }

  /** A sum that costs less than a hash. */
  private static final class Summed extends OutputStream {
    private final CRC32C sum = new CRC32C();
    private long bytes;

    @Override
    public void write(int b) {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] content, int offset, int length) {
      sum.update(content, offset, length);
      bytes += length;
    }
  }

  @Test
  void namesAndTargetsAreBytesWhateverTheLocale() throws IOException {
    Path tree = Files.createDirectory(folder.resolve("names"));
    // é in UTF-8, é in Latin-1, a stray continuation byte, what a locale may put in place of one
    String script =
        """
        cd "$1"
        printf a > "$(printf 'caf\\303\\251')"
        printf b > "$(printf 'caf\\351')"
        mkdir "$(printf 'folder\\200')"
        printf c > "$(printf 'folder\\200')/x%20 ?y"
        ln -s "$(printf 'caf\\351')" relative
        ln -s "$(printf '/nowhere/\\377//x/')" absolute
        ln -s "$(printf 'folder\\200')" to-folder
        ln -s "$(printf 'folder\\200/')" to-folder-with-slash
        ln -s "$(printf '../\\303\\251/..')" up
        ln -s . dot
        """;
    Command.of("sh", "-c", script, "sh", tree.toString()).run().orThrow();
    assertThat(ours(tree)).isEqualTo(byNix(tree));
  }

  @Test
  void aFileAndALinkAloneAreNarsToo() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "12345678");
    Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("file"));
    assertThat(ours(file)).isEqualTo(byNix(file));
    assertThat(ours(link)).isEqualTo(byNix(link));
  }

  @Test
  void aPipeIsRefused() throws IOException {
    Path pipe = folder.resolve("pipe");
    Command.of("mkfifo", pipe.toString()).run().orThrow();
    assertThatThrownBy(() -> Nar.write(pipe, OutputStream.nullOutputStream()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("neither a file");
  }

  private static byte[] ours(Path path) throws IOException {
    var bytes = new ByteArrayOutputStream();
    Nar.write(path, bytes);
    return bytes.toByteArray();
  }

  private static byte[] byNix(Path path) throws IOException {
    var bytes = new ByteArrayOutputStream();
    Command.of("nix-store", "--dump", path.toString()).writeTo(bytes);
    return bytes.toByteArray();
  }
}
