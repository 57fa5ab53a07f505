package io.github.flakeferry.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.FailureReason;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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
        " \tproduction\n",
        "=unmatched-1",
        "=other, unmatched-1 ,more & riscv64",
        "!=production"
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
        "=production",
        "=unmatched",
        "!=unmatched-1",
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
        "a, b; 2; expected & (and) or | (or) before ', b'",
        "a | =; 6; expected a board's name",
        "=a,|b; 4; expected a board's name, found '|'",
        "=a, b*; 5; not a board's name: 'b*'"
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
    "a&!b, a & !b",
    "=b|c, =b | c",
    "!=b&c, !(=b) & c"
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

  @Test
  void theNamesOfManyBoardsFit() {
    var names =
        IntStream.range(0, 500)
            .mapToObj(n -> new BoardName("b%03d-".formatted(n) + "x".repeat(58)))
            .collect(Collectors.toCollection(TreeSet::new));
    Selector selector = Selector.parse(new Selector.Names(names).toString());
    assertThat(selector).isEqualTo(new Selector.Names(names));
    assertThat(selector.matches(names.getLast(), Set.of())).isTrue();
  }

  @Test
  void aLongChainOfTagsIsRefusedBeforeItIsDeep() {
    assertThat(refuse("a|".repeat(1000) + "a").fault()).isEqualTo("more than 500 tags and names");
  }

  private static SelectorInvalid refuse(String text) {
    return Objects.requireNonNull(
        catchThrowableOfType(SelectorInvalid.class, () -> Selector.parse(text)));
  }
}
