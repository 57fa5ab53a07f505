package io.github.flakeferry.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flakeferry.board.Lease;
import io.github.flakeferry.fleet.EnvironmentPolicy;
import io.github.flakeferry.fleet.Policy;
import io.github.flakeferry.fleet.PolicyReader;
import io.github.flakeferry.forge.CommitStatus;
import io.github.flakeferry.forge.StatusState;
import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.Event;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.PullRequest;
import io.github.flakeferry.model.PullRequest.HeadTrust;
import io.github.flakeferry.model.Repository;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who is to have a board still, whatever event was lost. */
final class LesseesTest {
  private static final Policy POLICY =
      PolicyReader.read(
          "flakeferry.yml",
          """
          boards:
            p: { host-key: "%1$s" }
            q: { host-key: "%1$s", tags: [lab] }
            r: { host-key: "%1$s", tags: [lab] }
          environments:
            preview: { on: pull_request, boards: p }
            lab: { on: pull_request, boards: lab, label: lab }
          """
              .formatted(
                  "ssh-ed25519"
                      + " AAAAC3NzaC1lZDI1NTE5AAAAIJ3rXxKf1GGk8DxlZhYe1hKHlZ5M3wYm3Pj1fZr0v7mO"));
  private static final GitRevision HEAD = new GitRevision("a".repeat(40));
  private static final GitRevision LENT = new GitRevision("b".repeat(40));
  private static final Repository REPOSITORY =
      new Repository("owner/boards", URI.create("https://github.com/owner/boards.git"), "main");

  private final RecordingForge forge = new RecordingForge(new Event.Scheduled(REPOSITORY, HEAD));

  private void request(HeadTrust trust, boolean draft, boolean open, String... labels) {
    forge.has(new PullRequest(7, HEAD, "topic", trust, draft, Set.of(labels)), open);
  }

  private void ours(boolean draft, String... labels) {
    request(HeadTrust.SAME_REPOSITORY, draft, true, labels);
  }

  private void byHand(GitRevision commit, String environment, long number) {
    forge.has(
        commit,
        new CommitStatus(
            "flakeferry/" + environment,
            StatusState.SUCCESS,
            "#" + number + " by hand: 1 board deployed",
            Instant.EPOCH));
  }

  private boolean isOver(String environment, String board) {
    return isOver("owner/boards#7", environment, board);
  }

  private boolean isOver(String owner, String environment, String board) {
    EnvironmentPolicy policy = POLICY.environment(environment).orElseThrow();
    var lease =
        new Lease(owner, Optional.empty(), LENT.value(), Instant.EPOCH, Optional.empty(), "boot");
    return lessees(forge).isOver(lease, policy, new BoardName(board));
  }

  private static Lessees lessees(RecordingForge forge) {
    return new Lessees(
        forge,
        r -> Planner.plan(new Event.PullRequestUpdated(REPOSITORY, r), POLICY, Narrowing.NONE));
  }

  private boolean needs(String environment) {
    return needs(forge, environment);
  }

  private static boolean needs(RecordingForge forge, String environment) {
    return lessees(forge).needsOneOf(POLICY.environment(environment).orElseThrow(), 7);
  }

  @Test
  void aPullRequestThatIsOpenAndReadyKeepsItsBoardAndAClosedOneDoesNot() {
    ours(false);
    assertThat(isOver("preview", "p")).isFalse();
    request(HeadTrust.SAME_REPOSITORY, false, false);
    assertThat(isOver("preview", "p")).isTrue();
  }

  @Test
  void aDraftKeepsNone() {
    ours(true);
    assertThat(isOver("preview", "p")).isTrue();
  }

  @Test
  void oneThatLostItsLabelKeepsNoneOfThatEnvironment() {
    ours(false, "lab");
    assertThat(isOver("lab", "q")).isFalse();
    ours(false);
    assertThat(isOver("lab", "q")).isTrue();
    assertThat(isOver("preview", "p")).isFalse();
  }

  @Test
  void oneWhoseLabelChoosesAnotherBoardDoesNotKeepTheOldOne() {
    ours(false, "lab: r");
    assertThat(isOver("lab", "q")).isTrue();
    assertThat(isOver("lab", "r")).isFalse();
  }

  @Test
  void whatSomebodyAskedForByHandIsKeptWhateverWasPushedSince() {
    ours(true);
    byHand(LENT, "preview", 8);
    assertThat(isOver("preview", "p")).isTrue();
    byHand(LENT, "lab", 7);
    assertThat(isOver("preview", "p")).isTrue();
    assertThat(isOver("lab", "q")).isFalse();
    request(HeadTrust.SAME_REPOSITORY, true, false);
    assertThat(isOver("lab", "q")).isTrue();
  }

  @Test
  void whereStatusesAreNotToldTheBoardMayBeLentByHandAndIsKeptUntilTheRequestIsClosed() {
    ours(true);
    forge.hides(LENT);
    assertThat(isOver("preview", "p")).isFalse();
    request(HeadTrust.SAME_REPOSITORY, true, false);
    assertThat(isOver("preview", "p")).isTrue();
  }

  @Test
  void whatAPullRequestNeedsIsWhatItIsNowAndNotWhatAnEventSaid() {
    ours(false, "lab: r");
    assertThat(needs("preview")).isTrue();
    assertThat(needs("lab")).isTrue();
    ours(false);
    assertThat(needs("lab")).isFalse();
    ours(true);
    assertThat(needs("preview")).isFalse();
    byHand(HEAD, "preview", 7);
    assertThat(needs("preview")).isTrue();
    request(HeadTrust.SAME_REPOSITORY, false, false);
    assertThat(needs("preview")).isFalse();
  }

  @Test
  void whereTheForgeDoesNotTellTheEventIsBelieved() {
    var request = new PullRequest(7, HEAD, "topic", HeadTrust.SAME_REPOSITORY, false, Set.of());
    var closed = new RecordingForge(new Event.PullRequestClosed(REPOSITORY, request));
    var updated = new RecordingForge(new Event.PullRequestUpdated(REPOSITORY, request));
    assertThat(needs(closed, "preview")).isFalse();
    assertThat(needs(updated, "preview")).isTrue();
  }

  private static Plan.Preview plan(String... labels) {
    return (Plan.Preview)
        Planner.plan(
            new Event.PullRequestUpdated(
                REPOSITORY,
                new PullRequest(
                    7, HEAD, "topic", HeadTrust.SAME_REPOSITORY, false, Set.of(labels))),
            POLICY,
            Narrowing.NONE);
  }

  private List<String> stillWanted(Plan.Preview plan) {
    return lessees(forge).stillWanted(plan).pools().stream()
        .map(pool -> pool.environment().name())
        .toList();
  }

  @Test
  void whoLosesOneOfTwoLabelsKeepsTheOthersBoard() {
    assertThat(stillWanted(plan("lab"))).containsExactly("preview", "lab");
    ours(false);
    assertThat(stillWanted(plan("lab"))).containsExactly("preview");
    ours(true);
    assertThatThrownBy(() -> stillWanted(plan("lab"))).hasMessageContaining("made a draft");
    request(HeadTrust.SAME_REPOSITORY, false, false, "lab");
    assertThatThrownBy(() -> stillWanted(plan("lab"))).hasMessageContaining("was closed");
  }

  @Test
  void aForkKeepsWhatItWasLentByHandUntilItIsClosed() {
    request(HeadTrust.UNTRUSTED, false, true);
    assertThat(isOver("preview", "p")).isFalse();
    request(HeadTrust.UNTRUSTED, false, false);
    assertThat(isOver("preview", "p")).isTrue();
  }

  @Test
  void aStrangersHeadIsLookedAfterOnlyWhereSomebodyAskedForIt() {
    var fork = new PullRequest(7, HEAD, "topic", HeadTrust.UNTRUSTED, false, Set.of());
    var own = new PullRequest(8, HEAD, "topic", HeadTrust.SAME_REPOSITORY, false, Set.of());
    forge.has(HEAD, new CommitStatus("ci/x", StatusState.SUCCESS, "", Instant.EPOCH));
    assertThat(new KnownStatuses(forge).mayBeOurs(fork)).isFalse();
    assertThat(new KnownStatuses(forge).mayBeOurs(own)).isTrue();
    byHand(HEAD, "preview", 7);
    assertThat(new KnownStatuses(forge).mayBeOurs(fork)).isTrue();
  }

  @Test
  void whomTheForgeDoesNotKnowIsLeftAlone() {
    assertThat(isOver("preview", "p")).isFalse();
    assertThat(isOver("other/boards#7", "preview", "p")).isFalse();
    assertThat(isOver("unknown", "preview", "p")).isFalse();
  }
}
