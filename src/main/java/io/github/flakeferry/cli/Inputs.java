package io.github.flakeferry.cli;

import io.github.flakeferry.fleet.Selector;
import io.github.flakeferry.model.BoardAction;
import io.github.flakeferry.model.HostLogins;
import io.github.flakeferry.model.Secret;
import io.github.flakeferry.model.SigningKey;
import io.github.flakeferry.model.SshAgent;
import io.github.flakeferry.model.SshIdentity;
import io.github.flakeferry.model.SshKey;
import io.github.flakeferry.pipeline.HandedOver;
import io.github.flakeferry.pipeline.Narrowing;
import io.github.flakeferry.pipeline.Settings;
import io.github.flakeferry.support.FileWords;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What was given besides the event, by environment or file, never by argument. The input {@code
 * ssh-key} is the variable {@code INPUT_SSH-KEY}, as GitHub sets it for a container action, or
 * {@code FLAKEFERRY_SSH_KEY}, or the content of the file that {@code FLAKEFERRY_SSH_KEY_FILE}
 * names. One that is empty is one that was not given. Without an SSH key, the agent at {@code
 * SSH_AUTH_SOCK} is asked.
 */
final class Inputs {
  private static final String AGENT = "SSH_AUTH_SOCK";
  private static final List<String> SECRETS =
      List.of(
          "ssh-key",
          "ssh-key-passphrase",
          "signing-key",
          "pull-request-signing-key",
          "cache-credentials");

  private static final List<BoardAction> ACTIONS =
      List.of(BoardAction.SWITCH, BoardAction.TEST, BoardAction.BOOT, BoardAction.DRY_ACTIVATE);

  private final Map<String, String> environment;

  Inputs(Map<String, String> environment) {
    this.environment = environment;
  }

  /**
   * All of them, checked.
   *
   * @throws BadInput if one is malformed or its file can't be read; holds nothing of a secret
   */
  Settings settings() {
    return new Settings(
        login(),
        signingKey("signing-key"),
        signingKey("pull-request-signing-key"),
        cacheCredentials(),
        new Narrowing(value("environment"), value("boards").map(Selector::parse), action()),
        value("config"),
        flakeFolder(),
        flag("allow-older"),
        flag("replace-unknown"),
        flag("show-trace"),
        flag("dry-run"));
  }

  /** The same without the secrets, which are not read. */
  Settings withoutSecrets() {
    var given = new HashMap<>(environment);
    SECRETS.forEach(name -> variables(name).forEach(given::remove));
    given.remove(AGENT);
    return new Inputs(given).settings();
  }

  /** The secrets that are there, by the names of their inputs; none of them is read. */
  List<String> secretsGiven() {
    return SECRETS.stream()
        .filter(name -> variables(name).stream().anyMatch(v -> nonEmpty(v).isPresent()))
        .toList();
  }

  /**
   * Where one job leaves what it built for another.
   *
   * @param record what the command's options say
   * @throws BadInput if neither they nor the input name a record
   */
  HandedOver handedOver(Optional<Path> record, Optional<Path> closure) {
    Path file =
        record
            .or(() -> value("record").map(Path::of))
            .orElseThrow(
                () ->
                    new BadInput(
                        "record",
                        "it is missing: name a file, which another job gets, too; or name boards to"
                            + " deploy to from a working copy"));
    return closure
        .or(() -> value("closure").map(Path::of))
        .map(folder -> new HandedOver(file, folder))
        .orElseGet(() -> HandedOver.besides(file));
  }

  private Optional<SigningKey> signingKey(String name) {
    return secret(name)
        .map(
            text -> {
              try {
                return SigningKey.parse(KeyText.signingKey(text.reveal()));
              } catch (IllegalArgumentException e) {
                throw new BadInput(name, String.valueOf(e.getMessage()));
              }
            });
  }

  private Optional<HostLogins> cacheCredentials() {
    String name = "cache-credentials";
    return text(name)
        .map(
            text -> {
              try {
                return HostLogins.parse(new Secret(text));
              } catch (IllegalArgumentException e) {
                throw new BadInput(name, String.valueOf(e.getMessage()));
              }
            });
  }

  private Optional<BoardAction> action() {
    return value("action")
        .map(
            text ->
                ACTIONS.stream()
                    .filter(action -> action.label().equals(text))
                    .findFirst()
                    .orElseThrow(
                        () ->
                            new BadInput(
                                "action",
                                "it is none of "
                                    + String.join(
                                        ", ", ACTIONS.stream().map(BoardAction::label).toList()))));
  }

  private Path flakeFolder() {
    String text = value("flake").orElse("");
    try {
      Path folder = Path.of(text).normalize();
      if (folder.isAbsolute() || folder.startsWith("..")) {
        throw new BadInput("flake", "it is no folder of the repository, seen from its root");
      }
      return folder;
    } catch (InvalidPathException e) {
      throw new BadInput("flake", String.valueOf(e.getMessage()));
    }
  }

  private boolean flag(String name) {
    return value(name)
        .map(
            text ->
                switch (text.toLowerCase(Locale.ROOT)) {
                  case "true" -> true;
                  case "false" -> false;
                  default -> throw new BadInput(name, "it is neither true nor false");
                })
        .orElse(false);
  }

  private Optional<SshIdentity> login() {
    return secret("ssh-key")
        .map(key -> new Secret(KeyText.sshKey(key.reveal())))
        .<SshIdentity>map(key -> new SshKey(withCertificate(key), secret("ssh-key-passphrase")))
        .or(() -> nonEmpty(AGENT).map(socket -> new SshAgent(Path.of(socket))));
  }

  // where ssh looks for it: beside the key's file
  private Secret withCertificate(Secret key) {
    boolean fromFile = nonEmpty("INPUT_SSH-KEY").or(() -> nonEmpty("FLAKEFERRY_SSH_KEY")).isEmpty();
    return nonEmpty("FLAKEFERRY_SSH_KEY_FILE")
        .map(file -> file + "-cert.pub")
        .filter(file -> fromFile && Files.exists(Path.of(file)))
        .map(
            file ->
                new Secret(
                    key.reveal() + read("ssh-key", "FLAKEFERRY_SSH_KEY_FILE", file).strip() + "\n"))
        .orElse(key);
  }

  /** Line ends of another system's editor would spoil a key. */
  private Optional<Secret> secret(String name) {
    return value(name).map(text -> new Secret(text.replace("\r\n", "\n") + "\n"));
  }

  private Optional<String> value(String name) {
    return text(name).map(String::strip);
  }

  /** With the white space around it: lines count from its first one. */
  private Optional<String> text(String name) {
    List<String> variables = variables(name);
    return given(variables.get(0))
        .or(() -> given(variables.get(1)))
        .or(() -> nonEmpty(variables.get(2)).map(file -> read(name, variables.get(2), file)));
  }

  private static List<String> variables(String name) {
    String own = "FLAKEFERRY_" + name.toUpperCase(Locale.ROOT).replace('-', '_');
    return List.of("INPUT_" + name.toUpperCase(Locale.ROOT), own, own + "_FILE");
  }

  private Optional<String> nonEmpty(String variable) {
    return given(variable).map(String::strip);
  }

  private Optional<String> given(String variable) {
    return Optional.ofNullable(environment.get(variable)).filter(text -> !text.isBlank());
  }

  // the value is not told: some take such a variable for the secret's own
  private static String read(String name, String variable, String file) {
    try {
      return Files.readString(Path.of(file));
    } catch (IOException e) {
      throw new BadInput(
          name, "the file that %s names can't be read: %s".formatted(variable, reason(e)));
    } catch (InvalidPathException e) {
      throw new BadInput(name, variable + " is no file's name");
    }
  }

  private static String reason(IOException fault) {
    return switch (fault) {
      case NoSuchFileException _ -> "there is none";
      case AccessDeniedException _ -> "no permission";
      case FileSystemException e ->
          Optional.ofNullable(e.getReason()).orElse(e.getClass().getSimpleName());
      default -> FileWords.of(fault);
    };
  }
}
