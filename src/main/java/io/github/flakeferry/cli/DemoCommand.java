package io.github.flakeferry.cli;

import io.github.flakeferry.cli.demo.Demo;
import io.github.flakeferry.cli.demo.DemoProgress;
import io.github.flakeferry.model.FailureCode;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code flakeferry demo}. */
@Command(
    name = "demo",
    description =
        "Shows the whole way on this machine: a board, a cache and a stand-in for GitHub, and four"
            + " pushes to them. Needs root on Linux; installs what is missing on Debian.")
final class DemoCommand implements Callable<Integer> {
  @Option(names = "--keep", description = "Leaves the board running and says how to log in.")
  private boolean keep;

  @Override
  public Integer call() throws Exception {
    PrintStream out = System.out;
    var plain = new DemoProgress(out);
    try (var told = Told.onTerminal(plain, System.getenv())) {
      if (new Demo(out, told.progress()).tell(keep)) {
        return 0;
      }
    }
    out.println("More: flakeferry explain " + FailureCode.DEFECT);
    return FailureCode.DEFECT.reason().exitCode();
  }
}
