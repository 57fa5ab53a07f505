package io.github.flakeferry;

import io.github.flakeferry.support.progress.Progress;
import io.github.flakeferry.testbed.GitHubOpenApi;
import io.github.flakeferry.testbed.GitHubStandIn.RequestJudge;
import io.github.flakeferry.testbed.Rehearsal;
import io.github.flakeferry.testbed.TestBoard;
import io.github.flakeferry.testbed.Testbed;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** Jobs that a forge starts, each test with a board, a repository and a policy of its own. */
abstract class JobIT {
  static final String MAIN = "refs/heads/main";
  static Testbed testbed;

  TestBoard board;
  Rehearsal rehearsal;

  @BeforeAll
  static void prepare() throws IOException {
    testbed = Testbed.prepare(Progress.SILENT);
  }

  @AfterAll
  static void tidy() {
    testbed.close();
  }

  @BeforeEach
  final void begin() throws IOException {
    board = testbed.startBoard("main-job");
    rehearsal = Rehearsal.around(board, judge(), "demo/boards", "main");
    rehearsal.write("flakeferry.yml", policy());
  }

  @AfterEach
  final void end() throws IOException {
    rehearsal.close();
    board.close();
  }

  /** Looks at each request that reaches the forge. */
  RequestJudge judge() throws IOException {
    return GitHubOpenApi.judge();
  }

  String policy() throws IOException {
    return rehearsal.policy("");
  }
}
