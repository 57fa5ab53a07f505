package io.github.flakeferry.board;

import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.support.progress.Progress;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;

/**
 * Has a board note the commit that it was given and that changes nothing of its system: else it
 * would count as one that has not got it, and be looked at by every sweep.
 */
record NewCommit(Deployment deployment, Progress progress) {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /**
   * Does nothing where the board has noted it, or a newer one, or boots only what is wanted and
   * does not run it yet.
   *
   * @param facts of a board that boots what is wanted
   * @throws InterruptedIOException if the thread is interrupted
   */
  void note(Connection connection, BoardFacts facts) throws InterruptedIOException {
    if (!Preflight.LASTING.contains(deployment.action())
        || deployment.commit().isEmpty()
        || facts.current().isEmpty()
        || !facts.current().equals(facts.profile())) {
      return;
    }
    GitRevision commit = deployment.commit().orElseThrow();
    if (facts
        .deployed()
        .filter(there -> facts.current().get().equals(there.system()))
        .flatMap(BoardFacts.Deployed::commit)
        .filter(there -> there.equals(commit) || deployment.guards().history().isNewer(there))
        .isPresent()) {
      return;
    }
    var call =
        new BoardScript.Call(
            "note",
            facts.current().get().toString(),
            commit.value(),
            Scripts.oneLine(deployment.owner()));
    try {
      var answer = connection.run(call, PATIENCE);
      if (answer.status() != 0) {
        notNoted(commit, answer.errors());
      }
    } catch (IOException e) {
      Interruption.check(e);
      notNoted(commit, String.valueOf(e.getMessage()));
    }
  }

  private void notNoted(GitRevision commit, String why) {
    progress.note(
        "%s did not note that it has %s: %s"
            .formatted(deployment.board(), commit.abbreviated(), Scripts.oneLine(why)));
  }
}
