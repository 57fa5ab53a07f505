package io.github.flakeferry;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.support.process.Finished;
import io.github.flakeferry.testbed.DemoFlake;
import io.github.flakeferry.testbed.RehearsedRun;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** What people do from a working copy with a board that runs have deployed to. */
abstract class WorkingCopyIT extends JobIT {
  /** Commits and pushes all of the working copy, and has a run deploy it. */
  final RehearsedRun run(String message) throws IOException {
    GitRevision commit = rehearsal.push(message, MAIN);
    Path payload = rehearsal.pushPayload(commit, MAIN);
    RehearsedRun run =
        RehearsedRun.of(BuiltProgram.words("run"), rehearsal.environment("push", payload));
    assertThat(run.exitCode()).as(run.logText()).isZero();
    return run;
  }

  /** The same where only the commit is of interest. */
  final GitRevision deploy(String message) throws IOException {
    run(message);
    return head();
  }

  final GitRevision head() throws IOException {
    return new GitRevision(
        Command.of("git", "rev-parse", "HEAD")
            .in(rehearsal.flake().folder())
            .run()
            .orThrow()
            .output()
            .strip());
  }

  /** A command in the working copy, with the key that logs in on the board. */
  final Command command(String... arguments) {
    return Command.of(BuiltProgram.words(arguments))
        .in(rehearsal.flake().folder())
        .with("FLAKEFERRY_SSH_KEY_FILE", board.keyFile().toString())
        .with("NIX_CONFIG", DemoFlake.NIX_CONFIG)
        .within(Duration.ofMinutes(3));
  }

  /** The same, run to its end. */
  final Finished flakeferry(String... arguments) throws IOException {
    return command(arguments).run();
  }
}
