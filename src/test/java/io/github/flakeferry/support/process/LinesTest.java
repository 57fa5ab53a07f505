package io.github.flakeferry.support.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LinesTest {
  private final List<String> handedOn = new ArrayList<>();
  private final Lines lines = new Lines(handedOn::add);

  private void take(String text, int atOnce) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    for (int from = 0; from < bytes.length; from += atOnce) {
      lines.take(bytes, from, Math.min(atOnce, bytes.length - from));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 100})
  void endAsThoseOfAReaderHoweverTheyCome(int atOnce) {
    String text = "ä\nb\r\n\r\n10%\r20%\r\r\n\n\nlast";
    take(text, atOnce);
    lines.end();
    assertThat(handedOn).isEqualTo(text.lines().toList());
  }

  @Test
  void areHandedOnAsSoonAsTheyEnd() {
    take("a\nb\rc", 100);
    assertThat(handedOn).containsExactly("a", "b");
    lines.end();
    assertThat(handedOn).containsExactly("a", "b", "c");
  }
}
