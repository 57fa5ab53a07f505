package io.github.flakeferry.board;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.board.SystemBuilder.Built;
import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.Outcome;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.testbed.TestBoard;
import io.github.flakeferry.testbed.Variation;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A crash at every step of lending a board and of giving it back: what runs of a preview has a
 * lease afterwards, and who comes next gets the board. The board is held at the step as in {@link
 * InterruptionTableIT}.
 */
class LeaseInterruptionIT extends BoardIT {
  private static final int CONFIRM_SECONDS = 30;
  private static final String OURS = "owner/repo#12";
  private static final String OTHERS = "owner/repo#13";

  /** What ends the supervisor. */
  enum Crash {
    SUPERVISOR_KILLED,
    POWER_CUT
  }

  /** Where a board is lent. */
  enum Lent {
    PREPARING,
    LEASE_WRITTEN,
    PREVIEW_ACTIVATING,
    WAITING
  }

  /** Where it is given back. */
  enum GivenBack {
    PREPARING,
    OWN_ACTIVATING,
    WAITING,
    LEASE_GONE
  }

  private static final String TOOLS =
      """
      ({ pkgs, ... }: {
        system.activationScript = "hold=/run/hold-@place@; while [ -e $hold ]; do : >/run/held-@place@; sleep 0.05; done";
        environment.systemPackages = [
          (pkgs.runCommand "tools-that-wait" { } ''
            mkdir -p $out/bin
            put() { cat >$out/bin/$1; chmod +x $out/bin/$1; }
            put hold <<'END'
            #!/bin/sh
            while [ -e /run/hold-$1 ]; do : >/run/held-$1; sleep 0.05; done
            END
            put dd <<'END'
            #!/bin/sh
            hold preparing
            exec /usr/bin/dd "$@"
            END
            put sync <<'END'
            #!/bin/sh
            /usr/bin/sync "$@"
            status=$?
            if [ "$1" = /nix/var/flakeferry ]; then
                if [ -e /nix/var/flakeferry/lease ]; then hold lease-written; else hold lease-gone; fi
            fi
            exit $status
            END
          '')
        ];
      })
      """;

  private static Built own;
  private static Built preview;

  @BeforeAll
  static void build() throws IOException {
    own =
        systems.build(
            Variation.FIRST.message("The board's own"), TOOLS.replace("@place@", "own-activating"));
    preview =
        systems.build(
            Variation.FIRST.message("The preview"), TOOLS.replace("@place@", "preview-activating"));
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @EnumSource
  void aCrashWhileABoardIsLentLeavesNoPreviewWithoutALease(Crash crash) throws Exception {
    try (TestBoard board = bed.startBoard("lent")) {
      reach(board, BoardFixture.switchTo(board, own));
      for (Lent place : Lent.values()) {
        BoardResult result = crash(board, BoardFixture.test(board, preview, OURS), place, crash);
        assertThat(result.outcome())
            .as(place + " " + crash + ": " + result.message())
            .isIn(Outcome.ROLLED_BACK, Outcome.FAILED);
        assertThat(facts(board).heldLease(Instant.now())).as(place + " " + crash).isEmpty();
        assertThat(board.currentSystem()).as(place + " " + crash).isEqualTo(own.system());
      }
      othersGetIt(board);
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @EnumSource
  void aCrashWhileABoardIsGivenBackLeavesTheLeaseOrAFreeBoard(Crash crash) throws Exception {
    try (TestBoard board = bed.startBoard("back")) {
      reach(board, BoardFixture.switchTo(board, own));
      for (GivenBack place : GivenBack.values()) {
        reach(board, BoardFixture.test(board, preview, OURS));
        BoardResult result = crash(board, BoardFixture.giveBack(board, OURS), place, crash);
        BoardFacts facts = facts(board);
        boolean free = crash == Crash.POWER_CUT || place == GivenBack.LEASE_GONE;
        assertThat(result.outcome() == Outcome.DEPLOYED)
            .as(place + " " + crash + ": " + result.message())
            .isEqualTo(free);
        StorePath expected = (free ? own : preview).system();
        assertThat(board.currentSystem()).as(place + " " + crash).isEqualTo(expected);
        assertThat(facts.heldLease(Instant.now()).map(Lease::owner).stream().toList())
            .as(place + " " + crash)
            .isEqualTo(free ? List.of() : List.of(OURS));
        reach(board, BoardFixture.giveBack(board, OURS));
      }
      othersGetIt(board);
    }
  }

  private BoardResult crash(TestBoard board, Deployment deployment, Enum<?> place, Crash crash)
      throws Exception {
    String file = place.name().toLowerCase(Locale.ROOT).replace('_', '-');
    board.run("rm -f /run/hold-* /run/held-*; touch /run/hold-" + file).orThrow();
    List<String> commands =
        file.equals("waiting") ? List.of("/run/current-system/sw/bin/hold waiting") : List.of();
    FutureTask<BoardResult> running =
        begin(
            () ->
                deploy(
                    board,
                    deployment.terms(InterruptionTableIT.terms(CONFIRM_SECONDS, commands)),
                    new BoardFixture()));
    assertThat(
            board
                .run(
                    "timeout 60 sh -c 'until [ -e /run/held-%s ]; do sleep 0.05; done'"
                        .formatted(file))
                .exit()
                .succeeded())
        .as("held at " + place + " " + running.state())
        .isTrue();
    switch (crash) {
      case SUPERVISOR_KILLED -> {
        board
            .run("systemctl kill --signal=KILL flakeferry-$(cat /nix/var/flakeferry/last).service")
            .orThrow();
        board.run("rm /run/hold-" + file).orThrow();
      }
      case POWER_CUT -> {
        board.powerCut();
        board.start();
      }
    }
    return running.get(150, TimeUnit.SECONDS);
  }

  private static void othersGetIt(TestBoard board) throws IOException {
    reach(board, BoardFixture.test(board, preview, OTHERS));
    assertThat(board.currentSystem()).isEqualTo(preview.system());
    reach(board, BoardFixture.giveBack(board, OTHERS));
    assertThat(board.currentSystem()).isEqualTo(own.system());
    assertThat(facts(board).lease()).isEmpty();
  }

  private static void reach(TestBoard board, Deployment deployment) {
    BoardResult result = deploy(board, deployment, new BoardFixture());
    assertThat(result.outcome().reached()).as(result.message()).isTrue();
  }

  private static BoardFacts facts(TestBoard board) {
    try (var boards = new Boards(board.key(), SystemBuilder.contents(), new BoardFixture())) {
      return boards.facts(new BoardName("board-1"), board.address());
    }
  }
}
