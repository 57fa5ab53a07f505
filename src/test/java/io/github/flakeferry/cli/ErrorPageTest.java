package io.github.flakeferry.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.FailureReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each code has its page, and what the pages say of each other is so. */
final class ErrorPageTest {
  private static final Path FOLDER = Path.of("src/doc/errors");
  private static final Pattern CODE = Pattern.compile("FF-\\d{4}");
  private static final int LONGEST_LINE = 105;

  @Test
  void noCodeIsThereTwice() {
    assertThat(FailureCode.values()).extracting(FailureCode::label).doesNotHaveDuplicates();
  }

  @Test
  void eachPageIsOfACodeAndEachCodeHasAPage() throws IOException {
    try (var files = Files.list(FOLDER)) {
      assertThat(files.map(file -> String.valueOf(file.getFileName())))
          .containsExactlyInAnyOrderElementsOf(
              Arrays.stream(FailureCode.values())
                  .map(code -> code.label() + ".md")
                  .collect(
                      Collectors.collectingAndThen(Collectors.toSet(), ErrorPageTest::andIndex)));
    }
  }

  private static Set<String> andIndex(Set<String> pages) {
    var all = new HashSet<>(pages);
    all.add("README.md");
    return all;
  }

  @Test
  void theIndexListsAllInTheirGroups() throws IOException {
    String index = Files.readString(FOLDER.resolve("README.md"));
    for (FailureReason reason : FailureReason.values()) {
      String codes =
          Arrays.stream(FailureCode.values())
              .filter(code -> code.reason() == reason)
              .map(code -> "- [%1$s](%1$s.md): %2$s\n".formatted(code.label(), code.title()))
              .collect(Collectors.joining());
      assertThat(index)
          .contains(" (%d, `%s`)\n\n%s".formatted(reason.exitCode(), reason.label(), codes));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aPageBeginsWithItsTitleAndIsShort(FailureCode code) throws IOException {
    List<String> lines = Files.readAllLines(FOLDER.resolve(code.label() + ".md"));
    assertThat(lines.getFirst()).isEqualTo("# %s: %s", code.label(), code.title());
    assertThat(lines).hasSizeBetween(5, 25);
    assertThat(lines).allSatisfy(line -> assertThat(line).hasSizeLessThan(LONGEST_LINE));
  }

  @ParameterizedTest
  @EnumSource
  void theCodesThatAPageNamesAreThere(FailureCode code) throws IOException {
    String page = Files.readString(FOLDER.resolve(code.label() + ".md"));
    assertThat(CODE.matcher(page).results().map(MatchResult::group))
        .allSatisfy(label -> assertThat(ErrorPage.named(label).label()).isEqualTo(label));
  }

  @ParameterizedTest
  @EnumSource
  void theTerminalGetsThePageWithoutMarkup(FailureCode code) {
    assertThat(ErrorPage.of(code))
        .startsWith(code.label() + ": " + code.title() + "\n\n")
        .doesNotContain("**", "](");
  }

  @Test
  void aLinkIsAnAddressThere() {
    assertThat(ErrorPage.of(FailureCode.DISK_FULL))
        .contains(
            "where it lives (https://github.com/flakeferry/flakeferry/blob/main/src/doc/ci.md"
                + "#where-nix-lives).");
  }

  @Test
  void theListHasEachCodeOnALine() {
    assertThat(ErrorPage.list().lines())
        .hasSize(FailureCode.values().length + FailureReason.values().length)
        .contains("exit code 11, refused", "  FF-1101  another machine answers than was pinned");
  }

  @ParameterizedTest
  @ValueSource(strings = {"FF-0301", "ff-0301", "0301", " FF0301 ", "301"})
  void aCodeMayBeWrittenShort(String text) {
    assertThat(ErrorPage.named(text)).isEqualTo(FailureCode.POLICY);
  }

  @Test
  void ofAnUnknownOneItSaysWhatMayBeMeant() {
    assertThatThrownBy(() -> ErrorPage.named("FF-110l"))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("there is no 'FF-110l', did you mean FF-1101?");
    assertThatThrownBy(() -> ErrorPage.named("everything"))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("there is no 'everything'; `flakeferry explain` lists all");
  }
}
