package io.github.flakeferry.board;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.board.SystemBuilder.Built;
import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.Outcome;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.testbed.BoardOptions;
import io.github.flakeferry.testbed.TestBoard;
import io.github.flakeferry.testbed.Variation;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Systems that harm the board that they are tried on. */
class BadSystemIT extends BoardIT {
  private static final Duration ACTIVATION = Duration.ofSeconds(60);

  private static Built activating(String script) throws IOException {
    return systems.build(
        Variation.FIRST, "{ system.activationScript = ''%s''; }".formatted(script));
  }

  @Test
  void aSystemWhoseSshServerDoesNotStartIsRolledBack() throws IOException {
    Built sound = activating("rm -f /etc/ssh/sshd_config.d/zz.conf; systemctl restart ssh");
    Built deaf =
        activating("echo Nonsense >/etc/ssh/sshd_config.d/zz.conf; systemctl restart ssh || true");
    try (TestBoard board = bed.startBoard("deaf")) {
      assertThat(deploy(board, BoardFixture.switchTo(board, sound)).outcome().reached()).isTrue();

      BoardResult result =
          deploy(
              board,
              BoardFixture.within(
                  BoardFixture.switchTo(board, deaf), ACTIVATION, Duration.ofSeconds(4)));

      assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.ROLLED_BACK);
      assertThat(result.message())
          .contains("nobody confirmed it within 4 s", "No new connection could confirm it");
      assertThat(board.currentSystem()).isEqualTo(sound.system());
      assertThat(board.profileSystem()).isEqualTo(sound.system());
    }
  }

  @Test
  void anActivationThatFillsTheDiskAndFailsIsRolledBack() throws IOException {
    Built greedy = activating("cat /dev/zero >/nix/.greedy 2>/dev/null; exit 1");
    try (TestBoard board = bed.startBoard("greedy", BoardOptions.PLAIN.store(96))) {
      StorePath factory = board.currentSystem();

      BoardResult result = deploy(board, BoardFixture.switchTo(board, greedy));

      assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.ROLLED_BACK);
      assertThat(result.message()).contains("the activation ended with 2, and filled the disk");
      assertThat(board.currentSystem()).isEqualTo(factory);
      assertThat(board.profileSystem()).isEqualTo(factory);
      board.run("rm /nix/.greedy").orThrow();
      assertThat(deploy(board, BoardFixture.switchTo(board, good)).outcome())
          .isEqualTo(Outcome.DEPLOYED);
    }
  }

  @Test
  void anActivationThatFillsTheDiskUnnoticedCannotBeCommitted() throws IOException {
    Built greedy = activating("cat /dev/zero >/nix/.greedy 2>/dev/null; true");
    try (TestBoard board = bed.startBoard("quiet", BoardOptions.PLAIN.store(96))) {
      StorePath factory = board.currentSystem();

      BoardResult result = deploy(board, BoardFixture.switchTo(board, greedy));

      assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.ROLLED_BACK);
      assertThat(result.message()).contains("the activation filled the disk");
      assertThat(board.currentSystem()).isEqualTo(factory);
      assertThat(board.profileSystem()).isEqualTo(factory);
    }
  }

  @Test
  void aSystemThatSomebodyElseSwitchedToMeanwhileStays() throws Exception {
    Built theirs = systems.build(Variation.FIRST.message("By hand"));
    Built held = activating("until [ -e /run/go-on ]; do sleep 0.1; done");
    try (TestBoard board = bed.startBoard("by-hand")) {
      assertThat(deploy(board, BoardFixture.switchTo(board, theirs)).outcome().reached()).isTrue();
      assertThat(
              deploy(board, BoardFixture.switchTo(board, good), new BoardFixture())
                  .outcome()
                  .reached())
          .isTrue();
      var running =
          begin(
              () ->
                  deploy(
                      board,
                      BoardFixture.switchTo(board, held)
                          .terms(
                              InterruptionTableIT.terms(
                                  30,
                                  java.util.List.of("until [ -e /run/done ]; do sleep 0.1; done"))),
                      new BoardFixture()));
      // their own `nixos-rebuild switch`, as soon as ours has let go of the lock
      board
          .run(
              """
              until [ -e /nix/var/flakeferry/runs/$(cat /nix/var/flakeferry/last)/state ]; do sleep 0.1; done
              touch /run/go-on
              until grep -qx 'state waiting' /nix/var/flakeferry/runs/$(cat /nix/var/flakeferry/last)/state; do sleep 0.1; done
              PATH=/run/current-system/sw/bin nix-env --profile /nix/var/nix/profiles/system --set %s
              %s/bin/switch-to-configuration switch
              touch /run/done
              """
                  .formatted(theirs.system(), theirs.system()))
          .orThrow();

      BoardResult result = running.get(BoardFixture.PATIENCE_SECONDS, TimeUnit.SECONDS);

      assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.SUPERSEDED);
      assertThat(board.currentSystem()).isEqualTo(theirs.system());
      assertThat(board.profileSystem()).isEqualTo(theirs.system());
    }
  }
}
