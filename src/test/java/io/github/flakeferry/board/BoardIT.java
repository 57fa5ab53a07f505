package io.github.flakeferry.board;

import io.github.flakeferry.board.SystemBuilder.Built;
import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.support.progress.Progress;
import io.github.flakeferry.testbed.TestBoard;
import io.github.flakeferry.testbed.Testbed;
import io.github.flakeferry.testbed.Variation;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** What tests with real boards share: a test bed, systems, and deployments in the background. */
abstract class BoardIT {
  static Testbed bed;
  static SystemBuilder systems;
  static Built good;

  final BoardFixture progress = new BoardFixture();

  @BeforeAll
  static void prepare() throws IOException {
    bed = Testbed.prepare(Progress.SILENT);
    systems = new SystemBuilder(bed.folder());
    good = systems.build(Variation.FIRST);
  }

  @AfterAll
  static void end() {
    bed.close();
  }

  /** Replaces a program of a board; {@code NAME.real} is what it was. */
  static void replace(TestBoard board, String program, String script) throws IOException {
    board
        .run(
            """
            mv /usr/bin/%1$s /usr/bin/%1$s.real
            cat >/usr/bin/%1$s <<'EOF'
            #!/bin/sh
            %2$s
            EOF
            chmod +x /usr/bin/%1$s
            """
                .formatted(program, script))
        .orThrow();
  }

  /** Ends all connections to a board, from within; nothing else of it does. */
  static final String CUT = "pkill -KILL -f '^sshd.*: root'";

  BoardResult deploy(TestBoard board, Deployment deployment) {
    return deploy(board, deployment, progress);
  }

  static BoardResult deploy(TestBoard board, Deployment deployment, BoardFixture progress) {
    try (var boards = new Boards(board.key(), SystemBuilder.contents(), progress)) {
      return boards.deploy(deployment);
    }
  }

  /** Starts a deployment on a thread of its own. */
  FutureTask<BoardResult> begin(TestBoard board, Deployment deployment) {
    return begin(() -> deploy(board, deployment));
  }

  static FutureTask<BoardResult> begin(Callable<BoardResult> work) {
    var task = new FutureTask<>(work);
    Thread.ofPlatform().daemon().start(task);
    return task;
  }
}
