package io.github.flakeferry.fleet;

import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlVersionException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;

/** What the YAML parser says about a text that is no YAML, in one line and at the right place. */
record YamlError(Place place, String message) {
  static YamlError of(JacksonException failure, String text) {
    return switch (failure.getCause()) {
      case MarkedYamlEngineException e -> marked(e);
      case ReaderException e ->
          new YamlError(
              place(text, e.getPosition()),
              "not YAML: a character that no text file holds: U+%04X".formatted(e.getCodePoint()));
      case YamlVersionException e ->
          new YamlError(Place.START, "expected YAML 1.2: take the %YAML line out");
      case null, default -> new YamlError(place(failure), "not YAML: " + inWords(message(failure)));
    };
  }

  private static YamlError marked(MarkedYamlEngineException e) {
    Optional<Mark> mark = e.getProblemMark().or(e::getContextMark);
    Place place = mark.map(m -> new Place(m.getLine() + 1, m.getColumn() + 1)).orElse(Place.START);
    return new YamlError(place, "not YAML: " + inWords(String.valueOf(e.getProblem())));
  }

  private static String inWords(String problem) {
    if (problem.contains("(TAB)")) {
      return "a tab, where only spaces indent";
    }
    if (problem.contains("cannot start any token")) {
      return "a text that begins with this character needs quotes";
    }
    if (problem.contains("mapping values are not allowed")) {
      return "a key is not expected here: check the indentation, and quote a text with ': ' in it";
    }
    if (problem.contains("Expected a property name")) {
      return "a key must be a text";
    }
    if (problem.contains("nesting depth")) {
      return "nested too deep";
    }
    return Shown.plain(problem.lines().findFirst().orElse("a syntax error"));
  }

  private static String message(JacksonException failure) {
    return String.valueOf(failure.getOriginalMessage());
  }

  private static Place place(JacksonException failure) {
    TokenStreamLocation location = failure.getLocation();
    return location == null
        ? Place.START
        : new Place(Math.max(1, location.getLineNr()), Math.max(1, location.getColumnNr()));
  }

  private static Place place(String text, int codePoints) {
    int most = text.codePointCount(0, text.length());
    String before = text.substring(0, text.offsetByCodePoints(0, Math.clamp(codePoints, 0, most)));
    int lineStart = before.lastIndexOf('\n') + 1;
    int line = (int) before.chars().filter(c -> c == '\n').count() + 1;
    return new Place(line, before.codePointCount(lineStart, before.length()) + 1);
  }
}
