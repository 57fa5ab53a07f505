package io.github.flakeferry.board;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.Docs;
import io.github.flakeferry.board.SystemBuilder.Built;
import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.Outcome;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.model.terms.HealthChecks;
import io.github.flakeferry.model.terms.Terms;
import io.github.flakeferry.support.progress.ProgressEvent;
import io.github.flakeferry.testbed.TestBoard;
import io.github.flakeferry.testbed.Variation;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every kind of interruption at every place of a switch. The board is held at the place, by tools
 * of the systems that wait as long as a file is there; so nothing depends on time.
 */
class InterruptionTableIT extends BoardIT {
  private static final int CONFIRM_SECONDS = 8;

  /** Where a switch is held. */
  enum Place {
    PREPARING("while it prepares"),
    ACTIVATING("while it activates"),
    WAITING("while it waits to be confirmed"),
    COMMITTING("confirmed, before the profile is set"),
    PROFILE_SET("between profile and boot loader"),
    LOADER_SET("after the boot loader, before it is noted"),
    ROLLING_BACK("while it rolls back");

    private final String words;

    Place(String words) {
      this.words = words;
    }

    /** Its part in the names of the files. */
    String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** What happens there. */
  enum Interruption {
    RUNNER_KILLED("the runner is killed"),
    LINK_LOST("the link is lost until the board has decided"),
    POWER_CUT("the power is cut, and comes back"),
    SUPERVISOR_KILLED("the supervisor is killed");

    private final String words;

    Interruption(String words) {
      this.words = words;
    }
  }

  private static final Map<Interruption, Map<Place, String>> ENDS = new ConcurrentHashMap<>();
  private static Built old;
  private static Built wanted;

  @BeforeAll
  static void build() throws IOException {
    old = systems.build(Variation.FIRST.message("The old one"), tools(Place.ROLLING_BACK));
    wanted = systems.build(Variation.FIRST.message("The new one"), tools(Place.ACTIVATING));
  }

  private static String tools(Place whileActivating) {
    return ToolsThatWait.module(
        """
        system.activationScript = "hold=/run/hold-@place@; while [ -e $hold ]; do : >/run/held-@place@; sleep 0.05; done";
        """
            .strip()
            .replace("@place@", whileActivating.label()),
        Place.COMMITTING.label(),
        "dd",
        "hold " + Place.PREPARING.label());
  }

  /** What the documentation has, too. */
  @AfterAll
  static void table() throws IOException {
    if (ENDS.size() < Interruption.values().length) {
      return; // a part was run by itself
    }
    var text = new StringBuilder("| a switch is interrupted |");
    for (Interruption kind : Interruption.values()) {
      text.append(' ').append(kind.words).append(" |");
    }
    text.append("\n|---|").append("---|".repeat(Interruption.values().length)).append('\n');
    for (Place place : Place.values()) {
      text.append("| ").append(place.words).append(" |");
      for (Interruption kind : Interruption.values()) {
        text.append(' ').append(ENDS.getOrDefault(kind, Map.of()).get(place)).append(" |");
      }
      text.append('\n');
    }
    System.out.println(text);
    assertThat(Docs.text(Docs.BOARDS)).contains(text);
  }

  static Terms terms(int confirmSeconds, List<String> commands) {
    return Terms.DEFAULT
        .within(Duration.ofSeconds(60), Duration.ofSeconds(confirmSeconds))
        .health(new HealthChecks(List.of(), true, commands, List.of(), Duration.ofSeconds(60), 1));
  }

  private static Terms terms(Place place) {
    return terms(
        CONFIRM_SECONDS,
        switch (place) {
          case WAITING -> List.of("/run/current-system/sw/bin/hold waiting");
          case ROLLING_BACK -> List.of("exit 1");
          case PREPARING, ACTIVATING, COMMITTING, PROFILE_SET, LOADER_SET -> List.of();
        });
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @EnumSource
  void aBoardEndsOnOneSystemThatItAlsoBootsAndTheNextRunSucceeds(Interruption kind)
      throws Exception {
    var ends = new EnumMap<Place, String>(Place.class);
    try (TestBoard board = bed.startBoard("interrupted")) {
      // both lie there, and are generations
      reach(board, wanted);
      for (Place place : Place.values()) {
        reach(board, old);
        ends.put(place, interrupt(board, place, kind));
        board.run("rm -f /run/hold-* /run/held-*").orThrow();
      }
      reach(board, old);
    }
    ENDS.put(kind, ends);
  }

  /** The moment is not chosen by the board's state but by the clock: any moment must do. */
  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @ValueSource(longs = {500, 2000, 5000})
  void aLinkThatIsLostSomeTimeIntoTheActivationLeavesOneSystem(long millis) throws Exception {
    try (TestBoard board = bed.startBoard("timed")) {
      var watch = new BoardFixture();
      Deployment deployment = BoardFixture.switchTo(board, wanted).terms(terms(3, List.of()));
      FutureTask<BoardResult> running = begin(() -> deploy(board, deployment, watch));
      watch.await("activating");
      Thread.sleep(millis);
      board.linkDown();
      awaitEnd(board);
      board.linkUp();

      String said = outcome(running);

      StorePath runs = board.currentSystem();
      assertThat(said).isEqualTo(runs.equals(wanted.system()) ? "new" : "old");
      assertThat(board.profileSystem()).isEqualTo(runs);
      reach(board, old);
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void aBoardThatIsLostForGoodIsInDoubtAndTheNextRunTellsWhatBecameOfIt() throws Exception {
    try (TestBoard board = bed.startBoard("lost")) {
      reach(board, old);
      board.run("touch /run/hold-activating").orThrow();
      Deployment deployment =
          BoardFixture.within(
              BoardFixture.switchTo(board, wanted), Duration.ofSeconds(5), Duration.ofSeconds(2));
      FutureTask<BoardResult> running = begin(() -> deploy(board, deployment, new BoardFixture()));
      awaitHeld(board, Place.ACTIVATING, () -> running.state().toString());
      board.powerCut();

      BoardResult result = running.get(BoardFixture.PATIENCE_SECONDS, TimeUnit.SECONDS);

      assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.IN_DOUBT);
      assertThat(result.message()).contains("last seen: activating");
      board.start();
      var next = new BoardFixture();
      BoardResult after = deploy(board, BoardFixture.switchTo(board, good), next);
      assertThat(after.outcome()).as(after.message()).isEqualTo(Outcome.DEPLOYED);
      assertThat(next.events())
          .anyMatch(
              event ->
                  event instanceof ProgressEvent.ForeignLine(String _, String line)
                      && line.contains(
                          "takes over from "
                              + BoardFixture.RUN
                              + ", which ended while it was activating"));
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void whoRescuesABoardAfterAPowerCutKeepsWhatTheyMadeTheDefault() throws Exception {
    Built theirs = systems.build(Variation.FIRST.message("By hand"));
    try (TestBoard board = bed.startBoard("rescued")) {
      reach(board, theirs);
      reach(board, old);
      board.run("touch /run/hold-profile-set").orThrow();
      FutureTask<BoardResult> running = switchUnder(board, terms(Place.PROFILE_SET));
      awaitHeld(board, Place.PROFILE_SET, () -> running.state().toString());
      running.cancel(true);
      board.powerCut();
      board.start();
      String link =
          board
              .run(
                  """
                  PATH=/run/current-system/sw/bin
                  nix-env --profile /nix/var/nix/profiles/system --set %1$s
                  %1$s/bin/switch-to-configuration switch
                  readlink /nix/var/nix/profiles/system
                  """
                      .formatted(theirs.system()))
              .orThrow()
              .output()
              .strip();
      Deployment next = BoardFixture.switchTo(board, good);

      BoardResult result =
          deploy(
              board,
              new Deployment(
                  next.board(),
                  next.address(),
                  next.action(),
                  next.wanted(),
                  terms(CONFIRM_SECONDS, List.of("exit 1")),
                  next.owner(),
                  next.commit(),
                  next.lease(),
                  new Guards(true, there -> false)),
              new BoardFixture());

      assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.ROLLED_BACK);
      assertThat(board.run("readlink /nix/var/nix/profiles/system").output().strip())
          .isEqualTo(link);
      assertThat(board.currentSystem()).isEqualTo(theirs.system());
      assertThat(board.profileSystem()).isEqualTo(theirs.system());
    }
  }

  private static void reach(TestBoard board, Built built) throws IOException {
    BoardResult result = deploy(board, BoardFixture.switchTo(board, built), new BoardFixture());
    assertThat(result.outcome().reached()).as(result.message()).isTrue();
    assertThat(board.currentSystem()).isEqualTo(built.system());
  }

  private String interrupt(TestBoard board, Place place, Interruption kind) throws Exception {
    board.run("touch /run/hold-" + place.label()).orThrow();
    var said = new ArrayList<String>();
    switch (kind) {
      case RUNNER_KILLED -> {
        File log = Files.createTempFile(bed.folder(), "runner", ".log").toFile();
        Process runner = KilledRunner.start(board, generation(board), terms(place), log);
        try {
          awaitHeld(board, place, () -> Files.readString(log.toPath()));
        } finally {
          runner.destroyForcibly().waitFor();
        }
        release(board, place);
        awaitEnd(board);
      }
      case LINK_LOST -> {
        FutureTask<BoardResult> running = switchUnder(board, terms(place));
        awaitHeld(board, place, () -> running.state().toString());
        board.linkDown();
        release(board, place);
        awaitEnd(board);
        board.linkUp();
        said.add(outcome(running));
      }
      case POWER_CUT -> {
        FutureTask<BoardResult> running = switchUnder(board, terms(place));
        awaitHeld(board, place, () -> running.state().toString());
        board.powerCut();
        board.start();
        said.add(outcome(running));
      }
      case SUPERVISOR_KILLED -> {
        FutureTask<BoardResult> running = switchUnder(board, terms(place));
        awaitHeld(board, place, () -> running.state().toString());
        board
            .run("systemctl kill --signal=KILL flakeferry-$(cat /nix/var/flakeferry/last).service")
            .orThrow();
        release(board, place);
        said.add(outcome(running));
      }
    }
    String end = end(board);
    said.forEach(outcome -> assertThat(outcome).as(place + " " + kind).isEqualTo(end));
    return end;
  }

  private FutureTask<BoardResult> switchUnder(TestBoard board, Terms terms) {
    Deployment deployment = BoardFixture.switchTo(board, wanted).terms(terms);
    return begin(() -> deploy(board, deployment, new BoardFixture()));
  }

  private static int generation(TestBoard board) throws IOException {
    return Integer.parseInt(
        board
            .run(
                """
                for link in /nix/var/nix/profiles/system-*-link; do
                    [ "$(readlink -f $link)" != %s ] || echo "$link"
                done | sed 's/.*system-//; s/-link//' | head -n 1
                """
                    .formatted(wanted.system()))
            .orThrow()
            .output()
            .strip());
  }

  /** What a process that is waited for said. */
  private interface Told {
    String text() throws IOException;
  }

  private static void awaitHeld(TestBoard board, Place place, Told told) throws IOException {
    boolean held = BoardFixture.isHeld(board, place.label());
    assertThat(held).as("held at " + place + "; " + told.text()).isTrue();
  }

  private static void release(TestBoard board, Place place) throws IOException {
    board.run("rm /run/hold-" + place.label()).orThrow();
  }

  private static void awaitEnd(TestBoard board) throws IOException {
    board
        .run(
            """
            state=/nix/var/flakeferry/runs/$(cat /nix/var/flakeferry/last)/state
            timeout 100 sh -c "until grep -qE '^state (committed|rolled-back|failed)' $state; do sleep 0.1; done"
            """)
        .orThrow();
  }

  private static String outcome(FutureTask<BoardResult> running) throws Exception {
    BoardResult result = running.get(BoardFixture.PATIENCE_SECONDS, TimeUnit.SECONDS);
    return switch (result.outcome()) {
      case DEPLOYED -> "new";
      // failed: before anything was activated
      case ROLLED_BACK, FAILED -> "old";
      case UNCHANGED, REFUSED, BUSY, DEFERRED, WAITING, SUPERSEDED, IN_DOUBT, CANCELLED, SKIPPED ->
          result.outcome() + ": " + result.message();
    };
  }

  // what runs is what boots
  private static String end(TestBoard board) throws IOException {
    StorePath runs = board.currentSystem();
    assertThat(board.profileSystem()).isEqualTo(runs);
    try (var boards = new Boards(board.key(), SystemBuilder.contents(), new BoardFixture())) {
      assertThat(
              boards
                  .facts(new io.github.flakeferry.model.BoardName("board-1"), board.address())
                  .bootDefault())
          .contains(runs);
    }
    assertThat(runs).isIn(old.system(), wanted.system());
    return runs.equals(wanted.system()) ? "new" : "old";
  }
}
