package io.github.flakeferry.board;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.model.BoardAddress;
import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.HostKey;
import io.github.flakeferry.model.Outcome;
import io.github.flakeferry.support.progress.Progress;
import io.github.flakeferry.support.progress.ProgressEvent;
import java.util.List;
import org.junit.jupiter.api.Test;

class BoardsTest {
  @Test
  void aDefectCostsOnlyTheBoardThatItIsMetAt() throws Exception {
    Progress broken =
        event -> {
          if (event instanceof ProgressEvent.BoardStep) {
            throw new IllegalStateException("no such index");
          }
        };
    HostKey key =
        HostKey.parse(
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl");
    var address = new BoardAddress("192.0.2.1", 22, "root", List.of(), List.of(key));

    var closure = new SyntheticClosure(1, 1, 8);
    try (var boards =
        new Boards(
            ConnectorTest.key(),
            (path, to) -> {
              throw new IllegalStateException("nothing is sent");
            },
            broken)) {
      BoardResult result =
          boards.deploy(BoardFixture.bringing(address, closure.root().path(), closure.infos()));

      assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
      assertThat(result.message())
          .startsWith("board-1 broke off at connect: FF-0101: this should not have happened")
          .contains(
              "no such index", "Please report it", "\n  io.github.flakeferry.board.BoardsTest");
    }
  }
}
