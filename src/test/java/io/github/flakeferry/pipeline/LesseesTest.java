package io.github.flakeferry.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

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
    return new Lessees(
            forge,
            r -> Planner.plan(new Event.PullRequestUpdated(REPOSITORY, r), POLICY, Narrowing.NONE))
        .isOver(lease, policy, new BoardName(board));
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
  void aForkKeepsWhatItWasLentByHandUntilItIsClosed() {
    request(HeadTrust.UNTRUSTED, false, true);
    assertThat(isOver("preview", "p")).isFalse();
    request(HeadTrust.UNTRUSTED, false, false);
    assertThat(isOver("preview", "p")).isTrue();
  }

  @Test
  void whomTheForgeDoesNotKnowIsLeftAlone() {
    assertThat(isOver("preview", "p")).isFalse();
    assertThat(isOver("other/boards#7", "preview", "p")).isFalse();
    assertThat(isOver("unknown", "preview", "p")).isFalse();
  }
}
