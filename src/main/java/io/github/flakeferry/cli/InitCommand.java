package io.github.flakeferry.cli;

import io.github.flakeferry.board.PublicHalf;
import io.github.flakeferry.fleet.Audience;
import io.github.flakeferry.fleet.Endpoint;
import io.github.flakeferry.nix.Nix;
import io.github.flakeferry.nix.NixSettings;
import io.github.flakeferry.pipeline.BoardModule;
import io.github.flakeferry.pipeline.Settings;
import io.github.flakeferry.pipeline.setup.NamedKey;
import io.github.flakeferry.pipeline.setup.Place;
import io.github.flakeferry.pipeline.setup.Setup;
import io.github.flakeferry.pipeline.setup.Wishes;
import io.github.flakeferry.support.Words;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code flakeferry init}. */
@Command(
    name = "init",
    description =
        "Writes what a repository needs to deploy its flake to boards: the policy, a workflow, keys;"
            + " and says what is left to do. Writes nothing over: what would change is shown, and asked"
            + " about. Or prints a board's module.")
final class InitCommand implements Callable<Integer> {
  private final PrintStream out = System.out;
  private final Map<String, String> environment = System.getenv();

  @Mixin private final LocalOptions local = new LocalOptions();

  @Parameters(
      paramLabel = "USER@BOARD",
      description =
          "Boards to begin with, as ssh reaches them: root@unmatched-1.lan, root@[fe80::1]:2222.")
  private List<String> boards = List.of();

  @Option(
      names = "--yes",
      description =
          "Asks nothing, and takes what it would propose: no change of a file that is there, and no"
              + " host key that nobody knows.")
  private boolean yes;

  @Option(
      names = "--host-key",
      paramLabel = "KEY",
      description =
          "A board's host key or its fingerprint (SHA256:…), or a line with it as its own console"
              + " shows it. One that no board shows is refused.")
  private List<String> hostKeys = List.of();

  @Option(
      names = "--keys",
      paramLabel = "DIR",
      description =
          "Where the keys of runs are or come to be, outside of the repository. Default:"
              + " ~/.config/flakeferry/NAME, or NAME-2 where those of another NAME are there.")
  private @Nullable Path keys;

  @ArgGroup(exclusive = false)
  private @Nullable Module module;

  /** The other thing that it does. */
  private static final class Module {
    @Option(
        names = "--board-module",
        required = true,
        description =
            "Prints a NixOS module for boards that are deployed to by a user who is not root: import"
                + " it in their configuration.")
    private boolean wanted;

    @Option(names = "--user", description = "The user's name. Default: deploy.")
    private String user = "deploy";

    @Option(
        names = "--previews",
        description = "For preview boards: they take what is signed for pull requests.")
    private boolean previews;
  }

  @Override
  public Integer call() {
    if (module != null && module.wanted) {
      printModule(module);
    } else {
      begin();
    }
    return 0;
  }

  private void printModule(Module asked) {
    if (!Endpoint.isUser(asked.user) || asked.user.equals(Endpoint.ROOT)) {
      throw new BadInput("--user", "it is no user's name, or root");
    }
    Settings settings = LocalOptions.settings();
    try (var fleet = local.fleet()) {
      out.print(
          BoardModule.of(
                  fleet.policy(),
                  asked.previews ? Audience.PULL_REQUESTS : Audience.TRUSTED,
                  asked.user,
                  settings.login().flatMap(PublicHalf::of),
                  asked.previews ? settings.pullRequestSigningKey() : settings.signingKey())
              .render());
    }
  }

  private void begin() {
    Settings settings = LocalOptions.settings();
    var place =
        Place.around(Path.of("").toAbsolutePath(), settings.flakeFolder(), local.policyFile());
    var home = new Home(environment);
    try (var told = Told.briefly(environment)) {
      new Setup(
              yes ? Prompt.ofNobody(out) : Prompt.of(System.in, out),
              new Nix(NixSettings.BY_HAND, told.progress()),
              place,
              new Wishes(
                  boards.stream().map(InitCommand::endpoint).toList(),
                  hostKeys.stream().map(InitCommand::hostKey).toList(),
                  settings.login().or(home::login),
                  home.knownHosts(),
                  Optional.ofNullable(keys)
                      .map(Path::toAbsolutePath)
                      .orElseGet(() -> home.keys(place.name()))
                      .normalize(),
                  keys != null),
              told.progress())
          .begin();
    }
  }

  private static NamedKey hostKey(String text) {
    return NamedKey.parse(text)
        .orElseThrow(
            () ->
                new BadInput(
                    "--host-key",
                    "'"
                        + Words.printableLine(text)
                        + "' has neither a host key (ssh-ed25519 AAAA…) nor its fingerprint"
                        + " (SHA256: and 43 characters)"));
  }

  private static Endpoint endpoint(String text) {
    return Endpoint.parse(text)
        .orElseThrow(
            () ->
                new BadInput(
                    "USER@BOARD",
                    "'"
                        + text
                        + "' is no address such as root@unmatched-1.lan or root@[fe80::1]:2222"));
  }
}
