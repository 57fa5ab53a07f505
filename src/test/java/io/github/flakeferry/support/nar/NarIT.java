package io.github.flakeferry.support.nar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flakeferry.support.process.Command;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What we write is, byte for byte, what Nix writes. */
final class NarIT {
  @TempDir private Path folder;

  @Test
  void randomTreesAreWrittenAsNixWritesThem() throws IOException {
    for (long seed = 1; seed <= 40; seed++) {
      Path tree = folder.resolve("tree-" + seed);
      makeTree(tree, new Random(seed), 4);
      assertThat(ours(tree)).as("seed %d", seed).isEqualTo(byNix(tree));
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

  private static void makeTree(Path path, Random random, int depth) throws IOException {
    int kind = random.nextInt(depth > 0 ? 10 : 6);
    if (depth == 4 || kind >= 6) {
      Files.createDirectory(path);
      int entries = random.nextInt(8);
      for (int i = 0; i < entries; i++) {
        makeTree(path.resolve(name(random, i)), random, depth - 1);
      }
    } else if (kind == 0) {
      Files.createSymbolicLink(path, Path.of(name(random, 99)));
    } else {
      byte[] content = new byte[random.nextInt(kind == 1 ? 300_000 : 40)];
      random.nextBytes(content);
      Files.write(path, content);
      assertThat(path.toFile().setExecutable(kind == 2, random.nextBoolean())).isTrue();
    }
  }

  // names whose order by bytes differs from the one by characters or by locale
  private static String name(Random random, int i) {
    String[] parts = {"a", "A", "-", ".", "_", "Z", "ä", "語", "\uD83D\uDE00", "\uFF21", "~"};
    return parts[random.nextInt(parts.length)] + parts[random.nextInt(parts.length)] + i;
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
