package io.github.flakeferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.model.SigningKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class KeyGenerateCommandTest {
  @TempDir private Path folder;

  private record Said(int exitCode, String out, String err) {}

  private static Said key(String... arguments) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    PrintStream outBefore = System.out;
    PrintStream errBefore = System.err;
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    try {
      var words = new StringWriter();
      int exitCode = Main.commandLine().setErr(new PrintWriter(words)).execute(prefixed(arguments));
      return new Said(
          exitCode,
          out.toString(StandardCharsets.UTF_8),
          err.toString(StandardCharsets.UTF_8) + words);
    } finally {
      System.setOut(outBefore);
      System.setErr(errBefore);
    }
  }

  private static String[] prefixed(String... arguments) {
    var all = new String[arguments.length + 2];
    all[0] = "key";
    all[1] = "generate";
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    return all;
  }

  @Test
  void theSecretHalfIsInAFileOfOnesOwnAndThePublicOneIsSaid() throws IOException {
    Path file = folder.resolve("cache.sec");

    Said said = key("cache.example.org-1", "--out", file.toString());

    assertThat(said.exitCode()).as(said.err()).isZero();
    String secret = Files.readString(file);
    SigningKey key = SigningKey.parse(secret);
    assertThat(said.out()).isEqualTo(key.publicKey() + "\n");
    assertThat(said.out()).startsWith("cache.example.org-1:");
    assertThat(said.err())
        .contains(file.toString(), "trusted-public-keys = [ \"" + key.publicKey() + "\" ]")
        .doesNotContain(secret.strip());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void noKeyIsOverwritten() throws IOException {
    Path file = Files.writeString(folder.resolve("cache.sec"), "the only copy");

    Said said = key("cache-1", "--out", file.toString());

    assertThat(said.exitCode()).isEqualTo(2);
    assertThat(said.err()).contains(file + " is there already");
    assertThat(said.out()).isEmpty();
    assertThat(file).hasContent("the only copy");
  }

  @Test
  void aFolderThatIsNotThereIsTold() {
    Said said = key("cache-1", "--out", folder.resolve("none/cache.sec").toString());

    assertThat(said.exitCode()).isEqualTo(2);
    assertThat(said.err()).contains("none/cache.sec can't be written");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a:b", "a b", "../x", "-x"})
  void aNameIsOneWord(String name) {
    Said said = key("--out", folder.resolve("x").toString(), "--", name);

    assertThat(said.exitCode()).isEqualTo(2);
    assertThat(said.err()).contains("NAME");
    assertThat(folder).isEmptyDirectory();
  }
}
