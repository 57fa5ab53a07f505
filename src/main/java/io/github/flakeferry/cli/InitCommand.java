package io.github.flakeferry.cli;

import io.github.flakeferry.board.PublicHalf;
import io.github.flakeferry.fleet.Audience;
import io.github.flakeferry.pipeline.BoardModule;
import io.github.flakeferry.pipeline.Settings;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code flakeferry init}. */
@Command(name = "init", description = "Prints what a repository or its boards need to begin with.")
final class InitCommand implements Callable<Integer> {
  // useradd(8)
  private static final Pattern USER = Pattern.compile("[a-z_][a-z0-9_-]{0,30}");

  private final PrintStream out = System.out;

  @Mixin private final LocalOptions local = new LocalOptions();

  @Option(
      names = "--board-module",
      description =
          "A NixOS module for boards that are deployed to by a user who is not root: import it in"
              + " their configuration.")
  private boolean boardModule;

  @Option(names = "--user", description = "The user's name. Default: deploy.")
  private String user = "deploy";

  @Option(
      names = "--previews",
      description = "For preview boards: they take what is signed for pull requests.")
  private boolean previews;

  @Override
  public Integer call() {
    if (!boardModule) {
      throw new BadInput("--board-module", "it is missing, and there is nothing else to print");
    }
    if (!USER.matcher(user).matches() || user.equals("root")) {
      throw new BadInput("--user", "it is no user's name, or root");
    }
    Settings settings = LocalOptions.settings();
    try (var fleet = local.fleet()) {
      out.print(
          BoardModule.of(
                  fleet.policy(),
                  previews ? Audience.PULL_REQUESTS : Audience.TRUSTED,
                  user,
                  settings.login().flatMap(PublicHalf::of),
                  previews ? settings.pullRequestSigningKey() : settings.signingKey())
              .render());
      return 0;
    }
  }
}
