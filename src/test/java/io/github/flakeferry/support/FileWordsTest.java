package io.github.flakeferry.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileWordsTest {
  @TempDir private Path folder;

  @Test
  void theyAreForPeople() throws IOException {
    Path file = folder.resolve("file");
    assertThat(reading(file)).isEqualTo("there is no " + file);
    Files.write(file, new byte[] {'n', (byte) 0xfc});
    assertThat(reading(file)).isEqualTo("it is not UTF-8");
  }

  private static String reading(Path file) {
    return FileWords.of(catchThrowableOfType(IOException.class, () -> Files.readString(file)));
  }
}
