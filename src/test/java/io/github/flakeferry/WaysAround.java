package io.github.flakeferry;

import io.github.flakeferry.model.GitRevision;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A repository with a policy, and pull request 7, whose author is up to no good. */
abstract class WaysAround {
  @TempDir Path folder;
  AttackedRun run;
  GitRevision head;

  @BeforeEach
  final void begin() throws IOException {
    run = new AttackedRun(folder);
    head = run.head(7);
  }

  @AfterEach
  final void end() {
    run.close();
  }
}
