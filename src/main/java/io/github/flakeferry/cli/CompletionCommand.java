package io.github.flakeferry.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code flakeferry completion}. */
@Command(
    name = "completion",
    description =
        "Prints what completes commands, options and boards in a shell: for `source <(…)` in bash and"
            + " zsh, for `… | source` in fish.")
final class CompletionCommand implements Callable<Integer> {
  /** By the words that name them. */
  enum Shell {
    bash,
    zsh,
    fish
  }

  private final PrintStream out = System.out;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}")
  private Shell shell = Shell.bash;

  @Override
  public Integer call() {
    CommandSpec program = spec.root();
    out.print(
        switch (shell) {
          case bash -> AutoComplete.bash(program.name(), program.commandLine()) + boards();
          case zsh -> ZshCompletion.of(program, boards());
          case fish -> FishCompletion.of(program, boards());
        });
    return 0;
  }

  private static String boards() {
    try (var script = CompletionCommand.class.getResourceAsStream("boards.sh")) {
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("the program's own files can't be read", e);
    }
  }

  /**
   * The policy's boards, which the shell itself looks up when it completes: picocli writes what is
   * here between double quotes.
   */
  static final class Boards implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return List.of("\" $(_flakeferry_boards) \"").iterator();
    }
  }
}
