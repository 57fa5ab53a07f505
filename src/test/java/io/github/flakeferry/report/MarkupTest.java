package io.github.flakeferry.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.Attempt;
import io.github.flakeferry.model.FailureCode;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a Markdown parser makes of our pages. */
final class MarkupTest {
  private static final Pattern OURS =
      Pattern.compile(
          "<details><summary>(?:[^<>&@#/`]|<code>[A-Za-z0-9._-]+</code>)*</summary>"
              + "|</details>"
              + "|<!-- says: [0-9a-f]{32} -->");
  // what GitHub makes links of after the Markdown is rendered
  private static final Pattern REFERENCE =
      Pattern.compile(
          "@\\w|#\\d|\\bGH-\\d|\\b[0-9a-f]{7,40}\\b|://|\\bwww\\.|:\\w+:|\\$",
          Pattern.CASE_INSENSITIVE);

  private static final Set<String> PAGES =
      Stream.of(FailureCode.values())
          .map(code -> code.page().toString())
          .collect(Collectors.toUnmodifiableSet());

  private static void assertOnlyOurMarkup(String page, RunReport report) {
    Gfm read = Gfm.read(page);
    assertThat(read.strange).isEmpty();
    assertThat(read.images).isEmpty();
    assertThat(read.links)
        .filteredOn(link -> !PAGES.contains(link))
        .hasSizeLessThanOrEqualTo(1)
        .allMatch(HostileText.RUN.toString()::equals);
    assertThat(read.html).allSatisfy(html -> assertThat(html.strip()).matches(OURS));
    assertThat(read.words).allSatisfy(words -> assertThat(words).doesNotContainPattern(REFERENCE));
    assertThat(read.headings).hasSize(1);
    assertThat(read.blocks.stream().filter("TableBlock"::equals).count())
        .isEqualTo(report.results().isEmpty() ? 0 : 1);
    assertFoldsAreClosed(read.blocks, read.html);
  }

  /** Each fold is its opening, one block of code and its closing, and in no other fold. */
  private static void assertFoldsAreClosed(List<String> blocks, List<String> html) {
    int next = 0;
    for (int i = 0; i < blocks.size(); i++) {
      if (blocks.get(i).equals("HtmlBlock")) {
        String block = html.get(next++);
        if (block.startsWith("<details>")) {
          assertThat(blocks.subList(i + 1, i + 3)).containsExactly("FencedCodeBlock", "HtmlBlock");
          assertThat(html.get(next++).strip()).isEqualTo("</details>");
          i += 2;
        } else {
          assertThat(block).startsWith("<!-- says: ");
        }
      }
    }
    assertThat(next).isEqualTo(html.size());
  }

  static List<Arguments> samples() {
    return ReportTest.samples().toList();
  }

  @ParameterizedTest
  @MethodSource("samples")
  void samplesHaveOnlyOurMarkup(String name, RunReport report) {
    assertOnlyOurMarkup(Comment.render(report), report);
    assertOnlyOurMarkup(Summary.render(report), report);
  }

  @Attempt(
      to = "pictures, links, mentions, commands or HTML in the comment and the summary",
      got = "shown as text")
  @Test
  void nothingOfOthersBecomesMarkup() {
    for (int seed = 0; seed < 600; seed++) {
      RunReport report = new HostileText(seed).report();
      try {
        assertOnlyOurMarkup(Comment.render(report), report);
      } catch (AssertionError e) {
        throw new AssertionError("with seed " + seed, e);
      }
    }
  }

  @Attempt(to = "the same, where a page is cut", got = "shown as text")
  @Test
  void nothingOfOthersBecomesMarkupWhereAPageIsCut() {
    for (int seed = 0; seed < 200; seed++) {
      RunReport report = new HostileText(seed).report();
      int longest = 12_000 + seed % 50 * 200;
      String page = Page.render(report, "###", longest);
      try {
        assertThat(page).hasSizeLessThanOrEqualTo(longest);
        assertOnlyOurMarkup(page, report);
      } catch (AssertionError e) {
        throw new AssertionError("with seed " + seed, e);
      }
    }
  }

  @Test
  void aTableHasTheCellsThatWereMeant() {
    Gfm read = Gfm.read(Comment.render(ReportSamples.deployed()));
    assertThat(read.cells)
        .containsExactly(
            "board",
            "outcome",
            "system before",
            "system after",
            "time",
            "□",
            "✅ deployed",
            "□",
            "□",
            "12 s",
            "□",
            "✅ deployed",
            "□",
            "□",
            "12 s");
  }
}
