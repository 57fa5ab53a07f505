package io.github.flakeferry.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.FailureReason;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SelectorTest {
  private static final BoardName NAME = new BoardName("unmatched-1");
  private static final Set<String> TAGS = Set.of("riscv64", "production");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "riscv64",
        "unmatched-1",
        "unmatched-*",
        "risc?64",
        "*",
        "riscv64 & production",
        "riscv64&!canary",
        "canary | production",
        "canary & x | production",
        "production | x & canary",
        "production & (canary | riscv64)",
        "!(canary | x)",
        "!!production",
        " \tproduction\n"
      })
  void choosesTheBoard(String selector) {
    assertThat(Selector.parse(selector).matches(NAME, TAGS)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "canary",
        "unmatched",
        "Riscv64",
        "riscv?",
        "!riscv64",
        "riscv64 & canary",
        "production & (canary | x)",
        "!canary & x",
        "(production | x) & canary"
      })
  void leavesTheBoard(String selector) {
    assertThat(Selector.parse(selector).matches(NAME, TAGS)).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "''; 1; expected a tag or a name",
        "a b; 3; expected & (and) or | (or) before 'b'",
        "a &; 4; expected a tag or a name",
        "(a | b; 1; this parenthesis is never closed",
        "a); 2; this parenthesis was never opened",
        "a && b; 4; a second '&': one is enough",
        "a | /b; 5; expected a tag or a name, found '/'",
        "a, b; 2; expected & (and) or | (or) before ', b'"
      })
  void tellsTheColumnOfAFault(String text, int column, String fault) {
    SelectorInvalid failure = refuse(text);
    assertThat(failure.column()).isEqualTo(column);
    assertThat(failure.fault()).isEqualTo(fault);
    assertThat(failure.selector()).isEqualTo(text);
    assertThat(failure.reason()).isEqualTo(FailureReason.USAGE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"!", "(", "a&"})
  void hasABoundForWhatIsNestedOrLong(String piece) {
    assertThat(refuse(piece.repeat(400)).column()).isGreaterThan(1);
    assertThat(refuse(piece.repeat(4000)).fault()).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "a&b|c, a & b | c",
    "a&(b|c), a & (b | c)",
    "(a|b)&c, (a | b) & c",
    "!(a&b), !(a & b)",
    "a|(b|c), a | (b | c)",
    "a&(b&c), a & (b & c)",
    "a&!b, a & !b"
  })
  void isPrintedAsItIsRead(String text, String printed) {
    Selector selector = Selector.parse(text);
    assertThat(selector).hasToString(printed);
    assertThat(Selector.parse(printed)).isEqualTo(selector);
  }

  @Test
  void aGlobOfManyStarsTakesNoLongTime() {
    Selector selector = Selector.parse("*a".repeat(200) + "b");
    assertThat(selector.matches(new BoardName("a".repeat(63)), Set.of("a".repeat(5000)))).isFalse();
  }

  private static SelectorInvalid refuse(String text) {
    return Objects.requireNonNull(
        catchThrowableOfType(SelectorInvalid.class, () -> Selector.parse(text)));
  }
}
