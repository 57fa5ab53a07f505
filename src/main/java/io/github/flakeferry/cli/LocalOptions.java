package io.github.flakeferry.cli;

import io.github.flakeferry.board.Boards;
import io.github.flakeferry.model.ContentSource;
import io.github.flakeferry.model.SshIdentity;
import io.github.flakeferry.pipeline.Fleet;
import io.github.flakeferry.pipeline.Settings;
import io.github.flakeferry.source.WorkingCopy;
import io.github.flakeferry.support.progress.Progress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What commands have in common that are run by hand in a working copy. */
final class LocalOptions {
  private static final ContentSource NOTHING_IS_SENT =
      (path, to) -> {
        throw new IllegalStateException(path + " is the board's own");
      };

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The policy. Default: the working copy's flakeferry.yml.")
  private @Nullable Path config;

  /** The working copy that the command was started in. */
  Fleet fleet() {
    return Fleet.of(policyFile(), here());
  }

  /**
   * The policy's file, where somebody has named one: by the option from the current folder, as
   * files are, or absolute; by the input, which is the action's, from the repository's root, and
   * absolute.
   */
  Optional<Path> policyFile() {
    return Optional.ofNullable(config)
        .or(() -> settings().policyPath().map(path -> rootAround(here()).resolve(path)));
  }

  private static Path here() {
    return Path.of("").toAbsolutePath();
  }

  private static Path rootAround(Path folder) {
    Optional<WorkingCopy> copy = WorkingCopy.around(folder);
    try {
      return copy.map(WorkingCopy::root).orElse(folder);
    } finally {
      copy.ifPresent(WorkingCopy::close);
    }
  }

  /** Boards to ask or to bring to what they have had; nothing can be sent to them. */
  Boards boards(Progress progress) {
    return boards(login(settings()), progress);
  }

  /** The same by this login. */
  static Boards boards(SshIdentity login, Progress progress) {
    return new Boards(login, NOTHING_IS_SENT, progress);
  }

  /**
   * What logs in on boards.
   *
   * @throws BadInput if there is nothing
   */
  static SshIdentity login(Settings settings) {
    return settings
        .login()
        .orElseThrow(
            () ->
                BadInput.missing(
                    "ssh-key",
                    "there is none to log in on the boards with, and no SSH agent; name its file"
                        + " in FLAKEFERRY_SSH_KEY_FILE"));
  }

  static Settings settings() {
    return new Inputs(System.getenv()).settings();
  }

  /**
   * Does nothing unless the run is to be a dry one.
   *
   * @param command what can't be done so: it changes boards, and shows nothing before
   * @throws BadInput if it is
   */
  static void refuseDryRun(Settings settings, String command) {
    if (settings.dryRun()) {
      throw new BadInput(
          "dry-run",
          "`flakeferry %s` changes boards and can't do it dry: unset FLAKEFERRY_DRY_RUN"
              .formatted(command));
    }
  }

  /**
   * The address of a cache that an option or a parameter names.
   *
   * @param input what it is called
   */
  static URI cacheUrl(String input, String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw new BadInput(input, "it is no URL such as https://cache.example.org");
    }
  }

  boolean replaceUnknown() {
    return settings().replaceUnknown();
  }

  /** {@code ann@laptop}, as far as the machine tells. */
  static String owner(Map<String, String> environment) {
    String host =
        Optional.ofNullable(environment.get("HOSTNAME"))
            .filter(name -> !name.isBlank())
            .orElseGet(LocalOptions::hostName);
    String user = System.getProperty("user.name", "somebody");
    return (user + "@" + host).replaceAll("[^\\x21-\\x7e]", "?");
  }

  private static String hostName() {
    try {
      return java.net.InetAddress.getLocalHost().getHostName();
    } catch (java.net.UnknownHostException e) {
      return "localhost";
    }
  }
}
