package io.github.flakeferry.cli;

import io.github.flakeferry.pipeline.Shell;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code flakeferry ssh}. */
@Command(
    name = "ssh",
    description =
        "Opens a shell on a board, or runs a command there, by your own `ssh`: the policy's address,"
            + " jump hosts and pinned host keys.")
final class SshCommand implements Callable<Integer> {
  @Mixin private final LocalOptions local = new LocalOptions();

  @Parameters(
      index = "0",
      paramLabel = "BOARD",
      completionCandidates = CompletionCommand.Boards.class,
      description = "The name of a board.")
  private String board = "";

  @Parameters(
      index = "1..*",
      paramLabel = "COMMAND",
      description = "What the board is to run, after `--`. Default: a shell.")
  private List<String> command = List.of();

  @Override
  public Integer call() {
    Map<String, String> environment = System.getenv();
    Optional<Path> key = given(environment, "FLAKEFERRY_SSH_KEY_FILE").map(Path::of);
    try (var fleet = local.fleet();
        var _ = Interrupts.ofThisThread()) {
      return new Shell(fleet, key.map(Path::toAbsolutePath), given(environment, "SSH_AUTH_SOCK"))
          .on(board, command);
    }
  }

  private static Optional<String> given(Map<String, String> environment, String variable) {
    return Optional.ofNullable(environment.get(variable)).filter(text -> !text.isBlank());
  }
}
