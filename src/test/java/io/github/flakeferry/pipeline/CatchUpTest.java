package io.github.flakeferry.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.board.BoardFacts;
import io.github.flakeferry.board.BoardFacts.Deployed;
import io.github.flakeferry.board.BoardFacts.LastRun;
import io.github.flakeferry.fleet.EnvironmentPolicy;
import io.github.flakeferry.fleet.Policy;
import io.github.flakeferry.fleet.PolicyReader;
import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.Event;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.Repository;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.pipeline.CatchUp.Asked;
import io.github.flakeferry.support.progress.ProgressEvent;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CatchUpTest {
  private static final Instant NOW = Instant.parse("2026-11-26T10:00:00Z");
  private static final GitRevision TIP = new GitRevision("a".repeat(40));
  private static final GitRevision OLD = new GitRevision("b".repeat(40));
  private static final GitRevision NEWER = new GitRevision("c".repeat(40));
  private static final StorePath SYSTEM =
      StorePath.parse("/nix/store/00000000000000000000000000000000-system");
  private static final StorePath OTHER =
      StorePath.parse("/nix/store/11111111111111111111111111111111-other");
  private static final Repository REPOSITORY =
      new Repository("owner/boards", URI.create("https://github.com/owner/boards.git"), "main");
  private static final Duration LONG_AGO = Duration.ofDays(1);
  private static final Policy POLICY =
      PolicyReader.read(
          "flakeferry.yml",
          """
          boards:
            a1: { host: a1, host-key: "%1$s", tags: [a] }
            a2: { host: a2, host-key: "%1$s", tags: [a] }
          environments:
            flat: { on: { push: main }, boards: a }
            some: { on: { push: main }, boards: a, waves: [a1, rest], max-failures: 1 }
            waves: { on: { push: main }, boards: a, waves: [a1, rest], wave-pause: 1h }
            boots: { on: { push: main }, boards: a, action: boot }
            tries: { on: { push: main }, boards: a, action: dry-activate }
          """
              .formatted(
                  "ssh-ed25519"
                      + " AAAAC3NzaC1lZDI1NTE5AAAAIJ3rXxKf1GGk8DxlZhYe1hKHlZ5M3wYm3Pj1fZr0v7mO"));

  private static final Optional<Deployed> OF_OLD = deployed(SYSTEM, Optional.of(OLD), LONG_AGO);

  private final Set<String> awaited = new HashSet<>();
  private final Set<String> failed = new HashSet<>();
  private final List<ProgressEvent> events = new ArrayList<>();

  @Test
  void aBoardThatWasNeverDeployedToOrHasAnotherCommitIsBehind() {
    assertThat(
            behind(
                asked("flat", "a1", facts(SYSTEM, Optional.empty())),
                asked("flat", "a2", facts(SYSTEM, deployed(SYSTEM, Optional.of(OLD), LONG_AGO)))))
        .containsExactly("a1", "a2");
  }

  @Test
  void oneThatHasTheTipIsNotBehindUnlessItRunsSomethingElse() {
    var tip = deployed(SYSTEM, Optional.of(TIP), LONG_AGO);
    assertThat(
            behind(asked("flat", "a1", facts(SYSTEM, tip)), asked("flat", "a2", facts(OTHER, tip))))
        .containsExactly("a2");
  }

  @Test
  void whatIsMadeTheDefaultOnlyIsLookedForThere() {
    var tip = deployed(SYSTEM, Optional.of(TIP), LONG_AGO);
    assertThat(
            behind(
                asked("boots", "a1", facts(OTHER, SYSTEM, tip, Optional.empty())),
                asked("boots", "a2", facts(SYSTEM, OTHER, tip, Optional.empty()))))
        .containsExactly("a2");
  }

  @Test
  void whatIsTriedOnlyIsNotMissedUnlessARunStillOwesIt() {
    var old = asked("tries", "a1", facts(SYSTEM, OF_OLD));
    assertThat(behind(old)).isEmpty();
    awaited.add("a1");
    assertThat(behind(old)).containsExactly("a1");
  }

  @Test
  void oneThatSomebodyRolledBackStaysSoUnlessARunStillOwesItTheTip() {
    var back = facts(SYSTEM, deployed(SYSTEM, Optional.empty(), LONG_AGO));
    assertThat(behind(asked("flat", "a1", back))).isEmpty();
    assertThat(events.toString()).contains("a1 was rolled back by ann@laptop");
    awaited.add("a1");
    assertThat(behind(asked("flat", "a1", back))).containsExactly("a1");
  }

  @Test
  void oneThatWentBackFromTheTipIsNotBotheredAgainUnlessARunStillOwesItTheTip() {
    var back = asked("flat", "a1", facts(SYSTEM, OF_OLD, ended(TIP, "it is not healthy: x")));
    var other = asked("flat", "a2", facts(SYSTEM, OF_OLD));
    assertThat(behind(back, other)).containsExactly("a2");
    assertThat(events.toString()).contains("a1 went back from aaaaaaaa");
    awaited.add("a1");
    assertThat(behind(back)).containsExactly("a1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "the supervisor was killed while it was waiting",
        "the board was restarted while it was activating, and booted what it had",
        "nobody confirmed it within 60 s"
      })
  void whatWasNotTheCommitsFaultIsTriedAgain(String reason) {
    var back = asked("flat", "a1", facts(SYSTEM, OF_OLD, ended(TIP, reason)));
    assertThat(behind(back)).containsExactly("a1");
    var before = facts(SYSTEM, OF_OLD, ended(OLD, "the activation failed"));
    assertThat(behind(asked("flat", "a1", before))).containsExactly("a1");
  }

  @Test
  void whereARunLivedToSayThatNobodyReachedItTheCommitHasCutItOff() {
    failed.add("a1");
    var back =
        asked("flat", "a1", facts(SYSTEM, OF_OLD, ended(TIP, "nobody confirmed it within 60 s")));
    assertThat(behind(back)).isEmpty();
  }

  @Test
  void whereStatusesAreNotToldARunMayHaveLivedToSayThat() {
    var board = asked("flat", "a1", facts(SYSTEM, OF_OLD)).board();
    var forge = new RecordingForge(new Event.Scheduled(REPOSITORY, TIP));
    assertThat(new ToldByStatuses(new KnownStatuses(forge), TIP).mayHaveFailed(board)).isFalse();
    forge.hides(TIP);
    assertThat(new ToldByStatuses(new KnownStatuses(forge), TIP).mayHaveFailed(board)).isTrue();
  }

  @Test
  void whereMoreWentBackThanMayFailTheLaterWavesAreSparedIt() {
    var back = facts(SYSTEM, OF_OLD, ended(TIP, "the activation failed"));
    var old = facts(SYSTEM, OF_OLD);
    assertThat(behind(asked("waves", "a1", back), asked("waves", "a2", old))).isEmpty();
    assertThat(events.toString()).contains("waves: left alone with all its waves");
    assertThat(behind(asked("some", "a1", back), asked("some", "a2", old))).containsExactly("a2");
  }

  @Test
  void oneThatHasSomethingNewerIsNotBehind() {
    var newer = deployed(SYSTEM, Optional.of(NEWER), LONG_AGO);
    assertThat(
            behind(
                asked("flat", "a1", facts(SYSTEM, newer)),
                // what it should run is newer, but it does not
                asked("flat", "a2", facts(OTHER, newer))))
        .containsExactly("a2");
  }

  @Test
  void thoseThatDoNotAnswerComeAlongSoThatTheSumIsOfAll() {
    var old = asked("flat", "a1", facts(SYSTEM, deployed(SYSTEM, Optional.of(OLD), LONG_AGO)));
    var tip = asked("flat", "a1", facts(SYSTEM, deployed(SYSTEM, Optional.of(TIP), LONG_AGO)));
    var silent = asked("flat", "a2", facts(SYSTEM, Optional.empty()));
    var elsewhere = asked("waves", "a2", facts(SYSTEM, Optional.empty()));
    assertThat(behind(List.of(old), List.of(silent, elsewhere))).containsExactly("a1", "a2");
    assertThat(behind(List.of(tip), List.of(silent))).isEmpty();
  }

  @Test
  void withOneOfALaterWaveComeThoseThatAreLookedAtBeforeIt() {
    assertThat(
            behind(
                asked("waves", "a1", facts(SYSTEM, deployed(SYSTEM, Optional.of(TIP), LONG_AGO))),
                asked("waves", "a2", facts(SYSTEM, deployed(SYSTEM, Optional.of(OLD), LONG_AGO)))))
        .containsExactly("a1", "a2");
  }

  @Test
  void wavesThatMayBeUnderWayAreLeftAlone() {
    var old = facts(SYSTEM, deployed(SYSTEM, Optional.of(OLD), LONG_AGO));
    var recent = deployed(SYSTEM, Optional.of(TIP), Duration.ofMinutes(70));
    assertThat(behind(asked("waves", "a1", facts(SYSTEM, recent)), asked("waves", "a2", old)))
        .isEmpty();
    assertThat(events.toString()).contains("waves: left to the next sweep", "a1 has just got");
    var over = deployed(SYSTEM, Optional.of(TIP), Duration.ofMinutes(80));
    assertThat(behind(asked("waves", "a1", facts(SYSTEM, over)), asked("waves", "a2", old)))
        .containsExactly("a1", "a2");
    var clockPutBack = deployed(SYSTEM, Optional.of(TIP), Duration.ofDays(-1));
    assertThat(behind(asked("waves", "a1", facts(SYSTEM, clockPutBack)), asked("waves", "a2", old)))
        .containsExactly("a1", "a2");
  }

  private record Told(Set<String> awaited, Set<String> failed) implements CatchUp.Told {
    @Override
    public boolean isAwaited(Plan.PlannedBoard board) {
      return awaited.contains(board.board().name().value());
    }

    @Override
    public boolean mayHaveFailed(Plan.PlannedBoard board) {
      return failed.contains(board.board().name().value());
    }
  }

  private List<String> behind(Asked... boards) {
    return behind(List.of(boards), List.of());
  }

  private List<String> behind(List<Asked> boards, List<Asked> silent) {
    return new CatchUp(TIP, new Told(awaited, failed), NEWER::equals, events::add)
        .of(boards, silent.stream().map(Asked::board).toList()).stream()
            .map(b -> b.board().name().value())
            .toList();
  }

  private static Asked asked(String environment, String board, BoardFacts facts) {
    EnvironmentPolicy policy = POLICY.environment(environment).orElseThrow();
    return new Asked(
        new Plan.PlannedBoard(
            POLICY.board(new BoardName(board)).orElseThrow(),
            policy,
            policy.action(),
            board.equals("a1") ? 0 : 1),
        facts);
  }

  private static Optional<Deployed> deployed(
      StorePath system, Optional<GitRevision> commit, Duration ago) {
    return Optional.of(new Deployed(system, commit, "ann@laptop", NOW.minus(ago)));
  }

  private static Optional<LastRun> ended(GitRevision commit, String reason) {
    return Optional.of(
        new LastRun(
            "t",
            "rolled-back",
            reason,
            "run 7",
            commit.value(),
            Optional.empty(),
            NOW,
            false,
            "b"));
  }

  private static BoardFacts facts(StorePath current, Optional<Deployed> deployed) {
    return facts(current, deployed, Optional.empty());
  }

  private static BoardFacts facts(
      StorePath current, Optional<Deployed> deployed, Optional<LastRun> lastRun) {
    return facts(current, current, deployed, lastRun);
  }

  private static BoardFacts facts(
      StorePath current,
      StorePath profile,
      Optional<Deployed> deployed,
      Optional<LastRun> lastRun) {
    return new BoardFacts(
        "riscv64",
        Optional.of("2.26.3"),
        0,
        true,
        Optional.of(current),
        Optional.of(current),
        Optional.of(profile),
        Optional.of(profile),
        List.of(),
        List.of(),
        Optional.empty(),
        true,
        1L << 30,
        Optional.empty(),
        List.of(),
        1L << 30,
        NOW,
        "boot",
        List.of(),
        List.of(),
        Optional.empty(),
        lastRun,
        deployed,
        Optional.empty());
  }
}
