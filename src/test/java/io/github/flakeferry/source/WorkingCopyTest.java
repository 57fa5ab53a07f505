package io.github.flakeferry.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.source.WorkingCopy.Drift;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.transport.URIish;
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
      track(git, "refs/remotes/origin/main", second);
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

  @Test
  void aUsualBranchCountsOnlyWhereTheRemoteHasItOrItIsTheOnlyOne()
      throws IOException, GitAPIException, URISyntaxException {
    try (var git = Git.open(folder.toFile())) {
      git.branchCreate().setName("master").call();
      git.checkout().setCreateBranch(true).setName("deployed").call();
      // which of both nobody knows
      assertThat(defaultBranch()).contains("deployed");
      git.checkout().setName("master").call();
      assertThat(defaultBranch()).contains("master");

      git.checkout().setName("deployed").call();
      git.remoteAdd().setName("origin").setUri(new URIish("https://example.org/x")).call();
      assertThat(defaultBranch()).contains("deployed");
      track(git, "refs/remotes/origin/master", first);
      assertThat(defaultBranch()).contains("master");
      git.checkout().setName("main").call();
      assertThat(defaultBranch()).contains("master");
      track(git, "refs/remotes/origin/main", first);
      assertThat(defaultBranch()).contains("main");
      git.checkout().setName("master").call();
      assertThat(defaultBranch()).contains("master");
    }
  }

  @Test
  void theOnlyRemoteCountsWhateverItIsCalled()
      throws IOException, GitAPIException, URISyntaxException {
    try (var git = Git.open(folder.toFile())) {
      git.checkout().setCreateBranch(true).setName("try").call();
      git.remoteAdd().setName("me/forge").setUri(new URIish("https://a@example.org/x")).call();
      track(git, "refs/remotes/me/forge/main", second);
      track(git, "refs/remotes/me/forge/deployed", first);
      assertThat(defaultBranch()).contains("main");
      assertThat(drift(second, Optional.of("main"))).isEqualTo(new Drift.Same());
      git.getRepository()
          .updateRef("refs/remotes/me/forge/HEAD")
          .link("refs/remotes/me/forge/deployed");
      assertThat(defaultBranch()).contains("deployed");
      assertThat(drift(first, DEFAULT)).isEqualTo(new Drift.Same());

      git.remoteAdd().setName("origin").setUri(new URIish("https://b@example.org/y")).call();
      track(git, "refs/remotes/origin/trunk", third);
      try (var copy = WorkingCopy.around(folder).orElseThrow()) {
        assertThat(copy.remoteUrl()).contains("https://example.org/y");
        assertThat(copy.defaultBranch()).contains("trunk");
      }
    }
  }

  private static void track(Git git, String ref, GitRevision commit) throws IOException {
    var update = git.getRepository().updateRef(ref);
    update.setNewObjectId(ObjectId.fromString(commit.value()));
    update.forceUpdate();
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
      assertThat(copy.content(first, Path.of("./file"))).isEqualTo(new FileContent.Text("one"));
      assertThat(copy.content(first, Path.of("new"))).isEqualTo(new FileContent.Absent());
      assertThat(copy.has(second, Path.of("file"))).isTrue();
      assertThat(copy.has(second, Path.of("new"))).isFalse();
      assertThat(copy.has(second, Path.of(""))).isFalse();
      assertThat(copy.hasSubmodules(second)).isFalse();
    }
  }

  @Test
  void whatIsNoFileOrTooLongIsNoText() throws IOException, GitAPIException {
    Files.createSymbolicLink(folder.resolve("link"), Path.of("/etc/hostname"));
    Files.writeString(Files.createDirectory(folder.resolve("below")).resolve("x"), "x");
    Files.write(folder.resolve("longest"), new byte[4 << 20]);
    Files.write(folder.resolve("longer"), new byte[(4 << 20) + 1]);
    GitRevision commit = commit("four");
    try (var copy = WorkingCopy.around(folder).orElseThrow()) {
      assertThat(copy.content(commit, Path.of("link"))).isEqualTo(new FileContent.Link());
      assertThat(copy.has(commit, Path.of("link"))).isTrue();
      assertThat(copy.content(commit, Path.of("below"))).isEqualTo(new FileContent.Absent());
      assertThat(copy.content(commit, Path.of("longest"))).isInstanceOf(FileContent.Text.class);
      assertThat(copy.content(commit, Path.of("longer")))
          .isEqualTo(new FileContent.TooLong((4 << 20) + 1, 4 << 20));
    }
  }

  // as in a clone that was made with --filter
  @Test
  void whatTheCloneLacksIsNotTakenForAbsent() throws IOException {
    try (var git = Git.open(folder.toFile())) {
      Files.delete(objectFile(git, second.value() + ":file"));
    }
    try (var copy = WorkingCopy.around(folder).orElseThrow()) {
      assertThat(copy.has(second, Path.of("file"))).isTrue();
      assertThat(copy.content(second, Path.of("none"))).isEqualTo(new FileContent.Absent());
      assertDamaged(() -> copy.content(second, Path.of("file")));
      var nowhere = new GitRevision("0123456789abcdef0123456789abcdef01234567");
      assertDamaged(() -> copy.has(nowhere, Path.of("file")));
      assertDamaged(() -> copy.hasSubmodules(nowhere));
    }
  }

  @Test
  void whatIsDamagedIsNotTakenForAbsent() throws IOException {
    Path tree;
    try (var git = Git.open(folder.toFile())) {
      tree = objectFile(git, third.value() + "^{tree}");
    }
    assertThat(tree.toFile().setWritable(true)).isTrue();
    Files.writeString(tree, "spoilt");
    try (var copy = WorkingCopy.around(folder).orElseThrow()) {
      assertDamaged(() -> copy.has(third, Path.of("file")));
      assertDamaged(() -> copy.content(third, Path.of("none")));
      assertDamaged(copy::changed);
      assertThat(copy.hasChanges()).isFalse();
      assertThat(copy.has(second, Path.of("file"))).isTrue();
    }
  }

  private static void assertDamaged(ThrowingCallable look) {
    assertThatThrownBy(look)
        .isInstanceOfSatisfying(
            SourceFailed.class,
            failed -> assertThat(failed.kind()).isEqualTo(SourceFailed.Kind.DAMAGED));
  }

  private Path objectFile(Git git, String name) throws IOException {
    String id = Objects.requireNonNull(git.getRepository().resolve(name)).name();
    return folder.resolve(".git/objects/" + id.substring(0, 2) + "/" + id.substring(2));
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
