package io.github.flakeferry.nix;

import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.nix.NixSettings.Logins;
import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.support.process.Exit;
import io.github.flakeferry.support.process.SearchPath;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The {@code nix} and {@code nix-store} programs with our settings. What exists in both is asked of
 * {@code nix-store}: its options and its output are the same in all versions.
 */
final class NixProgram {
  private static final int KEPT_ERROR_LINES = 5000;
  private static final List<String> NIX =
      List.of("nix", "--extra-experimental-features", "nix-command flakes");
  private static final UserSettings USER = new UserSettings(System.getenv());

  private final NixSettings settings;

  NixProgram(NixSettings settings) {
    this.settings = settings;
  }

  /**
   * How a child ended.
   *
   * @param errors the lines of its standard error, at most the last 5000
   */
  record Answer(Exit exit, String output, List<String> errors) {}

  NixSettings settings() {
    return settings;
  }

  /** {@code nix <words>}, whatever features the machine's settings enable. */
  Command nix(String... words) {
    return ours(Command.of(NIX)).and(options()).and(words);
  }

  /** {@code nix <words>} with nothing but the machine's and the user's own settings. */
  Command plain(String... words) {
    return ours(Command.of("nix")).and(words);
  }

  /** {@code nix-store <words>}. */
  Command store(String... words) {
    return ours(Command.of("nix-store")).and(words).and(options());
  }

  /** {@code nix-build} of an expression of ours, which leaves no link. */
  Command build(String expression) {
    return ours(Command.of("nix-build"))
        .and("--no-out-link", "--log-format", "internal-json")
        .and(options())
        .and("--expr", expression);
  }

  /** {@code nix-daemon}, which has all settings, for {@link #client}. */
  Command daemon() {
    return USER.given(Command.of("nix-daemon")).and(options());
  }

  /** {@code nix} for a user whom the daemon does not trust, and may not give it settings. */
  Command client() {
    return Command.of(NIX).and(caution());
  }

  private Command ours(Command command) {
    boolean ssh = settings.logins() == Logins.USERS_OWN && !Quarters.areThere();
    Command given = ssh ? USER.withSsh(USER.given(command)) : USER.given(command);
    return Quarters.remote().map(daemon -> given.with("NIX_REMOTE", daemon)).orElse(given);
  }

  private List<String> caution() {
    var words = new ArrayList<String>();
    option(words, "accept-flake-config", "false");
    option(words, "use-registries", "false");
    option(words, "flake-registry", "");
    option(words, "connect-timeout", "15"); // seconds; Nix itself would wait for minutes
    if (settings.logins() == Logins.NONE) {
      option(words, "access-tokens", "");
      option(words, "netrc-file", "/dev/null");
    }
    return words;
  }

  private List<String> options() {
    var words = new ArrayList<>(caution());
    // what is set comes before what is added to it
    settings.options().forEach((name, value) -> option(words, name, value));
    if (!settings.substituters().isEmpty()) {
      option(words, "extra-substituters", String.join(" ", settings.substituters()));
    }
    if (!settings.trustedKeys().isEmpty()) {
      option(words, "extra-trusted-public-keys", spaced(settings.trustedKeys()));
    }
    if (!settings.extraPlatforms().isEmpty()) {
      // "extra-" adds to a list, here to the one that is called extra-platforms
      option(words, "extra-extra-platforms", spaced(settings.extraPlatforms()));
    }
    return words;
  }

  private static void option(List<String> words, String name, String value) {
    words.addAll(List.of("--option", name, value));
  }

  private static String spaced(Iterable<?> values) {
    var words = new ArrayList<String>();
    values.forEach(v -> words.add(v.toString()));
    return words.stream().sorted().collect(Collectors.joining(" "));
  }

  /** Which one it is: the last word that it says about that. */
  String version() {
    String said =
        runOrFail(Command.of("nix", "--version"), FailureCode.NIX_FAILED, "tell its version")
            .output()
            .strip();
    return said.substring(said.lastIndexOf(' ') + 1);
  }

  /** Runs it to its end, whatever that is. */
  Answer run(Command command) {
    return run(command, line -> {});
  }

  /** Runs it to its end and hands on each line of its standard error. */
  Answer run(Command command, Consumer<String> errorLine) {
    var output = new StringBuilder();
    var errors = new ArrayDeque<String>();
    try {
      var finished =
          command.run(
              line -> output.append(line).append('\n'),
              line -> {
                if (errors.size() == KEPT_ERROR_LINES) {
                  errors.removeFirst();
                }
                errors.addLast(line);
                errorLine.accept(line);
              });
      return new Answer(finished.exit(), output.toString(), List.copyOf(errors));
    } catch (IOException e) {
      throw translated(command.program(), e);
    }
  }

  /**
   * Runs it to its end.
   *
   * @param purpose what it is for, as in "Nix can't …"
   * @throws NixFailed if it does not end well
   */
  Answer runOrFail(Command command, FailureCode code, String purpose) {
    Answer answer = run(command);
    if (!answer.exit().succeeded()) {
      throw NixFailed.of(code, purpose, answer);
    }
    return answer;
  }

  /**
   * What a fault of starting a program means.
   *
   * @return what to throw; an interrupt stays an {@link InterruptedIOException} inside
   */
  static RuntimeException translated(String program, IOException fault) {
    if (!(fault instanceof InterruptedIOException) && SearchPath.OURS.find(program).isEmpty()) {
      return new NixMissing(program);
    }
    return new UncheckedIOException(fault);
  }
}
