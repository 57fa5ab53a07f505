package io.github.flakeferry.fleet;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds the boards of one text. */
final class BoardsPlaces {
  private static final Pattern LINE_END = Pattern.compile("\r\n|\r|\n");
  private static final int USUAL_STEP = 2;

  private final String text;
  private final List<Integer> starts;

  BoardsPlaces(String text) {
    this.text = text;
    this.starts =
        Stream.concat(Stream.of(0), LINE_END.matcher(text).results().map(end -> end.end()))
            .toList();
  }

  /**
   * @param root what was read of the text
   */
  Optional<BoardsPlace> of(Node root) {
    return root instanceof Node.Fields(var _, var entries)
        ? entries.stream()
            .filter(entry -> entry.key().equals("boards"))
            .findFirst()
            .flatMap(this::of)
        : Optional.empty();
  }

  private Optional<BoardsPlace> of(Node.Entry boards) {
    if (!(boards.value() instanceof Node.Fields(var place, var entries)) || entries.isEmpty()) {
      return Optional.empty();
    }
    int at = charAt(place);
    if (at < text.length() && text.charAt(at) == '{') {
      return Optional.of(new BoardsPlace.Braces(at + 1));
    }
    int line = boards.place().line();
    return line < place.line() && line < starts.size()
        ? Optional.of(
            new BoardsPlace.Block(starts.get(line), place.column() - 1, step(place, entries)))
        : Optional.empty();
  }

  private static int step(Place boards, List<Node.Entry> entries) {
    return entries.stream()
        .flatMap(
            entry ->
                entry.value() instanceof Node.Fields(var place, var _)
                        && place.line() > entry.place().line()
                    ? Stream.of(place.column() - boards.column())
                    : Stream.empty())
        .filter(step -> step > 0)
        .findFirst()
        .orElse(USUAL_STEP);
  }

  private int charAt(Place place) {
    int start = starts.get(Math.min(place.line(), starts.size()) - 1);
    // a byte order mark is before the first column
    int first = place.line() == 1 && text.startsWith("\ufeff") ? 1 : 0;
    int rest = text.codePointCount(start + first, text.length());
    return text.offsetByCodePoints(start + first, Math.min(place.column() - 1, rest));
  }
}
