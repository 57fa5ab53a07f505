package io.github.flakeferry.nix;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.flakeferry.nix.quarters.Lodger;
import io.github.flakeferry.support.process.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The user's {@code NIX_CONFIG}, which may hold tokens that open private inputs: for Nix and no
 * other child. Nix gets it as a file that only we, or the one it is for, may read (Nix manual,
 * {@code NIX_USER_CONF_FILES}): a variable any derivation could ask for that has a fixed output
 * ({@code impureEnvVars}).
 */
final class UserSettings {
  private static final String VARIABLE = "NIX_CONFIG";
  private static final String FILES = "NIX_USER_CONF_FILES";
  private static final List<String> OF_SSH =
      List.of("SSH_AUTH_SOCK", "GIT_SSH", "GIT_SSH_COMMAND", "NIX_SSHOPTS");

  private final Map<String, String> environment;
  private final Consumer<Path> handOver;
  private Optional<Path> file = Optional.empty();

  UserSettings(Map<String, String> environment) {
    this(environment, file -> {});
  }

  private UserSettings(Map<String, String> environment, Consumer<Path> handOver) {
    this.environment = Map.copyOf(environment);
    this.handOver = handOver;
  }

  /** The same for another user, who alone may read the file, and has a home of its own. */
  static UserSettings of(Map<String, String> environment, Lodger lodger) {
    return new UserSettings(
        Map.of(VARIABLE, environment.getOrDefault(VARIABLE, ""), "HOME", lodger.home().toString()),
        lodger::give);
  }

  /** A command of Nix's with these settings. */
  Command given(Command command) {
    String text = environment.getOrDefault(VARIABLE, "");
    if (!text.isBlank()) {
      return command.with(FILES, files(text));
    }
    String own = environment.getOrDefault(FILES, "");
    return own.isEmpty() ? command : command.with(FILES, own);
  }

  /** A command of Nix's that reaches by SSH what the user does. */
  Command withSsh(Command command) {
    Command given = command;
    for (String variable : OF_SSH) {
      String value = environment.get(variable);
      given = value == null ? given : given.with(variable, value);
    }
    return given;
  }

  // the first one wins; the others are what Nix would read by itself
  private String files(String text) {
    var all = new ArrayList<String>();
    all.add(file(text).toString());
    String own = environment.getOrDefault(FILES, "");
    if (!own.isEmpty()) {
      return all.getFirst() + ":" + own;
    }
    String home = environment.getOrDefault("HOME", "/root") + "/.config";
    all.add(environment.getOrDefault("XDG_CONFIG_HOME", home) + "/nix/nix.conf");
    for (String folder :
        List.of(environment.getOrDefault("XDG_CONFIG_DIRS", "/etc/xdg").split(":"))) {
      all.add(folder + "/nix/nix.conf");
    }
    return String.join(":", all);
  }

  private synchronized Path file(String text) {
    if (file.isEmpty()) {
      try {
        Path made = Files.createTempFile("flakeferry-nix-", ".conf"); // only ours to read
        made.toFile().deleteOnExit();
        Files.writeString(made, text + "\n", UTF_8);
        handOver.accept(made);
        file = Optional.of(made);
      } catch (IOException e) {
        throw new UncheckedIOException("no temporary file could be made for " + VARIABLE, e);
      }
    }
    return file.get();
  }
}
