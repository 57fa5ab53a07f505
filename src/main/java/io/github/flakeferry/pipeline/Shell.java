package io.github.flakeferry.pipeline;

import io.github.flakeferry.board.SshFiles;
import io.github.flakeferry.fleet.BoardPolicy;
import io.github.flakeferry.support.TemporaryFolder;
import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.support.process.Exit;
import io.github.flakeferry.support.process.SearchPath;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** {@code flakeferry ssh}: a shell on a board by the user's own {@code ssh}. */
public final class Shell {
  private static final String AGENT = "SSH_AUTH_SOCK";
  private static final int BY_SIGNAL = 128;

  private final Fleet fleet;
  private final Optional<Path> key;
  private final Optional<String> agent;

  /**
   * @param key the file with the key that logs in; absent: those that {@code ssh} finds by itself
   * @param agent the socket of the agent that it may ask
   */
  public Shell(Fleet fleet, Optional<Path> key, Optional<String> agent) {
    this.fleet = fleet;
    this.key = key;
    this.agent = agent;
  }

  /**
   * Runs it on our own terminal, to its end.
   *
   * @param name of the board, exactly
   * @param command what the board is to run; empty: a shell
   * @return the exit code of {@code ssh}
   * @throws io.github.flakeferry.model.Failure if there is no such board or no {@code ssh}
   */
  public int on(String name, List<String> command) {
    BoardPolicy board = fleet.named(name);
    if (SearchPath.OURS.find("ssh").isEmpty()) {
      throw Refused.noSsh();
    }
    try (var folder = TemporaryFolder.create("ssh")) {
      SshFiles files = SshFiles.write(folder.path(), board.address(), key);
      Command ssh = Command.of(files.words(command));
      return switch (agent.map(socket -> ssh.with(AGENT, socket)).orElse(ssh).runInPlace()) {
        case Exit.Code(int code) -> code;
        case Exit.Signal(int number) -> BY_SIGNAL + number;
        case Exit.TimedOut _, Exit.Silent _ ->
            throw new IllegalStateException("there is no deadline");
      };
    } catch (InterruptedIOException e) {
      return BY_SIGNAL + 2;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
