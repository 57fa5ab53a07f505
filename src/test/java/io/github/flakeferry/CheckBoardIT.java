package io.github.flakeferry;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.model.BoardAddress;
import io.github.flakeferry.model.HostKey;
import io.github.flakeferry.model.SigningKey;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.support.process.Finished;
import io.github.flakeferry.support.progress.Progress;
import io.github.flakeferry.testbed.BoardOptions;
import io.github.flakeferry.testbed.DemoFlake;
import io.github.flakeferry.testbed.TestBoard;
import io.github.flakeferry.testbed.Testbed;
import io.github.flakeferry.testbed.Variation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code flakeferry check} says of boards. */
final class CheckBoardIT {
  private static final HostKey OTHER =
      HostKey.parse(
          "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl");

  private static Testbed testbed;
  private static TestBoard board;
  @TempDir private Path folder;
  private DemoFlake flake;

  @BeforeAll
  static void prepare() throws IOException {
    testbed = Testbed.prepare(Progress.SILENT);
    board = testbed.startBoard("check", BoardOptions.PLAIN);
  }

  @AfterAll
  static void tidy() {
    testbed.close();
  }

  @BeforeEach
  void makeFlake() throws IOException {
    flake = DemoFlake.writeTo(folder.resolve("boards"), Variation.FIRST);
  }

  private Finished check(BoardAddress address, HostKey hostKey) throws IOException {
    return check(address, hostKey, "{ push: main }");
  }

  private Path signingKey(String name) throws IOException {
    return Files.writeString(folder.resolve(name), SigningKey.generate(name).export().reveal());
  }

  private Finished check(BoardAddress address, HostKey hostKey, String on) throws IOException {
    Files.writeString(
        flake.folder().resolve("flakeferry.yml"),
        """
        boards:
          desk:
            configuration: board-amd64
            host: %s
            user: %s
            host-key: %s
          away:
            configuration: board-amd64
            host: 127.0.0.1
            port: 1
            host-key: %s
        environments:
          production: { on: %s, boards: "desk | away" }
        """
            .formatted(address.host(), address.user(), hostKey, OTHER, on));
    flake.commit("Check");
    return Command.of(BuiltProgram.words("check"))
        .in(flake.folder())
        .with("NIX_CONFIG", DemoFlake.NIX_CONFIG)
        .with("FLAKEFERRY_SSH_KEY_FILE", board.keyFile().toString())
        .with("FLAKEFERRY_SIGNING_KEY_FILE", signingKey("boards-1").toString())
        .with("FLAKEFERRY_PULL_REQUEST_SIGNING_KEY_FILE", signingKey("previews-1").toString())
        .run();
  }

  @Test
  void aBoardThatIsRightAndOneThatIsAway() throws IOException {
    StorePath before = board.currentSystem();
    Finished check = check(board.address(), board.address().hostKeys().getFirst());

    assertThat(check.orThrow().output())
        .containsPattern("(?m)^ok +board +desk: x86_64, Nix \\S+, runs nixos-system-factory-")
        .containsPattern("(?m)^(ok|warning) +board +desk: .* are free in /nix$")
        .containsPattern("(?m)^ok +board +desk: its clock is [0-9]+ s ")
        .containsPattern("(?m)^warning +board +away: .*can't be reached")
        .containsPattern("(?m)^ok +system +board-amd64 \\(desk, away\\): ");
    assertThat(board.currentSystem()).isEqualTo(before);
    assertThat(board.run("test ! -e /nix/var/flakeferry/runs").exit().succeeded()).isTrue();
  }

  @Test
  void anotherMachineIsWrong() throws IOException {
    Finished check = check(board.address(), OTHER);

    assertThat(check.output())
        .containsPattern("(?m)^wrong +board +FF-1101: desk: .*is not the board that was pinned");
    assertThat(check.exit().succeeded()).isFalse();
  }

  @Test
  void aUserWithoutRightsWhoseNixDoesNotTrustOurKeyIsWrong() throws IOException {
    Finished check = check(board.deployUser(), board.address().hostKeys().getFirst());

    assertThat(check.output())
        .containsPattern("(?m)^wrong +board +FF-1107: desk: deploy may do nothing there as root")
        .containsPattern(
            "(?m)^wrong +board +FF-1103: desk: its Nix does not trust the key that signs")
        .contains("nix.settings.trusted-public-keys = [ \"boards-1:")
        .doesNotContain("previews-1");
    assertThat(check.exit().succeeded()).isFalse();
  }

  @Test
  void aBoardForPullRequestsIsToTrustTheirKeyAlone() throws IOException {
    Finished check =
        check(board.deployUser(), board.address().hostKeys().getFirst(), "pull_request");

    assertThat(check.output())
        .contains("nix.settings.trusted-public-keys = [ \"previews-1:")
        .doesNotContain("boards-1:");
  }
}
