package io.github.flakeferry.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.ClosureDifference;
import io.github.flakeferry.model.FailureCode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class ReportTest {
  static Stream<Arguments> samples() {
    return Stream.of(
        Arguments.of("deployed", ReportSamples.deployed()),
        Arguments.of("unchanged", ReportSamples.unchanged()),
        Arguments.of("rolled-back", ReportSamples.rolledBack()),
        Arguments.of("failed-build", ReportSamples.failedBuild()),
        Arguments.of("busy", ReportSamples.busy()),
        Arguments.of("waiting", ReportSamples.waiting()),
        Arguments.of("fork", ReportSamples.fork()),
        Arguments.of("preview", ReportSamples.preview()),
        Arguments.of("given-back", ReportSamples.givenBack()));
  }

  private static final String RENEW = "flakeferry.golden";

  private static void assertGolden(String name, String text) throws IOException {
    Path file = Path.of("src/test/resources/io/github/flakeferry/report").resolve(name);
    if ("write".equals(System.getProperty(RENEW))) {
      Files.writeString(file, text);
    }
    assertThat(file)
        .as(
            "%s: if this is what it should say from now on, let `mvn test -Dtest=ReportTest"
                + " -D%s=write` write it anew, and read the difference",
            file, RENEW)
        .exists()
        .content(UTF_8)
        .isEqualTo(text);
  }

  @ParameterizedTest
  @MethodSource("samples")
  void readsLikeItsGoldenComment(String name, RunReport report) throws IOException {
    assertGolden(name + ".comment.md", Comment.render(report));
  }

  @ParameterizedTest
  @MethodSource("samples")
  void readsLikeItsGoldenJson(String name, RunReport report) throws IOException {
    String json = ResultsJson.render(report);
    assertThat(json).doesNotContain("\n");
    JsonNode tree = new JsonMapper().readTree(json);
    assertGolden(name + ".json", tree.toPrettyString() + "\n");
  }

  @ParameterizedTest
  @MethodSource("samples")
  void readsLikeItsGoldenSummary(String name, RunReport report) throws IOException {
    assertGolden(name + ".summary.md", Summary.render(report));
  }

  @Test
  void readsLikeItsGoldenCutPage() throws IOException {
    assertGolden("cut.md", Page.render(ReportSamples.huge(12, 60, 40), "###", 4800));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "two boards deployed, 1 failed;two boards deployed, 1 failed",
        "2 boards deployed;2 boards deployed",
        "Größe: 12.3 MiB (+1%);Größe: 12.3 MiB (+1%)",
        "It is done.;It is done.",
        "1. a list;`1. a list`",
        "ping @octocat;`ping @octocat`",
        "fixes #12;`fixes #12`",
        "fixes GH-12;`fixes GH-12`",
        "see owner/repo;`see owner/repo`",
        "commit 6113728f2;`commit 6113728f2`",
        "at www.evil.example;`at www.evil.example`",
        "https://evil.example;`https://evil.example`",
        "mailto:me;`mailto:me`",
        "a :tada: b;`a :tada: b`",
        "<b>bold</b>;`<b>bold</b>`",
        "[x](y);`[x](y)`",
        "a_b_c;`a_b_c`",
        "2 * 3;`2 * 3`",
        "a `tick` b;``a `tick` b``",
        "`` ` ``;``` `` ` `` ```",
        "-- a;`-- a`",
        "$math$;`$math$`"
      })
  void letsOnlyWordsThroughAsText(String text, String markdown) {
    assertThat(Markdown.text(text)).isEqualTo(markdown);
  }

  @Test
  void keepsACellACell() {
    assertThat(Markdown.codeCell("a|b\nc")).isEqualTo("`a\\|b c`");
    assertThat(Markdown.htmlCode("a<b>&\"")).isEqualTo("<code>a&lt;b&gt;&amp;&quot;</code>");
  }

  @Test
  void fencesWithMoreTicksThanThereAre() {
    assertThat(Markdown.block("text", List.of("a", "`````", "\u001b[31mred", "b")))
        .isEqualTo("``````text\na\n`````\n[31mred\nb\n``````\n");
  }

  @Test
  void cutsTheLongestListsAndLogsFirst() {
    String page = Comment.render(ReportSamples.huge(20, 3000, 100));
    assertThat(page)
        .hasSizeBetween(Comment.LONGEST * 9 / 10, Comment.LONGEST)
        .contains("`board-0`", "`board-19`", "package-4 (kernel)")
        .contains("the activation of board-3 ended with 1", "the activation of board-13 ended")
        .containsPattern("… \\d+ further lines left out")
        .contains("**Cut to fit:** 2 lists of changes shortened.")
        .doesNotContain("earlier line");
  }

  @Test
  void keepsHeadlineTableAndReasonsOfAFleetWithLongLogs() {
    String page = Comment.render(ReportSamples.huge(300, 500, 500));
    assertThat(page)
        .hasSizeLessThanOrEqualTo(Comment.LONGEST)
        .contains("270 boards deployed, 30 boards failed")
        .containsPattern("… \\d+ earlier lines left out")
        .contains("30 logs shortened to the last lines")
        .doesNotContain("of the table left out", "reasons left out");
    assertThat(Gfm.read(page).cells).hasSize(5 * 301);
    for (int i = 3; i < 300; i += 10) {
      assertThat(page).contains("the activation of board-" + i + " ended with 1");
    }
  }

  @Test
  void fitsAFleetOfAnySize() {
    RunReport report = ReportSamples.huge(5000, 10, 10);
    String page = Comment.render(report);
    assertThat(page)
        .hasSizeBetween(Comment.LONGEST * 9 / 10, Comment.LONGEST)
        .contains("4500 boards deployed, 500 boards failed")
        // those that did not get there come first
        .contains("`board-3`", "`board-13`", "boards of the table left out");
    assertThat(Summary.render(report)).hasSizeBetween(Comment.LONGEST, Summary.LONGEST);
  }

  @Test
  void fitsAFailureWithoutBounds() {
    var failure =
        new ReportSamples.Sample(
            FailureCode.IN_DOUBT,
            "the reason\n" + "`\n".repeat(100_000),
            "y".repeat(100_000),
            List.of("z".repeat(100_000)));
    String page =
        Comment.render(
            ReportSamples.report(
                "production", List.of(), Map.of(), List.of(), Optional.of(failure)));
    assertThat(page).hasSizeLessThanOrEqualTo(Comment.LONGEST).contains("\nthe reason\n");
  }

  @Test
  void saysTheSameWhereOnlyTimesAndTheRunDiffer() {
    RunReport report = ReportSamples.busy();
    RunReport later =
        new RunReport(
            report.environments(),
            report.headline(),
            report.commit(),
            Optional.of(URI.create("https://forge.example/owner/boards/actions/runs/43")),
            report.results(),
            report.changes(),
            report.warnings(),
            report.problem(),
            report.loan(),
            report.finished().plusSeconds(3600));
    assertThat(Comment.render(later)).isNotEqualTo(Comment.render(report));
    assertThat(says(later)).isEqualTo(says(report));
    assertThat(says(ReportSamples.preview())).isNotEqualTo(says(report));
  }

  private static String says(RunReport report) {
    String last = Comment.render(report).lines().toList().getLast();
    assertThat(last).matches("<!-- says: [0-9a-f]{32} -->");
    return last;
  }

  @Test
  void tellsHowToLogIn() {
    var board = new BoardName("b");
    assertThat(
            new Loan(board, ReportSamples.address("b.lan", 22, List.of()), Optional.empty())
                .login())
        .isEqualTo("ssh root@b.lan");
    assertThat(
            new Loan(
                    board,
                    ReportSamples.address(
                        "fe80::1%eth0",
                        2222,
                        List.of(
                            ReportSamples.address("gate.example", 22, List.of()),
                            ReportSamples.address("2001:db8::1", 2200, List.of()))),
                    Optional.empty())
                .login())
        .isEqualTo("ssh -J 'root@gate.example,root@[2001:db8::1]:2200' -p 2222 root@fe80::1%eth0");
  }

  @Test
  void rendersARunThatHasNothingYet() {
    var report =
        new RunReport(
            List.of(),
            "building",
            Optional.empty(),
            Optional.empty(),
            List.of(),
            Map.of(),
            List.of(),
            Optional.empty(),
            Instant.parse("2026-11-22T16:40:31Z"));
    assertThat(Summary.render(report))
        .isEqualTo("## Flakeferry: building\n\n2026-11-22 16:40 UTC\n\n");
  }

  @Test
  void listsChangesForATerminal() {
    assertThat(ChangesText.lines(ReportSamples.DIFFERENCE))
        .containsExactly(
            "linux (kernel): 6.12 → 6.13, +2.0 KiB",
            "hello: 1.0 → 1.1, +12.3 KiB",
            "zlib: 1.3.1 → 1.3 (downgraded)",
            "jq: added 1.8, +1.0 MiB",
            "nano: removed 8.4, −700 B",
            "etc: rebuilt",
            "in all +1.0 MiB, now 501.0 MiB");
    assertThat(ChangesText.lines(new ClosureDifference(List.of(), 1, 1)))
        .containsExactly("nothing changed");
  }
}
