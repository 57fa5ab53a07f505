package io.github.flakeferry.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WordsTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "1023, 1023 B",
    "1024, 1.0 KiB",
    "12595, 12.3 KiB",
    "1048575, 1.0 MiB",
    "-2048, -2.0 KiB",
    "1125899906842624, 1024.0 TiB"
  })
  void writesBytesInTheirUnit(long bytes, String words) {
    assertThat(Words.bytes(bytes)).isEqualTo(words);
  }

  @ParameterizedTest
  @CsvSource({"0, 0.0 s", "9949, 9.9 s", "9950, 10 s", "59499, 59 s", "59500, 1 min 0 s"})
  void writesTimesAsLongAsTheyNeed(long millis, String words) {
    assertThat(Words.time(Duration.ofMillis(millis))).isEqualTo(words);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 s",
    "59, 59 s",
    "60, 1 min",
    "3599, 59 min",
    "3600, 1 h 0 min",
    "90060, 25 h 1 min"
  })
  void saysRoughlyHowLongItTakes(long seconds, String words) {
    assertThat(Words.roughly(Duration.ofSeconds(seconds))).isEqualTo(words);
  }

  @Test
  void leavesOutWhatMovesTheCursor() {
    assertThat(Words.printable("a\u001b[2Jb\rc\r\nd\u0007\u202ee\u0085f\tg"))
        .isEqualTo("a[2Jb\nc\ndef\tg");
    assertThat(Words.printableLine(" a\nb\tc ")).isEqualTo("a b c");
  }

  @Test
  void shortensAtAWordAndNeverInsideACharacter() {
    assertThat(Words.shortened("twelve chars", 12)).isEqualTo("twelve chars");
    assertThat(Words.shortened("twelve chars.", 12)).isEqualTo("twelve…");
    assertThat(Words.shortened("😀😀😀", 4)).isEqualTo("😀…");
  }
}
