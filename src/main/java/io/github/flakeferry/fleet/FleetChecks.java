package io.github.flakeferry.fleet;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** What no part of the file shows alone: how boards and environments fit together. */
final class FleetChecks {
  private final List<BoardDraft> boards;
  private final List<EnvironmentDraft> environments;
  private final Faults faults;

  FleetChecks(List<BoardDraft> boards, List<EnvironmentDraft> environments, Faults faults) {
    this.boards = boards;
    this.environments = environments;
    this.faults = faults;
  }

  /**
   * Tells what doesn't fit.
   *
   * @param all whether the file has no further boards, which could not be read
   */
  void check(boolean all) {
    addresses();
    sameButForCase("board", boards, board -> board.name().value(), BoardDraft::place);
    sameButForCase("environment", environments, EnvironmentDraft::name, EnvironmentDraft::place);
    if (all && boards.stream().allMatch(BoardDraft::tagged)) {
      environments.forEach(this::choosesSome);
    }
    for (int i = 0; i < environments.size(); i++) {
      for (EnvironmentDraft earlier : environments.subList(0, i)) {
        previewApart(earlier, environments.get(i));
      }
    }
  }

  // the same address behind other jump hosts is another machine
  private void addresses() {
    Map<String, BoardDraft> seen = new HashMap<>();
    for (BoardDraft board : boards) {
      String way =
          board.jumps().stream().map(j -> j.endpoint().socket()).collect(joining(" ", "", " "))
              + board.endpoint().socket();
      BoardDraft first = seen.putIfAbsent(way, board);
      if (first != null) {
        faults.add(
            board.place(),
            "the board '"
                + board.name()
                + "' has the same host and port as '"
                + first.name()
                + "' in line "
                + first.place().line());
      }
    }
  }

  /** Statuses and GitHub's Environments are told apart by their names, without regard to case. */
  private <T> void sameButForCase(
      String what, List<T> all, Function<T, String> name, Function<T, Place> place) {
    Map<String, T> seen = new HashMap<>();
    for (T one : all) {
      T first = seen.putIfAbsent(name.apply(one).toLowerCase(Locale.ROOT), one);
      if (first != null) {
        faults.add(
            place.apply(one),
            "the %s %s and %s in line %d have the same name but for case, and forges take them for"
                    .formatted(
                        what,
                        Shown.quoted(name.apply(one)),
                        Shown.quoted(name.apply(first)),
                        place.apply(first).line())
                + " one: give it another name");
      }
    }
  }

  private void choosesSome(EnvironmentDraft environment) {
    if (environment.selector().isEmpty()) {
      return;
    }
    List<BoardDraft> chosen = boards.stream().filter(environment::chooses).toList();
    if (chosen.isEmpty()) {
      faults.add(
          environment.selectorPlace(),
          noMatch(environment.selector().get(), "no board matches", boards));
      return;
    }
    for (WaveReader.Placed placed : environment.waves()) {
      if (placed.wave() instanceof Wave.Selected(var selector)
          && chosen.stream().noneMatch(b -> selector.matches(b.name(), b.tags()))) {
        faults.add(
            placed.place(),
            noMatch(
                selector, "no board of " + Shown.quoted(environment.name()) + " matches", chosen));
      }
    }
  }

  private static String noMatch(Selector selector, String problem, List<BoardDraft> among) {
    var words = new ArrayList<String>();
    for (BoardDraft board : among) {
      words.add(board.name().value());
      words.addAll(board.tags());
    }
    Optional<String> meant =
        selector instanceof Selector.Word(var word)
            ? Optional.of(Section.meant(word, words)).filter(m -> m.startsWith("did"))
            : Optional.empty();
    return problem + " " + Shown.quoted(selector.toString()) + meant.map(m -> ": " + m).orElse("");
  }

  private void previewApart(EnvironmentDraft earlier, EnvironmentDraft later) {
    if (!earlier.isPreview() && !later.isPreview()) {
      return;
    }
    Predicate<BoardDraft> inBoth = board -> earlier.chooses(board) && later.chooses(board);
    String shared =
        boards.stream().filter(inBoth).map(b -> b.name().value()).collect(joining(", "));
    if (!shared.isEmpty()) {
      EnvironmentDraft preview = later.isPreview() ? later : earlier;
      EnvironmentDraft other = later.isPreview() ? earlier : later;
      faults.add(
          preview.selectorPlace(),
          "a board for pull requests may be in no other environment, but "
              + Shown.plain(shared)
              + " is in "
              + Shown.quoted(other.name())
              + " too");
    }
  }
}
