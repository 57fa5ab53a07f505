package io.github.flakeferry.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program. */
@Command(
    name = "flakeferry",
    versionProvider = Version.class,
    mixinStandardHelpOptions = true,
    description =
        "Cross-builds NixOS systems and ferries them to boards that can't build their own.")
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Main()).execute(arguments));
  }
}
