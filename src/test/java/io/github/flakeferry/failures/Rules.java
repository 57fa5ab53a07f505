package io.github.flakeferry.failures;

import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.FailureCode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What every failure shows, and none does. */
final class Rules {
  private static final Pattern CODE = Pattern.compile("\\bFF-(\\d\\d)\\d\\d\\b");
  private static final Pattern TRACE =
      Pattern.compile(
          "(?m)^\\s+at [\\w.$/]+\\([\\w.]+(:\\d+)?\\)|Exception in thread|^Caused by: [\\w.]+:");
  private static final Pattern NULL = Pattern.compile("(?<![/\\w.-])null(?![\\w.-])");
  private static final Pattern STOP = Pattern.compile("::stop-commands::(\\S+)");
  private static final Pattern NO_CODE = Pattern.compile("^(error:? |::error::)(?!FF-\\d{4}: ).*");

  /** What is shorter is a word that may stand anywhere. */
  private static final int SHORTEST_SECRET = 12;

  /** By a signal: cancelled. */
  private static final int SIGNAL = 128;

  private static final int PARTLY = FailureCode.PARTLY.reason().exitCode();

  private final List<String> secrets;

  /**
   * @param secrets as they are kept: keys with their lines, tokens, names with passwords
   */
  Rules(Collection<String> secrets) {
    this.secrets =
        secrets.stream()
            .flatMap(Rules::parts)
            .map(String::strip)
            .filter(part -> part.length() >= SHORTEST_SECRET && !part.startsWith("-----"))
            .distinct()
            .toList();
  }

  // any line of a key gives it away, and the part of a signing key behind its name
  private static Stream<String> parts(String secret) {
    return secret
        .lines()
        .filter(line -> !line.contains(" AAAA")) // a certificate, which is public
        .flatMap(line -> Stream.of(line, line.substring(line.indexOf(':') + 1)));
  }

  Seen ofFailure(Failure failure) {
    var faults = new ArrayList<String>();
    String ours = failure.problem() + "\n" + failure.advice();
    words(ours, faults);
    secrets(ours + "\n" + String.join("\n", failure.details()), faults);
    return new Seen(
        failure.getClass().getSimpleName() + ": " + failure.problem(),
        List.of(failure.code().label()),
        faults);
  }

  Seen ofBoard(BoardResult result, FailureCode code) {
    var faults = new ArrayList<String>();
    words(result.message(), faults);
    secrets(result.message(), faults);
    return new Seen(
        result.board() + " " + result.outcome() + ": " + result.message(),
        List.of(code.label()),
        faults);
  }

  /**
   * A run of the program.
   *
   * @param text its output and its errors
   * @param words of its command line
   */
  Seen ofProgram(String what, int exit, String text, Set<String> words) {
    var faults = new ArrayList<String>();
    List<String> codes = CODE.matcher(text).results().map(MatchResult::group).distinct().toList();
    // ssh ends as the other side does
    if (exit != 0 && exit < SIGNAL && !words.contains("ssh") && !shows(codes, exit)) {
      faults.add("exit code %d, and no code for it among %s".formatted(exit, codes));
    }
    withoutCode(text).ifPresent(line -> faults.add("an error without a code: " + line));
    if (!words.contains("--stacktrace")) {
      traces(text, faults);
    }
    secrets(text.replaceAll("(?m)^::add-mask::.*$", ""), faults);
    return new Seen(what + ": " + exit, codes, faults);
  }

  private static boolean shows(List<String> codes, int exit) {
    return codes.stream()
        .anyMatch(code -> exit == PARTLY || code.startsWith("FF-%02d".formatted(exit)));
  }

  private static Optional<String> withoutCode(String text) {
    String resume = "";
    for (String line : text.lines().toList()) {
      Matcher stop = STOP.matcher(line);
      if (!resume.isEmpty()) {
        resume = line.equals(resume) ? "" : resume;
      } else if (stop.matches()) {
        resume = "::" + stop.group(1) + "::";
      } else if (NO_CODE.matcher(line).matches()) {
        return Optional.of(line);
      }
    }
    return Optional.empty();
  }

  private static void words(String text, List<String> faults) {
    if (text.isBlank()) {
      faults.add("says nothing");
    }
    Matcher nothing = NULL.matcher(text);
    if (nothing.find()) {
      faults.add("says null: " + text);
    }
    traces(text, faults);
  }

  private static void traces(String text, List<String> faults) {
    Matcher trace = TRACE.matcher(text);
    if (trace.find()) {
      faults.add("a stack trace: " + trace.group().strip());
    }
  }

  private void secrets(String text, List<String> faults) {
    if (secrets.stream().anyMatch(text::contains)) {
      faults.add("a secret");
    }
  }
}
