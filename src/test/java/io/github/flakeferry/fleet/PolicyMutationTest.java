package io.github.flakeferry.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged files: each is read or refused, and what is read the schema allows, too. */
final class PolicyMutationTest {
  private static final List<String> SCRAPS =
      List.of(
          ":",
          ": ",
          "- ",
          "\n",
          "  ",
          "\t",
          "[",
          "]",
          "{",
          "}",
          "\"",
          "'",
          "&a ",
          "*a",
          "!b ",
          "|",
          ">",
          "#",
          "%",
          "@",
          "?",
          ",",
          "~",
          "null",
          "true",
          "1",
          "-1",
          "0x10",
          "1e999",
          "99999999999",
          ".5",
          "\0",
          "\u0007",
          "\u2028",
          "\u00e9",
          "\ud83d\ude00",
          "\ufeff",
          "---\n",
          "...",
          "<<: ",
          "boards",
          "25%",
          "&",
          "!",
          "(",
          ")",
          "**",
          "\\",
          "$",
          "::",
          "2001:db8::1",
          "@");

  @ParameterizedTest
  @ValueSource(strings = {"design", "everything", "json", "programs"})
  void aDamagedFileIsReadOrRefused(String name) {
    String whole = Corpus.valid(name);
    var random = new Random(name.hashCode());
    int read = 0;
    for (int i = 0; i < 1500; i++) {
      String text = whole;
      for (int changes = random.nextInt(1, 4); changes > 0; changes--) {
        text = damage(text, random);
      }
      if (isRead(text)) {
        read++;
        assertThat(PolicySchemaTest.judge(text)).as(text).isEmpty();
      }
    }
    // both must happen, or the damage is of the wrong size to prove anything
    assertThat(read).isBetween(10, 1400);
  }

  private static boolean isRead(String text) {
    try {
      assertThat(PolicyReader.read("f", text).boards()).isNotEmpty();
      return true;
    } catch (PolicyInvalid e) {
      long lines = text.split("\r\n|\r|\n", -1).length;
      assertThat(e.faults())
          .isNotEmpty()
          .allMatch(f -> f.line() >= 1 && f.line() <= lines + 1 && f.column() >= 1)
          .allMatch(f -> f.message().lines().count() == 1);
      return false;
    } catch (RuntimeException | StackOverflowError e) {
      throw new AssertionError("not refused but broken by:\n" + text, e);
    }
  }

  private static String damage(String text, RandomGenerator random) {
    int from = random.nextInt(text.length());
    int to = Math.min(text.length(), from + random.nextInt(1, 12));
    String before = text.substring(0, from);
    String scrap = SCRAPS.get(random.nextInt(SCRAPS.size()));
    return switch (random.nextInt(5)) {
      case 0 -> before + text.substring(to);
      case 1 -> before + scrap + text.substring(from);
      case 2 -> before + scrap + text.substring(to);
      case 3 -> before + text.substring(from, to) + text.substring(from);
      default -> before + (char) random.nextInt(32, 127) + text.substring(from + 1);
    };
  }
}
