package io.github.flakeferry.board;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.github.flakeferry.board.SystemBuilder.Built;
import io.github.flakeferry.model.BoardAction;
import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.Outcome;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.model.terms.FailedUnits;
import io.github.flakeferry.model.terms.Generations;
import io.github.flakeferry.model.terms.HealthChecks;
import io.github.flakeferry.model.terms.Terms;
import io.github.flakeferry.support.progress.Progress;
import io.github.flakeferry.support.progress.ProgressEvent;
import io.github.flakeferry.testbed.TestBoard;
import io.github.flakeferry.testbed.Variation;
import io.github.flakeferry.testbed.Variation.Fault;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What the policy asks of a deployment: actions, health checks, failed units, generations. */
class TermsIT extends BoardIT {
  private static Deployment with(TestBoard board, Built built, BoardAction action, Terms terms) {
    return BoardFixture.deployment(board.address(), action, Optional.of(built), Optional.empty())
        .terms(terms);
  }

  private static Terms health(List<String> units, List<String> commands, List<URI> urls) {
    return BoardFixture.TERMS.health(
        new HealthChecks(units, true, commands, urls, Duration.ofSeconds(10), 2));
  }

  private static StorePath bootDefault(TestBoard board) {
    try (var boards = new Boards(board.key(), SystemBuilder.contents(), new BoardFixture())) {
      return boards
          .facts(new io.github.flakeferry.model.BoardName("board-1"), board.address())
          .bootDefault()
          .orElseThrow();
    }
  }

  @Test
  void aHealthyBoardIsCommitted() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    server.start();
    try (TestBoard board = bed.startBoard("healthy")) {
      BoardResult result =
          deploy(
              board,
              with(
                  board,
                  good,
                  BoardAction.SWITCH,
                  health(
                      List.of("network-setup.service"),
                      List.of("hello | grep -q Hello"),
                      List.of(
                          URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/")))));

      assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.DEPLOYED);
      assertThat(bootDefault(board)).isEqualTo(good.system());
    } finally {
      server.stop(0);
    }
  }

  @Test
  void aBoardThatIsNotHealthyGoesBackAndEveryFaultIsNamed() throws IOException {
    try (TestBoard board = bed.startBoard("unhealthy")) {
      StorePath factory = board.currentSystem();

      BoardResult result =
          deploy(
              board,
              with(
                  board,
                  good,
                  BoardAction.SWITCH,
                  health(
                      List.of("nginx.service"),
                      List.of("echo no luck >&2; exit 3"),
                      List.of(URI.create("http://127.0.0.1:1/")))));

      assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.ROLLED_BACK);
      assertThat(result.message())
          .contains("nginx.service is inactive", "ended with 3: no luck", "http://127.0.0.1:1/");
      assertThat(board.currentSystem()).isEqualTo(factory);
      assertThat(bootDefault(board)).isEqualTo(factory);
    }
  }

  private Deployment healthyUntilCommitted(TestBoard board) {
    return with(
        board,
        good,
        BoardAction.SWITCH,
        health(List.of(), List.of("test ! -e /nix/var/flakeferry/deployed"), List.of()));
  }

  @Test
  void aBoardThatIsNotHealthyAfterTheCommitGoesBackToo() throws IOException {
    try (TestBoard board = bed.startBoard("relapse")) {
      StorePath factory = board.currentSystem();

      BoardResult result = deploy(board, healthyUntilCommitted(board));

      assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.ROLLED_BACK);
      assertThat(result.message()).contains("after the commit it was not healthy");
      assertThat(board.currentSystem()).isEqualTo(factory);
      assertThat(board.profileSystem()).isEqualTo(factory);
      assertThat(bootDefault(board)).isEqualTo(factory);
    }
  }

  @Test
  void aLinkThatIsLostWhileTheWayBackBeginsMakesNoSuccessOfABoardThatIsNotHealthy()
      throws IOException {
    try (TestBoard board = bed.startBoard("relapse-cut")) {
      StorePath factory = board.currentSystem();
      replace(
          board,
          "systemd-run",
          """
          systemd-run.real "$@"
          status=$?
          case "$*" in *' supervise '*) [ ! -e /nix/var/flakeferry/deployed ] || %s ;; esac
          exit $status
          """
              .formatted(CUT));

      BoardResult result = deploy(board, healthyUntilCommitted(board));

      assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.ROLLED_BACK);
      assertThat(result.message()).contains("after the commit it was not healthy");
      assertThat(board.currentSystem()).isEqualTo(factory);
    }
  }

  // nix-env takes it to go back to a generation
  @Test
  void aLockOfTheProfileThatNobodyGivesBackHoldsNothingUpForEver() throws IOException {
    try (TestBoard board = bed.startBoard("locked-profile")) {
      assertThat(deploy(board, BoardFixture.switchTo(board, good)).outcome().reached()).isTrue();
      BoardFixture.lock(
          board, "locking", "/nix/var/nix/profiles/system.lock", "OTHERS=1", "exec sleep infinity");

      BoardResult result =
          deploy(
              board,
              BoardFixture.within(
                  back(board, OptionalInt.empty()),
                  Duration.ofSeconds(20),
                  Duration.ofSeconds(30)));

      assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.ROLLED_BACK);
      assertThat(result.message()).contains("the profile could not be set");
      assertThat(board.currentSystem()).isEqualTo(good.system());
      assertThat(board.profileSystem()).isEqualTo(good.system());
      assertThat(bootDefault(board)).isEqualTo(good.system());
    }
  }

  @Test
  void failedUnitsAreAcceptedWhereThePolicySaysSo() throws IOException {
    Built failing = systems.build(Variation.FIRST.fault(Fault.UNIT_FAILS));
    try (TestBoard board = bed.startBoard("tolerant")) {
      Terms terms =
          BoardFixture.TERMS
              .failedUnits(FailedUnits.ACCEPT)
              .health(
                  new HealthChecks(
                      List.of(), false, List.of(), List.of(), Duration.ofSeconds(10), 1));

      BoardResult result = deploy(board, with(board, failing, BoardAction.SWITCH, terms));

      assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.DEPLOYED);
      assertThat(board.currentSystem()).isEqualTo(failing.system());
    }
  }

  @Test
  void bootChangesTheDefaultAndNothingThatRuns() throws IOException {
    try (TestBoard board = bed.startBoard("next-time")) {
      StorePath factory = board.currentSystem();
      Deployment deployment = with(board, good, BoardAction.BOOT, BoardFixture.TERMS);

      BoardResult result = deploy(board, deployment);

      assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.DEPLOYED);
      assertThat(board.currentSystem()).isEqualTo(factory);
      assertThat(bootDefault(board)).isEqualTo(good.system());
      assertThat(deploy(board, deployment).outcome()).isEqualTo(Outcome.UNCHANGED);
      board.powerCut();
      board.start();
      assertThat(board.currentSystem()).isEqualTo(good.system());
    }
  }

  @Test
  void dryActivateSaysWhatWouldHappenAndDoesNothing() throws IOException {
    try (TestBoard board = bed.startBoard("dry")) {
      StorePath factory = board.currentSystem();

      BoardResult result =
          deploy(board, with(board, good, BoardAction.DRY_ACTIVATE, BoardFixture.TERMS));

      assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.UNCHANGED);
      assertThat(result.message()).contains("would start the following units:");
      assertThat(board.currentSystem()).isEqualTo(factory);
      assertThat(board.profileSystem()).isEqualTo(factory);
    }
  }

  @Test
  void oldGenerationsGoButNotTheBootedNorTheLastGoodOne() throws IOException {
    var built = new ArrayList<Built>();
    for (int i = 1; i <= 3; i++) {
      built.add(systems.build(Variation.FIRST.version("1." + i)));
    }
    try (TestBoard board = bed.startBoard("collected")) {
      StorePath factory = board.currentSystem();
      Terms terms =
          BoardFixture.TERMS.generations(new Generations(1, new Generations.Collect.Always()));
      for (Built each : built) {
        BoardResult result = deploy(board, with(board, each, BoardAction.SWITCH, terms));
        assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.DEPLOYED);
      }

      String systems =
          board.run("readlink -f /nix/var/nix/profiles/system-*-link").orThrow().output();
      assertThat(systems.lines())
          .containsExactlyInAnyOrder(
              factory.toString(),
              built.get(1).system().toString(),
              built.get(2).system().toString());
      assertThat(board.run("test -e " + built.get(0).system()).exit().succeeded()).isFalse();
      assertThat(board.run("test -e " + built.get(1).system()).exit().succeeded()).isTrue();
      assertThat(bootDefault(board)).isEqualTo(built.get(2).system());
    }
  }

  @Test
  void aGenerationIsGoneBackToWithItsNumber() throws IOException {
    Built other = systems.build(Variation.FIRST.version("2.0"));
    try (TestBoard board = bed.startBoard("back")) {
      StorePath factory = board.currentSystem();
      assertThat(deploy(board, BoardFixture.switchTo(board, good)).outcome().reached()).isTrue();
      assertThat(deploy(board, BoardFixture.switchTo(board, other)).outcome().reached()).isTrue();

      BoardResult one = deploy(board, back(board, OptionalInt.empty()));

      assertThat(one.outcome()).as(one.message()).isEqualTo(Outcome.DEPLOYED);
      assertThat(board.currentSystem()).isEqualTo(good.system());
      assertThat(bootDefault(board)).isEqualTo(good.system());
      assertThat(board.run("readlink /nix/var/nix/profiles/system").output().strip())
          .isEqualTo("system-2-link");

      BoardResult first = deploy(board, back(board, OptionalInt.of(1)));
      assertThat(first.outcome()).as(first.message()).isEqualTo(Outcome.DEPLOYED);
      assertThat(board.currentSystem()).isEqualTo(factory);

      BoardResult none = deploy(board, back(board, OptionalInt.of(77)));
      assertThat(none.outcome()).as(none.message()).isEqualTo(Outcome.REFUSED);
      assertThat(none.message()).contains("no generation 77, but these: 1, 2, 3");
    }
  }

  private static Deployment back(TestBoard board, OptionalInt number) {
    Deployment d = BoardFixture.switchTo(board, good);
    return new Deployment(
        d.board(),
        d.address(),
        d.action(),
        new Wanted.Generation(number),
        d.terms(),
        d.owner(),
        Optional.empty(),
        Optional.empty(),
        d.guards());
  }

  @Test
  void whatSomebodyElseActivatedSinceIsReplacedOnlyOnDemand() throws IOException {
    Built theirs = systems.build(Variation.FIRST.message("By hand"));
    Built other = systems.build(Variation.FIRST.version("2.0"));
    try (TestBoard board = bed.startBoard("by-hand")) {
      assertThat(deploy(board, BoardFixture.switchTo(board, theirs)).outcome().reached()).isTrue();
      board.run("rm -r /nix/var/flakeferry").orThrow();
      assertThat(deploy(board, BoardFixture.switchTo(board, good)).outcome())
          .as("what ran before the first deployment may go")
          .isEqualTo(Outcome.DEPLOYED);
      board
          .run(
              "rm -r /nix/var/flakeferry/runs; "
                  + theirs.system()
                  + "/bin/switch-to-configuration test")
          .orThrow();

      BoardResult refused = deploy(board, BoardFixture.switchTo(board, other));

      assertThat(refused.outcome()).as(refused.message()).isEqualTo(Outcome.REFUSED);
      assertThat(refused.message()).contains(theirs.system().toString(), "--replace-unknown");
      assertThat(board.currentSystem()).isEqualTo(theirs.system());
      BoardResult replaced =
          deploy(
              board,
              BoardFixture.guarded(
                  BoardFixture.switchTo(board, other), new Guards(true, there -> false)));
      assertThat(replaced.outcome()).as(replaced.message()).isEqualTo(Outcome.DEPLOYED);
    }
  }

  @Test
  void aCommitThatChangesNothingIsNotedUnlessANewerOneIsThere() throws IOException {
    var next = new GitRevision("1123456789abcdef0123456789abcdef01234567");
    try (TestBoard board = bed.startBoard("same-system")) {
      Deployment first = BoardFixture.switchTo(board, good);
      assertThat(deploy(board, first).outcome()).isEqualTo(Outcome.DEPLOYED);

      BoardResult second = deploy(board, of(next, first, Guards.ANY_COMMIT));

      assertThat(second.outcome()).as(second.message()).isEqualTo(Outcome.UNCHANGED);
      assertThat(deployed(board).commit()).contains(next);
      assertThat(deployed(board).system()).isEqualTo(good.system());
      deploy(board, of(BoardFixture.COMMIT, first, new Guards(false, next::equals)));
      assertThat(deployed(board).commit()).contains(next);
      assertThat(board.run("grep ^previous /nix/var/flakeferry/deployed").output())
          .contains("/nix/store/");
    }
  }

  private static BoardFacts.Deployed deployed(TestBoard board) {
    try (var boards = new Boards(board.key(), SystemBuilder.contents(), new BoardFixture())) {
      return boards
          .facts(new io.github.flakeferry.model.BoardName("board-1"), board.address())
          .deployed()
          .orElseThrow();
    }
  }

  private static Deployment of(GitRevision commit, Deployment d, Guards guards) {
    return new Deployment(
        d.board(),
        d.address(),
        d.action(),
        d.wanted(),
        d.terms(),
        d.owner(),
        Optional.of(commit),
        d.lease(),
        guards);
  }

  @Test
  void aNewerCommitStays() throws IOException {
    Built other = systems.build(Variation.FIRST.version("2.0"));
    try (TestBoard board = bed.startBoard("newer")) {
      assertThat(deploy(board, BoardFixture.switchTo(board, good)).outcome().reached()).isTrue();

      BoardResult result =
          deploy(
              board,
              BoardFixture.guarded(
                  BoardFixture.switchTo(board, other),
                  new Guards(false, BoardFixture.COMMIT::equals)));

      assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.SUPERSEDED);
      assertThat(result.message())
          .contains(BoardFixture.COMMIT.abbreviated(), BoardFixture.RUN, "--allow-older");
      assertThat(board.currentSystem()).isEqualTo(good.system());
    }
  }

  @Test
  void aNewerCommitThatCameWhileThisOneWasSentStays() throws IOException {
    var next = new GitRevision("fedcba9876543210fedcba9876543210fedcba98");
    Built other = systems.build(Variation.FIRST.version("2.0"));
    try (TestBoard board = bed.startBoard("overtaken")) {
      Deployment slow =
          BoardFixture.guarded(
              BoardFixture.switchTo(board, other), new Guards(false, next::equals));
      Progress overtaken =
          event -> {
            if (event instanceof ProgressEvent.BoardStep(_, String step, _)
                && step.equals("transfer")) {
              deploy(board, of(next, BoardFixture.switchTo(board, good), Guards.ANY_COMMIT));
            }
          };

      BoardResult result;
      try (var boards = new Boards(board.key(), SystemBuilder.contents(), overtaken)) {
        result = boards.deploy(slow);
      }

      assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.SUPERSEDED);
      assertThat(result.message()).contains(next.abbreviated(), "--allow-older");
      assertThat(board.currentSystem()).isEqualTo(good.system());
    }
  }
}
