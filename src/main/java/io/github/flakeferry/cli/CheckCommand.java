package io.github.flakeferry.cli;

import io.github.flakeferry.nix.Nix;
import io.github.flakeferry.nix.NixSettings;
import io.github.flakeferry.nix.Registration;
import io.github.flakeferry.pipeline.check.Findings;
import io.github.flakeferry.pipeline.check.NixCheck;
import io.github.flakeferry.pipeline.check.PlatformCheck;
import io.github.flakeferry.pipeline.check.SpaceCheck;
import io.github.flakeferry.report.PlainProgress;
import io.github.flakeferry.support.Words;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code flakeferry check}. */
@Command(
    name = "check",
    description = "Says what would hinder a run on this machine, and what to do about it.")
final class CheckCommand implements Callable<Integer> {
  private final PrintStream out = System.out;

  @Mixin private final LocalOptions local = new LocalOptions();

  @Option(names = "--json", description = "Prints one line of JSON in place of the lines.")
  private boolean json;

  @Option(
      names = "--register",
      description =
          "Registers QEMU's emulators with the kernel where the policy wants emulation and the"
              + " kernel has no handler.")
  private boolean register;

  @Override
  public Integer call() {
    var nix = new Nix(NixSettings.DEFAULT, new PlainProgress(System.err));
    try (var fleet = local.fleet()) {
      var registration =
          register ? Optional.of(new Registration()) : Optional.<Registration>empty();
      Findings findings =
          Findings.of(
              List.of(
                  new NixCheck(nix),
                  new SpaceCheck(nix, temporary()),
                  new PlatformCheck(
                      nix, fleet, LocalOptions.settings().flakeFolder(), registration)));
      out.print(
          json
              ? NoCommand.json(findings.json()) + "\n"
              : NoCommand.text(Words.printable(findings.text())));
      return findings.exitCode();
    }
  }

  /** Where builders work. */
  private static Path temporary() {
    return Path.of(
        Optional.ofNullable(System.getenv("TMPDIR"))
            .filter(folder -> !folder.isBlank())
            .orElse("/tmp"));
  }
}
