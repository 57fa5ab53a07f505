package io.github.flakeferry.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flakeferry.fleet.Policy;
import io.github.flakeferry.fleet.PolicyReader;
import io.github.flakeferry.model.Event;
import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.Repository;
import io.github.flakeferry.pipeline.Plan.Content;
import io.github.flakeferry.pipeline.Plan.Proof;
import io.github.flakeferry.source.GitSource;
import io.github.flakeferry.support.progress.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether a run still has what to do after it has built. */
final class WorkTest {
  private static final String TRY = "refs/heads/try/it";

  private static final Policy POLICY =
      PolicyReader.read(
          "flakeferry.yml",
          """
          boards:
            a: { host-key: "%s" }
          environments:
            try: { on: { push: "try/*" }, boards: a }
          """
              .formatted(
                  "ssh-ed25519"
                      + " AAAAC3NzaC1lZDI1NTE5AAAAIJ3rXxKf1GGk8DxlZhYe1hKHlZ5M3wYm3Pj1fZr0v7mO"));

  @TempDir Path temp;
  private GitRevision commit = new GitRevision("0".repeat(40));

  @BeforeEach
  void push() throws IOException, GitAPIException {
    commit = commit();
    try (var git = Git.open(origin().toFile())) {
      git.branchCreate().setName("try/it").call();
    }
  }

  private Path origin() {
    return temp.resolve("origin");
  }

  private GitRevision commit() throws IOException, GitAPIException {
    try (var git = Git.init().setDirectory(origin().toFile()).setInitialBranch("main").call()) {
      return new GitRevision(
          git.commit()
              .setMessage("Say more")
              .setAuthor("Somebody", "somebody@example.org")
              .setSign(false)
              .call()
              .name());
    }
  }

  private void refuse(GitRevision of) throws IOException {
    var repository = new Repository("owner/boards", origin().toUri(), "main");
    try (var source = GitSource.open(repository, Optional.empty())) {
      new Work(
              new RecordingForge(new Event.BranchPushed(repository, "try/it", of)),
              settings(),
              source,
              POLICY,
              Files.createDirectories(temp.resolve("roots")),
              Progress.SILENT,
              Origin.BUILT_HERE)
          .refuseSuperseded(new Content(of, TRY, Proof.OF_ITS_REF));
    }
  }

  private static Settings settings() {
    return new Settings(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Narrowing.NONE,
        Optional.empty(),
        Path.of(""),
        false,
        false,
        false,
        false);
  }

  @Test
  void whatItsBranchStillHasIsDeployedAndWhatItHasNoMoreIsNot() throws Exception {
    assertThatCode(() -> refuse(commit)).doesNotThrowAnyException();
    assertThatThrownBy(() -> refuse(new GitRevision("a".repeat(40))))
        .isInstanceOfSatisfying(Refused.class, WorkTest::isMovedOn)
        .hasMessageContaining(TRY + " is " + commit.abbreviated() + " by now, no longer aaaaaaaa");
  }

  @Test
  void aBranchThatWasDeletedMeanwhileStopsItToo() throws Exception {
    try (var git = Git.open(origin().toFile())) {
      git.branchDelete().setBranchNames("try/it").setForce(true).call();
    }
    assertThatThrownBy(() -> refuse(commit))
        .isInstanceOfSatisfying(Refused.class, WorkTest::isMovedOn)
        .hasMessageContaining(TRY + " is no longer there");
  }

  @Test
  void aRepositoryThatCannotBeAskedStopsNothing() throws IOException {
    Files.move(origin(), temp.resolve("elsewhere"));
    assertThatCode(() -> refuse(commit)).doesNotThrowAnyException();
  }

  private static void isMovedOn(Refused refused) {
    assertThat(refused.code()).isEqualTo(FailureCode.MOVED_ON);
  }
}
