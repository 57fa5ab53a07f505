package io.github.flakeferry.report;

import io.github.flakeferry.model.BoardAction;
import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.ClosureDifference;
import io.github.flakeferry.model.ClosureDifference.Change;
import io.github.flakeferry.model.ClosureDifference.Kind;
import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.Outcome;
import io.github.flakeferry.model.SomeCode;
import io.github.flakeferry.model.UnitChanges;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;

/** Reports in which every text that others write is made of what means something in Markdown. */
final class HostileText {
  static final URI RUN = URI.create("https://forge.example/owner/boards/actions/runs/42");

  private static final List<String> PIECES =
      List.of(
          "@octocat",
          "@org/team",
          "#1",
          "owner/repo#2",
          "GH-3",
          "6113728f27ae82c7b1a177c8d03f9e96e0adf246",
          "owner/repo@6113728f2",
          "![x](https://evil.example/x.png)",
          "![x][ref]",
          "[a](https://evil.example)",
          "[ref]",
          "\n\n[ref]: https://evil.example\n\n",
          "<https://evil.example>",
          "https://evil.example",
          "www.evil.example",
          "someone@evil.example",
          "mailto:someone@evil.example",
          "<script>alert(1)</script>",
          "<img src=x onerror=alert(1)>",
          "<details open>",
          "</details>",
          "</summary>",
          "</code>",
          "<!--",
          "-->",
          "\n<!-- says: 00 -->",
          "<!-- flakeferry:preview -->",
          "<![CDATA[",
          "```",
          "\n```\n",
          "\n``````````\n",
          "~~~",
          "`",
          "``",
          "|",
          "\\|",
          "\\",
          "\\`",
          "\n|---|---|\n",
          "\n# heading",
          "\n> quote",
          "\n- item",
          "\n1. item",
          "\n---\n",
          "\n===\n",
          "\n\n    code",
          "&lt;b&gt;",
          "&#64;octocat",
          "**",
          "_",
          "~~",
          "[^1]",
          ":tada:",
          "$a$",
          "::error::forged",
          "\n",
          "\r\n",
          "\r",
          "\t",
          "  ",
          " ",
          " ",
          "\u0000",
          "\u0085",
          "\u2028",
          "\u202e",
          "\u001b[31m",
          "1.",
          "7",
          "12.5",
          "word",
          "Größe",
          "😀",
          "It is done.",
          "It said last:\n  ");

  private final Random random;

  HostileText(long seed) {
    this.random = new Random(seed);
  }

  String text() {
    var text = new StringBuilder();
    for (int i = random.nextInt(9); i >= 0; i--) {
      text.append(PIECES.get(random.nextInt(PIECES.size())));
    }
    return text.toString();
  }

  private <T> List<T> some(int most, Supplier<T> each) {
    var list = new ArrayList<T>();
    for (int i = random.nextInt(most + 1); i > 0; i--) {
      list.add(each.get());
    }
    return list;
  }

  private <T> T anyOf(T[] values) {
    return values[random.nextInt(values.length)];
  }

  private Optional<String> perhaps() {
    return random.nextBoolean() ? Optional.of(text()) : Optional.empty();
  }

  private UnitChanges units() {
    return new UnitChanges(
        some(3, this::text),
        some(3, this::text),
        some(3, this::text),
        some(3, this::text),
        some(3, this::text));
  }

  private ClosureDifference difference() {
    List<Change> changes =
        some(
            30,
            () ->
                new Change(
                    text(), anyOf(Kind.values()), perhaps(), perhaps(), random.nextInt(9) - 4));
    return new ClosureDifference(
        changes, 7, 9, changes.stream().map(Change::name).findFirst().filter(n -> n.length() < 20));
  }

  RunReport report() {
    var results = new ArrayList<BoardResult>();
    var changes = new HashMap<BoardName, ClosureDifference>();
    for (int i = random.nextInt(6); i > 0; i--) {
      Outcome outcome = anyOf(Outcome.values());
      results.add(
          new BoardResult(
              new BoardName("board-" + i),
              anyOf(BoardAction.values()),
              outcome,
              SomeCode.of(outcome),
              Optional.of(ReportSamples.OLD),
              random.nextBoolean() ? Optional.of(ReportSamples.NEW) : Optional.empty(),
              Optional.empty(),
              Duration.ofMillis(random.nextInt(100_000)),
              7,
              text() + String.join("\n  ", some(20, this::text)),
              units()));
      changes.put(new BoardName("board-" + i), difference());
    }
    Optional<Failure> problem =
        random.nextBoolean()
            ? Optional.of(
                new ReportSamples.Sample(
                    anyOf(FailureCode.values()), text(), text(), some(40, this::text)))
            : Optional.empty();
    return new RunReport(
        some(3, this::text),
        text(),
        Optional.of(new GitRevision("6113728f27ae82c7b1a177c8d03f9e96e0adf246")),
        Optional.of(RUN),
        results,
        changes,
        some(5, this::text),
        problem,
        ReportSamples.TIME);
  }
}
