package io.github.flakeferry.cli;

import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code flakeferry man}. */
@Command(name = "man", description = "Prints the manual page, for `man -l -`.")
final class ManCommand implements Callable<Integer> {
  private final PrintStream out = System.out;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    out.print(ManPage.of(spec.root(), Version.text()));
    return 0;
  }
}
