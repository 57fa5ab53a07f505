package io.github.flakeferry.board;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.board.SystemBuilder.Built;
import io.github.flakeferry.model.BoardAddress;
import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.HostKey;
import io.github.flakeferry.model.Outcome;
import io.github.flakeferry.model.Secret;
import io.github.flakeferry.model.SshKey;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.model.SystemPlatform;
import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.testbed.BoardOptions;
import io.github.flakeferry.testbed.TestBoard;
import io.github.flakeferry.testbed.Variation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is told before a board is touched, and that it is not touched then. */
class RefusalIT extends BoardIT {
  private static final SystemPlatform AMD64 = new SystemPlatform("x86_64-linux");

  private static BoardAddress withHostKeys(BoardAddress address, HostKey... keys) {
    return new BoardAddress(
        address.host(), address.port(), address.user(), List.of(), List.of(keys));
  }

  private static SshKey newKey(String passphrase) throws IOException {
    Path file = Files.createTempDirectory(bed.folder(), "key").resolve("key");
    Command.of("ssh-keygen", "-q", "-t", "ed25519", "-N", passphrase, "-f", file.toString())
        .run()
        .orThrow();
    return new SshKey(new Secret(Files.readString(file)), Optional.of(new Secret(passphrase)));
  }

  private static String untouched(TestBoard board) throws IOException {
    return board.run("ls /nix/store | wc -l; ls -d /nix/var/flakeferry 2>/dev/null").output();
  }

  @Test
  void anotherHostKeyIsRefusedAndBothAreNamed() throws IOException {
    try (TestBoard board = bed.startBoard("impostor")) {
      HostKey real = board.address().hostKeys().getFirst();
      HostKey pinned =
          HostKey.parse(
              "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl");
      Deployment deployment =
          BoardFixture.at(
              BoardFixture.switchTo(board, good), withHostKeys(board.address(), pinned), AMD64);

      BoardResult result = deploy(board, deployment);

      assertThat(result.outcome()).isEqualTo(Outcome.REFUSED);
      assertThat(result.message())
          .contains("offered ssh-ed25519 " + real.fingerprint())
          .contains("pinned ssh-ed25519 " + pinned.fingerprint())
          .contains(board.address().host() + " " + real);
    }
  }

  @Test
  void aSecondPinnedKeyIsTakenToo() throws IOException {
    try (TestBoard board = bed.startBoard("renewed")) {
      HostKey old =
          HostKey.parse(
              "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl");
      BoardAddress both = withHostKeys(board.address(), old, board.address().hostKeys().getFirst());
      try (var boards = new Boards(board.key(), SystemBuilder.contents(), progress)) {
        BoardFacts facts = boards.facts(new io.github.flakeferry.model.BoardName("renewed"), both);

        assertThat(facts.machine()).isEqualTo("x86_64");
        assertThat(facts.current()).contains(board.currentSystem());
        assertThat(facts.profile()).contains(board.profileSystem());
        assertThat(facts.booted()).contains(board.bootedSystem());
        assertThat(facts.userId()).isZero();
        assertThat(facts.nixVersion()).isPresent();
        assertThat(facts.storeFreeBytes()).isPositive();
        assertThat(facts.lastRun()).isEmpty();
        assertThat(facts.lease()).isEmpty();
      }
    }
  }

  @Test
  void everythingAmissIsToldAtOnce() throws IOException {
    Built large =
        systems.build(
            Variation.FIRST,
            """
            ({ pkgs, ... }: { environment.etc.large = pkgs.runCommand "large" { } "head -c 30000000 /dev/urandom >$out"; })
            """);
    try (TestBoard board = bed.startBoard("small", BoardOptions.PLAIN.store(40))) {
      String before = untouched(board);
      Deployment deployment =
          BoardFixture.at(
              BoardFixture.switchTo(board, large),
              board.address(),
              new SystemPlatform("riscv64-linux"));

      BoardResult result = deploy(board, deployment);

      assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.REFUSED);
      assertThat(result.message())
          .contains("It is x86_64, and the system was built for riscv64-linux")
          .contains("MiB free");
      assertThat(untouched(board)).isEqualTo(before);
    }
  }

  @Test
  void aBoardThatIsOffIsDeferred() throws IOException {
    try (TestBoard board = bed.startBoard("off")) {
      Deployment deployment = BoardFixture.switchTo(board, good);
      board.powerCut();

      BoardResult result = deploy(board, deployment);

      assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.DEFERRED);
      assertThat(result.message()).contains("root@" + board.address().host() + " can't be reached");
    }
  }

  @Test
  void aKeyThatTheBoardDoesNotKnowIsRefused() throws IOException {
    try (TestBoard board = bed.startBoard("locked");
        var boards = new Boards(newKey("open sesame"), SystemBuilder.contents(), progress)) {
      BoardResult result = boards.deploy(BoardFixture.switchTo(board, good));

      assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.REFUSED);
      assertThat(result.message()).contains("does not let us in with the key ssh-ed25519 SHA256:");
    }
  }

  @Test
  void aBoardBehindAJumpHostIsReachedThroughIt() throws IOException {
    try (TestBoard board = bed.startBoard("behind")) {
      // what only the jump host, here the same machine, can reach
      BoardAddress inside =
          new BoardAddress(
              "127.0.0.1", 22, "root", List.of(board.address()), board.address().hostKeys());
      StorePath factory = board.currentSystem();

      BoardResult result =
          deploy(board, BoardFixture.at(BoardFixture.switchTo(board, good), inside, AMD64));

      assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.DEPLOYED);
      assertThat(result.before()).contains(factory);
      assertThat(board.currentSystem()).isEqualTo(good.system());
    }
  }

  @Test
  void aBoardWhereSomebodyElseActivatesIsBusy() throws IOException {
    try (TestBoard board = bed.startBoard("rebuilt")) {
      board
          .run(
              """
              mkdir -p /run/nixos
              systemd-run --quiet --unit=their-rebuild --service-type=exec \
                /usr/bin/flock /run/nixos/switch-to-configuration.lock /usr/bin/sleep 60
              until ! flock -n /run/nixos/switch-to-configuration.lock true; do sleep 0.1; done
              """)
          .orThrow();
      String before = untouched(board);

      BoardResult result = deploy(board, BoardFixture.switchTo(board, good));

      assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.BUSY);
      assertThat(result.message())
          .contains("Somebody else has been activating a system there since", "/usr/bin/flock");
      assertThat(untouched(board)).isEqualTo(before);
    }
  }

  @Test
  void whoOnlyTriesASystemIsWaitedFor() throws Exception {
    try (TestBoard board = bed.startBoard("tried")) {
      board
          .run(
              """
              mkdir -p /run/nixos
              systemd-run --quiet --unit=their-trial --service-type=exec \
                /usr/bin/flock /run/nixos/switch-to-configuration.lock \
                /bin/sh -c 'until [ -e /run/go-on ]; do /usr/bin/sleep 0.1; done' dry-activate now
              until ! flock -n /run/nixos/switch-to-configuration.lock true; do sleep 0.1; done
              """)
          .orThrow();

      FutureTask<BoardResult> running = begin(board, BoardFixture.switchTo(board, good));
      progress.await("preparing");
      board.run("touch /run/go-on").orThrow();

      BoardResult result = running.get(BoardFixture.PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.DEPLOYED);
    }
  }
}
