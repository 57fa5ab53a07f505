package io.github.flakeferry.board;

import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.StorePath;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An activation by Flakeferry whose log a board keeps, as the board says it: data, one line each.
 *
 * @param token the name of its folder there
 * @param begun by the board's clock
 * @param action {@code switch}, {@code test} and the like
 * @param owner the run that started it
 * @param commit what its system was built from; may be empty
 * @param system what it was to activate
 * @param state the word that its supervisor wrote last; may be empty
 * @param reason what it said of that; may be empty
 */
public record PastRun(
    String token,
    Instant begun,
    String action,
    String owner,
    String commit,
    Optional<StorePath> system,
    String state,
    String reason) {
  private static final Pattern TOKEN = Pattern.compile("[a-zA-Z0-9-]{1,64}");
  private static final Pattern SECONDS = Pattern.compile("\\d{1,11}");

  /**
   * Reads what the script's {@code runs} prints, the newest first.
   *
   * @throws BoardFailure if that is not what it prints
   */
  static List<PastRun> all(String output) {
    return Arrays.stream(output.split("\n\n", -1))
        .filter(block -> !block.isBlank())
        .map(block -> one(block.lines().toList()))
        .toList();
  }

  private static PastRun one(List<String> lines) {
    String token = RunState.value(lines, "run");
    String begun = RunState.value(lines, "begun");
    if (!TOKEN.matcher(token).matches() || !SECONDS.matcher(begun).matches()) {
      throw new BoardFailure(
          FailureCode.BOARD_STRANGE,
          "its list of its runs can't be understood: " + Scripts.oneLine(String.join(" ", lines)),
          "Look at what its shell prints at login.");
    }
    return new PastRun(
        token,
        Instant.ofEpochSecond(Long.parseLong(begun)),
        text(lines, "action"),
        text(lines, "owner"),
        text(lines, "commit"),
        RunState.path(RunState.value(lines, "new")),
        text(lines, "state"),
        text(lines, "reason"));
  }

  private static String text(List<String> lines, String key) {
    return Scripts.oneLine(RunState.value(lines, key));
  }
}
