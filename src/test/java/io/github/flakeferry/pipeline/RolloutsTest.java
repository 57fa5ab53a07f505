package io.github.flakeferry.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.fleet.Policy;
import io.github.flakeferry.fleet.PolicyReader;
import io.github.flakeferry.forge.CommitStatus;
import io.github.flakeferry.forge.StatusState;
import io.github.flakeferry.model.Event;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.Repository;
import io.github.flakeferry.support.progress.ProgressEvent;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What tags, releases and other branches had rolled out, by what the commits' statuses say. */
final class RolloutsTest {
  private static final Policy POLICY =
      PolicyReader.read(
          "flakeferry.yml",
          """
          boards:
            a: { host-key: "%1$s", tags: [fleet] }
            b: { host-key: "%1$s", tags: [fleet] }
            c: { host-key: "%1$s" }
          environments:
            fleet: { on: { release: ["v*", latest] }, boards: fleet }
            early: { on: { prerelease: "v*" }, boards: b }
            try: { on: { push: "try/*" }, boards: c }
          """
              .formatted(
                  "ssh-ed25519"
                      + " AAAAC3NzaC1lZDI1NTE5AAAAIJ3rXxKf1GGk8DxlZhYe1hKHlZ5M3wYm3Pj1fZr0v7mO"));
  private static final Event.Scheduled SWEEP =
      new Event.Scheduled(
          new Repository("owner/boards", URI.create("https://github.com/owner/boards.git"), "main"),
          new GitRevision("f".repeat(40)));

  private final RecordingForge forge = new RecordingForge(SWEEP);
  private final Map<String, GitRevision> refs = new HashMap<>();
  private final List<ProgressEvent> events = new ArrayList<>();

  private void ref(String ref, char commit) {
    refs.put(ref, new GitRevision(String.valueOf(commit).repeat(40)));
  }

  private void told(char commit, String context, StatusState state, int minute) {
    forge.has(
        new GitRevision(String.valueOf(commit).repeat(40)),
        new CommitStatus(
            context, state, "", Instant.parse("2026-11-26T10:00:00Z").plusSeconds(60L * minute)));
  }

  /** Each as ref, proof and boards. */
  private List<String> found() {
    var sweep = (Plan.Sweep) Planner.plan(SWEEP, POLICY, Narrowing.NONE);
    return new Rollouts(refs, new KnownStatuses(forge), events::add)
        .of(sweep.released()).stream()
            .map(
                r ->
                    r.boards().stream()
                        .map(b -> b.environment().name() + "/" + b.board().name())
                        .collect(
                            Collectors.joining(
                                " ", r.source().ref() + " " + r.source().proof() + ": ", "")))
            .toList();
  }

  @Test
  void whatNoRunHasToldOfWasNeverRolledOut() {
    ref("refs/tags/v1", '1');
    told('1', "ci/build", StatusState.SUCCESS, 1);
    told('1', "flakeferry/other", StatusState.SUCCESS, 1);
    told('1', "flakeferry/fleet: dry-activate", StatusState.SUCCESS, 1);
    assertThat(found()).isEmpty();
  }

  @Test
  void whatBoardsWaitForIsFoundByTheTagThatFits() {
    ref("refs/tags/v1", '1');
    ref("refs/tags/x1", '2');
    ref("refs/heads/v1", '2');
    told('1', "flakeferry/fleet", StatusState.WAITING, 1);
    told('2', "flakeferry/fleet", StatusState.WAITING, 2);
    assertThat(found()).containsExactly("refs/tags/v1 ON_DEFAULT_BRANCH: fleet/a fleet/b");
  }

  @Test
  void theOneThatWasRolledOutLastCountsWhateverItsName() {
    ref("refs/tags/v2", '2');
    ref("refs/tags/v1", '1');
    told('2', "flakeferry/fleet", StatusState.WAITING, 1);
    told('1', "flakeferry/fleet", StatusState.SUCCESS, 2);
    ref("refs/tags/latest", '1');
    assertThat(found()).containsExactly("refs/tags/latest OF_ITS_REF: fleet/a fleet/b");
  }

  @Test
  void oneThatFailedOrIsUnderWayIsLeftAloneAndSoIsTheOneBefore() {
    ref("refs/tags/v1", '1');
    ref("refs/tags/v2", '2');
    ref("refs/heads/try/it", '3');
    told('1', "flakeferry/fleet", StatusState.WAITING, 1);
    told('2', "flakeferry/fleet", StatusState.FAILURE, 2);
    told('3', "flakeferry/try", StatusState.PENDING, 2);
    assertThat(found()).isEmpty();
    assertThat(events.toString())
        .contains("fleet: refs/tags/v2 is left alone", "try: refs/heads/try/it is left alone");
  }

  @Test
  void whatWasRolledOutBeforeACommitThatIsNotToldOfIsLeftAlone() {
    ref("refs/tags/v1", '1');
    ref("refs/tags/v2", '2');
    told('1', "flakeferry/fleet", StatusState.WAITING, 1);
    forge.hides(new GitRevision("2".repeat(40)));
    assertThat(found()).isEmpty();
    assertThat(events.toString()).contains("fleet: left alone");
  }

  @Test
  void ofJobsThatHaveAPartEachOnlyTheBoardsCountThatHadTheirTurn() {
    ref("refs/tags/v1", '1');
    told('1', "flakeferry/fleet (b)", StatusState.WAITING, 1);
    told('1', "flakeferry/fleet/b", StatusState.WAITING, 1);
    assertThat(found()).containsExactly("refs/tags/v1 ON_DEFAULT_BRANCH: fleet/b");
    ref("refs/tags/v2", '2');
    told('2', "flakeferry/fleet (a)", StatusState.FAILURE, 2);
    told('2', "flakeferry/fleet (b)", StatusState.WAITING, 2);
    told('2', "flakeferry/fleet/b", StatusState.WAITING, 2);
    assertThat(found()).isEmpty();
  }

  @Test
  void aBoardOfTwoEnvironmentsGetsWhatWasRolledOutLast() {
    ref("refs/tags/v1", '1');
    ref("refs/tags/v2-rc1", '2');
    told('1', "flakeferry/fleet", StatusState.WAITING, 1);
    told('2', "flakeferry/early", StatusState.WAITING, 2);
    assertThat(found())
        .containsExactly(
            "refs/tags/v2-rc1 ON_DEFAULT_BRANCH: early/b",
            "refs/tags/v1 ON_DEFAULT_BRANCH: fleet/a");
  }
}
