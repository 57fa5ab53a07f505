package io.github.flakeferry.pipeline.setup;

import io.github.flakeferry.fleet.BoardPolicy;
import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.SystemPlatform;
import io.github.flakeferry.nix.Platforms;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Asks what a board is to be called and to run, with what fits as the proposal. */
final class BoardQuestions {
  private static final String ADDRESS = "[0-9.]+|.*:.*";

  private final Dialog dialog;
  private final Optional<FlakeLook> flake;
  private final Set<String> taken;

  /**
   * @param flake absent where there is no Nix to ask
   * @param taken names of other boards
   */
  BoardQuestions(Dialog dialog, Optional<FlakeLook> flake, Set<String> taken) {
    this.dialog = dialog;
    this.flake = flake;
    this.taken = new HashSet<>(taken);
  }

  /**
   * @throws SetupRefused if an answer is no name, or no configuration of the flake's
   */
  NewBoard about(SeenBoard board) {
    BoardName name = dialog.ask("  What is it called?", freeName(board), this::name);
    String configuration = configuration(board, name);
    return new NewBoard(
        name,
        board.endpoint(),
        board.hostKey(),
        configuration,
        flake
            .flatMap(look -> look.platforms(configuration))
            .map(Platforms::host)
            .or(() -> board.machine().map(machine -> new SystemPlatform(machine + "-linux"))),
        Optional.empty());
  }

  private BoardName name(String answer) {
    try {
      var name = new BoardName(answer);
      if (!taken.add(answer)) {
        throw SetupRefused.takenName(answer);
      }
      return name;
    } catch (IllegalArgumentException e) {
      throw SetupRefused.badName(answer);
    }
  }

  /** What it calls itself, or is called in the network. */
  private String freeName(SeenBoard board) {
    String host = board.endpoint().host();
    return Stream.concat(
            board.hostName().or(() -> label(host)).stream(),
            Stream.iterate(1, n -> n + 1).map(n -> "board-" + n))
        .filter(name -> !taken.contains(name))
        .findFirst()
        .orElseThrow();
  }

  private static Optional<String> label(String host) {
    return host.matches(ADDRESS) ? Optional.empty() : Optional.of(host.replaceFirst("\\..*", ""));
  }

  private String configuration(SeenBoard board, BoardName name) {
    if (flake.isEmpty()) {
      return dialog.ask(
          "  Which configuration of the flake does it run?",
          name.value(),
          BoardQuestions::configuration);
    }
    FlakeLook look = flake.get();
    Optional<String> named =
        Stream.concat(Stream.of(name.value()), board.hostName().stream())
            .filter(look.names()::contains)
            .filter(candidate -> fits(look, candidate, board))
            .findFirst();
    if (named.isPresent()) {
      dialog.say("  It runs the configuration of its name, %s.".formatted(told(look, named.get())));
      return named.get();
    }
    List<String> fitting = look.runningOn(board.machine());
    String there = list(look, fitting.isEmpty() ? look.own() : fitting);
    if (fitting.size() == 1 && board.machine().isPresent()) {
      dialog.say("  The flake has one configuration for it: " + there);
      return fitting.getFirst();
    }
    dialog.say(
        (fitting.isEmpty() ? "  The flake has no configuration for it, but: " : "  The flake has: ")
            + there);
    return dialog.ask(
        "  Which configuration does it run?",
        // what fits is no guess only where the board has told what it is
        fitting.isEmpty() || board.machine().isEmpty() ? "" : fitting.getFirst(),
        answer -> configuration(look, answer));
  }

  private static String configuration(String answer) {
    if (!BoardPolicy.isConfiguration(answer)) {
      throw SetupRefused.badConfiguration(answer);
    }
    return answer;
  }

  private static String configuration(FlakeLook look, String answer) {
    if (!look.names().contains(answer)) {
      throw SetupRefused.noSuchConfiguration(answer, "It has: " + String.join(", ", look.names()));
    }
    return answer;
  }

  private static boolean fits(FlakeLook look, String name, SeenBoard board) {
    return board.machine().isEmpty()
        || look.platforms(name)
            .map(p -> p.host().machine().equals(board.machine().get()))
            .orElse(true);
  }

  private static String list(FlakeLook look, List<String> names) {
    var told = new ArrayList<String>();
    names.forEach(name -> told.add(told(look, name)));
    return String.join(", ", told);
  }

  private static String told(FlakeLook look, String name) {
    return look.platforms(name)
        .map(
            p ->
                p.build().equals(p.host())
                    ? "%s (%s)".formatted(name, p.host())
                    : "%s (%s, cross-compiled on %s)".formatted(name, p.host(), p.build()))
        .orElse(name + " (can't be evaluated)");
  }
}
