package io.github.flakeferry.cli;

import io.github.flakeferry.nix.Nix;
import io.github.flakeferry.nix.NixSettings;
import io.github.flakeferry.pipeline.CrossSystems;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code flakeferry systems}. */
@Command(
    name = "systems",
    description =
        "Lists this machine's platform, and what the flake's own nixpkgs can cross-compile for.")
final class SystemsCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "WORD",
      arity = "0..1",
      description = "Only those that have it in their name, their system or their triple.")
  private String word = "";

  @Option(names = "--json", description = "Prints one line of JSON in place of the table.")
  private boolean json;

  @Override
  public Integer call() {
    Path folder = new Inputs(System.getenv()).withoutSecrets().flakeFolder();
    try (var told = Told.briefly(System.getenv())) {
      var nix = new Nix(NixSettings.BY_HAND, told.progress());
      CrossSystems systems = CrossSystems.of(nix, Path.of("").toAbsolutePath(), folder, word);
      told.result(json ? systems.json() : NoCommand.text(SystemsText.render(systems)));
      return 0;
    }
  }
}
