package io.github.flakeferry.cli;

import io.github.flakeferry.support.Words;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code flakeferry explain}. */
@Command(
    name = "explain",
    description =
        "Says what an error's code means, and what to do about it; without one lists all.")
final class ExplainCommand implements Callable<Integer> {
  private final PrintStream out = System.out;

  @Parameters(paramLabel = "CODE", arity = "0..1", description = "Such as FF-1101, or 1101.")
  private @Nullable String code;

  @Override
  public Integer call() {
    out.println(
        code == null ? ErrorPage.list() : ErrorPage.of(ErrorPage.named(Words.printableLine(code))));
    return 0;
  }
}
