package io.github.flakeferry.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.source.WorkingCopy.Drift;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WorkingCopyTest {
  private static final PersonIdent SOMEBODY = new PersonIdent("Somebody", "somebody@example.org");
  private static final Optional<String> DEFAULT = Optional.empty();

  @TempDir Path folder;
  private GitRevision first;
  private GitRevision second;
  private GitRevision third;

  @BeforeEach
  void makeIt() throws IOException, GitAPIException {
    IsolatedGit.install();
    Git.init().setDirectory(folder.toFile()).setInitialBranch("main").call().close();
    first = commit("one");
    second = commit("two");
    third = commit("three");
  }

  @Test
  void itIsFoundFromAnyFolderInIt() throws IOException {
    Path deep = Files.createDirectories(folder.resolve("a/b"));
    try (var copy = WorkingCopy.around(deep).orElseThrow()) {
      assertThat(copy.root().toRealPath()).isEqualTo(folder.toRealPath());
    }
  }

  @Test
  void aFolderInNoCloneIsNone(@TempDir Path other) {
    assertThat(WorkingCopy.around(other)).isEmpty();
  }

  @Test
  void aCommitIsTheTipOrBehindIt() {
    assertThat(drift(third, DEFAULT)).isEqualTo(new Drift.Same());
    assertThat(drift(first, DEFAULT)).isEqualTo(new Drift.Behind(2));
    assertThat(drift(first, Optional.of("main"))).isEqualTo(new Drift.Behind(2));
    assertThat(drift(first, Optional.of("nowhere"))).isEqualTo(new Drift.Unknown());
    assertThat(drift(new GitRevision("0123456789abcdef0123456789abcdef01234567"), DEFAULT))
        .isEqualTo(new Drift.Unknown());
  }

  @Test
  void theRemotesBranchComesBeforeTheOneHere() throws IOException, GitAPIException {
    try (var git = Git.open(folder.toFile())) {
      var update = git.getRepository().updateRef("refs/remotes/origin/main");
      update.setNewObjectId(ObjectId.fromString(second.value()));
      update.forceUpdate();
    }
    assertThat(drift(second, Optional.of("main"))).isEqualTo(new Drift.Same());
    assertThat(drift(third, Optional.of("main"))).isEqualTo(new Drift.Elsewhere());
  }

  @Test
  void theDefaultBranchIsTheRemotesElseOneOfTheUsualElseTheOneHere()
      throws IOException, GitAPIException {
    try (var git = Git.open(folder.toFile())) {
      assertThat(defaultBranch()).contains("main");
      git.branchRename().setNewName("trunk").call();
      git.checkout().setCreateBranch(true).setName("try").call();
      assertThat(defaultBranch()).contains("trunk");
      git.checkout().setName(first.value()).call();
      assertThat(defaultBranch()).contains("trunk");
      git.branchRename().setOldName("trunk").setNewName("boards").call();
      assertThat(defaultBranch()).isEmpty();
      git.checkout().setName("try").call();
      assertThat(defaultBranch()).contains("try");
      var update = git.getRepository().updateRef("refs/remotes/origin/HEAD");
      update.link("refs/remotes/origin/deployed");
      assertThat(defaultBranch()).contains("deployed");
    }
  }

  private Optional<String> defaultBranch() {
    try (var copy = WorkingCopy.around(folder).orElseThrow()) {
      return copy.defaultBranch();
    }
  }

  @Test
  void aCommitHasItsFilesWhateverLiesInTheFolder() throws IOException {
    Files.delete(folder.resolve("file"));
    Files.writeString(folder.resolve("new"), "x");
    try (var copy = WorkingCopy.around(folder).orElseThrow()) {
      assertThat(copy.text(first, Path.of("./file"))).contains("one");
      assertThat(copy.has(second, Path.of("file"))).isTrue();
      assertThat(copy.has(second, Path.of("new"))).isFalse();
      assertThat(copy.has(second, Path.of(""))).isFalse();
      assertThat(copy.hasSubmodules(second)).isFalse();
    }
  }

  private Drift drift(GitRevision commit, Optional<String> branch) {
    try (var copy = WorkingCopy.around(folder).orElseThrow()) {
      return copy.drift(commit, branch);
    }
  }

  private GitRevision commit(String content) throws IOException, GitAPIException {
    Files.writeString(folder.resolve("file"), content);
    try (var git = Git.open(folder.toFile())) {
      git.add().addFilepattern(".").call();
      return new GitRevision(
          git.commit()
              .setMessage(content)
              .setAuthor(SOMEBODY)
              .setCommitter(SOMEBODY)
              .call()
              .getName());
    }
  }
}
