package io.github.flakeferry.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.FailureReason;
import io.github.flakeferry.support.Suggestions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The documentation's pages about failures, which the program has with it. */
final class ErrorPage {
  private static final int DIGITS = 4;
  private static final Pattern LINK = Pattern.compile("\\[([^]]+)]\\(([^)]+)\\)");

  private ErrorPage() {}

  /** The page, without what only Markdown's readers need. */
  static String of(FailureCode code) {
    String text =
        markdown(code)
            .replaceFirst("^# ", "")
            .replace("**", "")
            .replaceAll("(?<![\\w*])\\*([^*\\n]+)\\*(?![\\w*])", "$1");
    return LINK.matcher(text)
        .replaceAll(link -> link.group(1) + " (" + code.page().resolve(link.group(2)) + ")")
        .stripTrailing();
  }

  private static String markdown(FailureCode code) {
    try (var in = ErrorPage.class.getResourceAsStream("errors/" + code.label() + ".md")) {
      return new String(Objects.requireNonNull(in, code.label()).readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("the program's own files can't be read", e);
    }
  }

  /** All codes with their titles, by the exit codes that they lead to. */
  static String list() {
    var list = new StringBuilder();
    for (FailureReason reason : FailureReason.values()) {
      list.append("exit code %d, %s\n".formatted(reason.exitCode(), reason.label()));
      codes()
          .filter(code -> code.reason() == reason)
          .forEach(code -> list.append("  %s  %s\n".formatted(code.label(), code.title())));
    }
    return list.toString().stripTrailing();
  }

  /**
   * The code that somebody has written: {@code FF-0301}, {@code ff-0301}, {@code 0301} or {@code
   * 301}.
   *
   * @throws BadInput if there is none, with the one that may be meant
   */
  static FailureCode named(String text) {
    String digits = text.strip().toUpperCase(Locale.ROOT).replaceFirst("^FF[-_ ]?", "");
    String label = "FF-" + "0".repeat(Math.max(0, DIGITS - digits.length())) + digits;
    List<String> labels = codes().map(FailureCode::label).toList();
    return codes()
        .filter(code -> code.label().equals(label))
        .findFirst()
        .orElseThrow(
            () -> {
              Optional<String> meant = Suggestions.nearest(label, labels);
              return new BadInput(
                  "CODE",
                  "there is no '%s'%s; `flakeferry explain` lists all"
                      .formatted(text, meant.map(m -> ", did you mean " + m + "?").orElse("")));
            });
  }

  private static Stream<FailureCode> codes() {
    return Stream.of(FailureCode.values());
  }
}
