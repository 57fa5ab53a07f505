package io.github.flakeferry.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.flakeferry.board.SystemBuilder.Built;
import io.github.flakeferry.model.BoardAction;
import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.Outcome;
import io.github.flakeferry.model.PublicKey;
import io.github.flakeferry.model.SigningKey;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.model.UnitChanges;
import io.github.flakeferry.model.terms.RebootTerms;
import io.github.flakeferry.support.process.Finished;
import io.github.flakeferry.testbed.TestBoard;
import io.github.flakeferry.testbed.Variation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A user who is nobody to Nix and may run one command as root. */
class DeployUserIT extends BoardIT {
  private static final SigningKey KEY = SigningKey.generate("deploy-1");
  private static String module;
  private static Built first;
  private static Built second;

  private TestBoard board;

  @BeforeAll
  static void build() throws IOException {
    Path script = Files.writeString(bed.folder().resolve("board.sh"), BoardScript.text());
    module =
        """
        ({ pkgs, ... }: {
          environment.systemPackages = [
            (pkgs.runCommand "flakeferry-board" { script = %s; } ''
              mkdir -p $out/bin
              cp $script $out/bin/flakeferry-board
              chmod +x $out/bin/flakeferry-board
            '')
          ];
        })
        """
            .formatted(script);
    first = signed(systems.build(Variation.FIRST, module));
    second = signed(systems.build(Variation.FIRST.message("Hello again"), module));
  }

  private static Built signed(Built built) {
    return new Built(
        built.system(), built.closure().stream().map(info -> info.signedBy(KEY)).toList());
  }

  @BeforeEach
  void install() throws IOException {
    board = bed.startBoard("deploy-user");
    board.setNix("trusted-public-keys = " + KEY.publicKey());
    assertThat(deploy(board, BoardFixture.switchTo(board, first)).outcome())
        .isEqualTo(Outcome.DEPLOYED);
    board
        .run(
            """
            mkdir -p /etc/flakeferry
            echo '%s' >/etc/flakeferry/trusted-keys
            echo 'deploy ALL=(root) NOPASSWD: %s' >/etc/sudoers.d/deploy
            """
                .formatted(KEY.publicKey(), BoardScript.INSTALLED))
        .orThrow();
  }

  @AfterEach
  void remove() throws IOException {
    board.close();
  }

  private Deployment to(Built built, List<PublicKey> signers) {
    Deployment d =
        BoardFixture.deployment(
            board.deployUser(), BoardAction.SWITCH, Optional.of(built), Optional.empty());
    var incoming = (Wanted.Incoming) d.wanted();
    return new Deployment(
        d.board(),
        d.address(),
        d.action(),
        new Wanted.Incoming(
            incoming.system(),
            incoming.platform(),
            incoming.closure(),
            List.of(),
            List.of(),
            signers),
        d.terms(),
        d.owner(),
        d.commit(),
        d.lease(),
        d.guards());
  }

  /** Runs a script as the deploy user, who has a shell. */
  private Finished asUser(String script) throws IOException {
    return board.run(
        "exec setpriv --reuid=deploy --regid=deploy --init-groups env HOME=/home/deploy"
            + " PATH=/run/wrappers/bin:/run/current-system/sw/bin NIX_REMOTE=daemon sh -c "
            + Scripts.quoted(script));
  }

  // what an attacker with the deploy user's login can say
  private String start(String token, String wanted) throws IOException {
    asUser(
            "sudo -n %s start 'token %s' 'action switch' 'wanted %s' 'owner me'"
                .formatted(BoardScript.INSTALLED, token, wanted))
        .orThrow();
    return board
        .run(
            """
            cd /nix/var/flakeferry/runs/%s
            until grep -qE '^state (refused|committed|rolled-back|failed|waiting)' state; do sleep 0.1; done 2>/dev/null
            cat state
            """
                .formatted(token))
        .orThrow()
        .output();
  }

  @Test
  void aSignedSystemIsDeployedThroughTheOneCommand() throws IOException {
    BoardResult result = deploy(board, to(second, List.of(KEY.publicKey())));

    assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.DEPLOYED);
    assertThat(board.currentSystem()).isEqualTo(second.system());
    assertThat(board.profileSystem()).isEqualTo(second.system());
    // whoever could open it could hold the board's lock, and nothing would be deployed any more
    assertThat(asUser("flock -n /nix/var/flakeferry/lock true").exit().succeeded()).isFalse();
    assertThat(asUser("cat /nix/var/flakeferry/runs/*/log").exit().succeeded()).isFalse();
    assertThat(asUser("cat /nix/var/flakeferry/runs/*/state").exit().succeeded()).isTrue();
  }

  @Test
  void itsBoardIsRestartedWithAWayBack() throws Exception {
    Built other = signed(systems.build(Variation.FIRST.kernel("6.18.3"), module));
    Deployment deployment = to(other, List.of(KEY.publicKey()));
    var reboot = new RebootTerms(RebootTerms.When.IF_NEEDED, false, Duration.ofMinutes(1));
    FutureTask<BoardResult> running =
        begin(board, deployment.terms(deployment.terms().reboot(reboot)));
    progress.await("restarting");
    board.restart();

    BoardResult result = running.get(BoardFixture.PATIENCE_SECONDS, TimeUnit.SECONDS);

    assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.DEPLOYED);
    assertThat(board.bootedSystem()).isEqualTo(other.system());
    assertThat(board.profileSystem()).isEqualTo(other.system());
  }

  @Test
  void itsLogsAreToldAndOfTheJournalOnlyWhatFailed() throws IOException {
    assertThat(deploy(board, to(second, List.of(KEY.publicKey()))).outcome())
        .isEqualTo(Outcome.DEPLOYED);

    RunLog log = log(board, Optional.of(RunLog.Units.FAILED));

    assertThat(log.run().system()).contains(second.system());
    assertThat(log.run().state()).isEqualTo("committed");
    assertThat(log.kept()).hasSize(2).first().isEqualTo(log.run());
    assertThat(log.lines()).contains("activating the configuration...", "flakeferry: committed");
    assertThat(log.journal()).isPresent();
    assertThatExceptionOfType(BoardFailure.class)
        .isThrownBy(() -> log(board, Optional.of(RunLog.Units.ALL)))
        .withMessageContaining("who is not root is told the journal of failed units alone");
  }

  @Test
  void aCommandThatIsOlderThanLogsSaysHowToHaveTheNewOne() throws IOException {
    install("s/^    runs) runs ;;$//");

    assertThatExceptionOfType(BoardFailure.class)
        .isThrownBy(() -> log(board, Optional.empty()))
        .withMessageContaining("older than this program")
        .satisfies(e -> assertThat(e.advice()).contains("flakeferry init --board-module"));
  }

  /** Has the board's command be another one, changed by a line for sed. */
  private void install(String change) throws IOException {
    board
        .run(
            """
            file=$(readlink -f %s)
            sed '%s' "$file" >/tmp/older && chmod +x /tmp/older
            mount --bind /tmp/older "$file"
            """
                .formatted(BoardScript.INSTALLED, change))
        .orThrow();
  }

  @Test
  void whatWouldHappenToUnitsIsToldOfASignedSystemThatIsThere() throws IOException {
    Deployment deployment = to(second, List.of(KEY.publicKey()));
    assertThat(rehearse(deployment, false)).isEmpty();
    String kept = board.run("cd /nix/var/flakeferry && find . | sort").orThrow().output();

    Optional<UnitChanges> brought = rehearse(deployment, true);

    assertThat(brought.orElseThrow().restarted()).contains("hello.service");
    assertThat(rehearse(deployment, false)).isEqualTo(brought);
    assertThat(board.currentSystem()).isEqualTo(first.system());
    assertThat(board.run("cd /nix/var/flakeferry && find . | sort").orThrow().output())
        .isEqualTo(kept);
    assertThat(board.run("systemctl is-active hello.service").output()).isEqualTo("active\n");
  }

  @Test
  void ofWhatTheDeployKeyHasNotSignedNothingIsRun() throws IOException {
    Built unsigned =
        systems.build(
            Variation.FIRST, module + "{ system.preSwitchChecks = \"touch /root/taken\"; }");
    bring(unsigned);

    assertThatExceptionOfType(BoardFailure.class)
        .isThrownBy(() -> rehearse(to(unsigned, List.of(KEY.publicKey())), false))
        .withMessageContaining("does not tell its units: ")
        .withMessageContaining("carries no signature of deploy-1")
        .satisfies(e -> assertThat(e.outcome()).isEqualTo(Outcome.REFUSED))
        .satisfies(e -> assertThat(e.advice()).contains("copy-sigs"));
    assertThat(board.run("test ! -e /root/taken").exit().succeeded()).isTrue();
  }

  /** Brings a system as root, whose store takes what nobody signed, and leaves it there. */
  private void bring(Built built) throws IOException {
    try (var connector = new Connector(Login.of(board.key()));
        var connection = connector.open(board.address(), Duration.ofSeconds(20));
        var delivery =
            new Delivery(
                connector,
                connection,
                BoardFixture.switchTo(board, built),
                SystemBuilder.contents(),
                progress)) {
      delivery.bring(delivery.missing());
      board.run("ln -s %s /nix/var/nix/gcroots/brought".formatted(built.system())).orThrow();
    }
  }

  @Test
  void aBoardThatIsBusyAndAnOlderCommandTellNothingOfUnits() throws IOException {
    Deployment deployment = to(first, List.of(KEY.publicKey()));
    // that of an activation, and that of a run, which may wait to be confirmed
    for (String lock :
        List.of("/run/nixos/switch-to-configuration.lock", "/nix/var/flakeferry/lock")) {
      board
          .run(
              """
              mkdir -p /run/nixos /nix/var/flakeferry
              rm -f /run/held
              mkfifo /run/held
              systemd-run --quiet --collect --unit=holder --setenv=PATH="$PATH" \
                  flock %s sh -c 'echo held >/run/held; exec sleep infinity'
              read -r held </run/held
              """
                  .formatted(lock))
          .orThrow();
      assertThatExceptionOfType(BoardFailure.class)
          .as(lock)
          .isThrownBy(() -> rehearse(deployment, false))
          .withMessageContaining("somebody is activating a system there")
          .satisfies(e -> assertThat(e.outcome()).isEqualTo(Outcome.BUSY));
      board.run("systemctl stop holder").orThrow();
    }
    assertThat(rehearse(deployment, false)).contains(UnitChanges.NONE);

    install("s/^    rehearse) rehearse .*$//");
    assertThatExceptionOfType(BoardFailure.class)
        .isThrownBy(() -> rehearse(deployment, false))
        .withMessageContaining("older than this program and tells no units");
  }

  private Optional<UnitChanges> rehearse(Deployment deployment, boolean bring) throws IOException {
    try (var boards = new Boards(board.key(), SystemBuilder.contents(), progress)) {
      return boards.rehearse(deployment, bring);
    }
  }

  private RunLog log(TestBoard board, Optional<RunLog.Units> journal) {
    try (var boards = new Boards(board.key(), SystemBuilder.contents(), progress)) {
      return boards.log(
          new BoardName("deploy-user"), board.deployUser(), new RunLog.Wanted("1", 100, journal));
    }
  }

  @Test
  void whatTheDeployKeyHasNotSignedIsNotActivatedWhoeverElseSignedIt() throws IOException {
    SigningKey other = SigningKey.generate("other-1");
    board.setNix("trusted-public-keys = " + KEY.publicKey() + " " + other.publicKey());
    Built built = systems.build(Variation.FIRST.message("Signed by another"), module);
    var theirs =
        new Built(built.system(), built.closure().stream().map(i -> i.signedBy(other)).toList());

    BoardResult result = deploy(board, to(theirs, List.of(other.publicKey())));

    assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.REFUSED);
    assertThat(result.message()).contains("carries no signature of deploy-1", "Sign with that key");
    assertThat(board.currentSystem()).isEqualTo(first.system());
  }

  @Test
  void aContentAddressedSystemThatAnybodyCanAddIsNotActivated() throws IOException {
    String added =
        asUser(
                """
                mkdir -p ~/evil/bin
                printf '#!/bin/sh\\ntouch /root/taken\\n' >~/evil/bin/switch-to-configuration
                chmod +x ~/evil/bin/switch-to-configuration
                nix-store --add ~/evil
                """)
            .orThrow()
            .output()
            .strip();

    String state = start("evil-1", "path " + StorePath.parse(added));

    assertThat(state).contains("state refused").contains("content-addressed");
    assertThat(board.run("test ! -e /root/taken").exit().succeeded()).isTrue();
  }

  @Test
  void aSystemThatTheUserBuiltOnTheBoardIsNotActivated() throws IOException {
    String made =
        asUser(
                """
                nix-build --no-out-link -E 'derivation {
                  name = "evil"; system = builtins.currentSystem; builder = "/bin/sh";
                  args = [ "-c" "/usr/bin/mkdir -p $out/bin; printf \\"#!/bin/sh\\ntouch /root/taken\\n\\" >$out/bin/switch-to-configuration; /usr/bin/chmod +x $out/bin/switch-to-configuration" ]; }'
                """)
            .orThrow()
            .output()
            .strip();

    String state = start("evil-2", "path " + StorePath.parse(made));

    assertThat(state).contains("state refused").contains("carries no signature of deploy-1");
    assertThat(board.run("test ! -e /root/taken").exit().succeeded()).isTrue();
  }

  @Test
  void theCommandDoesNothingElseAsRoot() throws IOException {
    String command = "sudo -n " + BoardScript.INSTALLED;
    for (String attempt :
        List.of(
            "sudo -n /bin/sh -c 'touch /root/taken'",
            command + " perform /tmp x /home/deploy test",
            command + " supervise /home/deploy",
            command + " start 'token ../../../tmp/x' 'action switch' 'wanted profile'",
            command
                + " start 'token t-1' 'action switch' 'wanted path /nix/store/../../home/deploy'",
            command + " start 'token t-2' 'action switch' 'wanted generation 1/../../x'",
            command + " start 'token t-3' 'mode sent' 'wanted profile'",
            command + " follow ../../x 0",
            "script='touch /root/taken' " + command + " nothing")) {
      Finished tried = asUser(attempt);
      assertThat(tried.exit().succeeded()).as(attempt + ": " + tried.output()).isFalse();
    }
    assertThat(board.run("test ! -e /root/taken").exit().succeeded()).isTrue();
    assertThat(board.run("ls /nix/var/flakeferry/runs | wc -l").output().strip()).isEqualTo("1");
  }

  @Test
  void aSystemWithoutTheCommandCannotBeConfirmedAndGoes() throws IOException {
    Built without = signed(systems.build(Variation.FIRST.message("No way back in")));
    Deployment deployment = to(without, List.of(KEY.publicKey()));

    BoardResult result =
        deploy(
            board,
            BoardFixture.within(
                deployment, java.time.Duration.ofSeconds(60), java.time.Duration.ofSeconds(3)));

    assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(board.currentSystem()).isEqualTo(first.system());
  }

  @Test
  void aBoardWithoutTheCommandSaysHowToHaveIt() throws IOException {
    try (TestBoard bare = bed.startBoard("bare")) {
      bare.setNix("trusted-public-keys = " + KEY.publicKey());
      Deployment d = to(first, List.of(KEY.publicKey()));

      BoardResult result =
          deploy(
              bare,
              BoardFixture.at(
                  d,
                  bare.deployUser(),
                  new io.github.flakeferry.model.SystemPlatform("x86_64-linux")));

      assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.REFUSED);
      assertThat(result.message()).contains("flakeferry init --board-module");
      assertThat(bare.run("test ! -e /nix/var/flakeferry").exit().succeeded()).isTrue();
    }
  }

  @Test
  void aJournalThatDoesNotComeCostsOnlyItself() throws IOException {
    assertThat(deploy(board, to(second, List.of(KEY.publicKey()))).outcome())
        .isEqualTo(Outcome.DEPLOYED);
    replace(board, "journalctl", "exec sleep 300");
    var events = new BoardFixture();
    try (var connector = new Connector(Login.of(board.key()));
        Connection connection = connector.open(board.address(), Duration.ofSeconds(20))) {
      RunLog log =
          new Logbook(connection, new BoardName("slow"), events, Duration.ofSeconds(3))
              .read(new RunLog.Wanted("1", 100, Optional.of(RunLog.Units.ALL)));

      assertThat(log.lines()).contains("flakeferry: committed");
      assertThat(log.journal()).isEmpty();
      assertThat(events.events())
          .anyMatch(event -> event.toString().contains("its journal did not come within 3 s"));
    }
  }
}
