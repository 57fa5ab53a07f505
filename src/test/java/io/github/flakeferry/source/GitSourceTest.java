package io.github.flakeferry.source;

import static java.time.ZoneOffset.UTC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.Repository;
import io.github.flakeferry.source.SourceFailed.Kind;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.util.FileUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A repository on disk, reached by {@code file://}. */
final class GitSourceTest {
  private static final PersonIdent SOMEBODY = new PersonIdent("Somebody", "somebody@example.org");

  @TempDir Path temp;
  private Path origin;
  private GitRevision first;
  private GitRevision second;

  @BeforeEach
  void makeARepository() throws IOException, GitAPIException {
    IsolatedGit.install();
    origin = temp.resolve("origin");
    Git.init().setDirectory(origin.toFile()).setInitialBranch("main").call().close();
    first = commit("flakeferry.yml", "boards: {}\n");
    second = commit("src/hello.c", "int main(void) { return 0; }\n");
  }

  @Test
  void readsAFileOfTheDefaultBranchsTipWithoutACheckout() {
    try (var source = open()) {
      GitRevision tip = source.defaultBranchTip();
      assertThat(tip).isEqualTo(second);
      assertThat(source.readFile(tip, "flakeferry.yml")).contains("boards: {}\n");
      assertThat(source.readFile(tip, ".github/flakeferry.yml")).isEmpty();
    }
  }

  @Test
  void theTipThatWasFoundIsKnownWhateverBecomesOfTheRepository()
      throws IOException, GitAPIException {
    try (var source = open()) {
      source.defaultBranchTip();
      commit("flakeferry.yml", "boards: { }\n");
      assertThat(source.knownTip()).isEqualTo(second);
      FileUtils.delete(origin.toFile(), FileUtils.RECURSIVE);
      assertThat(source.knownTip()).isEqualTo(second);
    }
  }

  @Test
  void checksOutExactlyTheCommitShallowlyAndRemovesItAgain() throws IOException {
    Path folder;
    try (var source = open()) {
      source.defaultBranchTip();
      Checkout checkout = source.checkOut(first, "refs/heads/main");
      folder = checkout.folder();
      assertThat(folder.resolve("flakeferry.yml")).hasContent("boards: {}\n");
      assertThat(folder.resolve("src/hello.c")).doesNotExist();
      assertThat(folder.resolve(".git/HEAD")).hasContent(first.value());
      assertThat(Files.readString(folder.resolve(".git/shallow"))).contains(first.value());
    }
    assertThat(folder).doesNotExist();
  }

  @Test
  void tellsWhetherACommitIsOnTheDefaultBranchHoweverOld() throws IOException, GitAPIException {
    for (int i = 0; i < 70; i++) {
      commit("counter", String.valueOf(i));
    }
    try (var git = Git.open(origin.toFile())) {
      git.checkout().setCreateBranch(true).setName("side").call();
    }
    GitRevision side = commit("side", "way");
    try (var git = Git.open(origin.toFile())) {
      git.checkout().setName("main").call();
    }
    try (var source = open()) {
      source.defaultBranchTip();
      assertThat(source.isOnDefaultBranch(first)).isTrue();
      assertThat(source.isOnDefaultBranch(side)).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void tellsWhichOfTwoCommitsIsNewer(boolean givesCommitsByTheirIds)
      throws IOException, GitAPIException {
    GitRevision side;
    GitRevision tip = second;
    try (var git = Git.open(origin.toFile())) {
      git.getRepository()
          .getConfig()
          .setBoolean("uploadpack", null, "allowReachableSHA1InWant", givesCommitsByTheirIds);
      git.getRepository().getConfig().save();
      git.checkout().setCreateBranch(true).setName("side").call();
      side = commit("side", "way");
      git.checkout().setName("main").call();
      for (int i = 0; i < 70; i++) {
        tip = commit("counter", String.valueOf(i));
      }
    }
    try (var source = open()) {
      assertThat(source.isNewer(tip, first, "refs/heads/main")).isTrue();
      assertThat(source.isNewer(first, tip, "refs/heads/main")).isFalse();
      assertThat(source.isNewer(tip, tip, "refs/heads/main")).isFalse();
      assertThat(source.isNewer(tip, side, "refs/heads/side")).isFalse();
      assertThat(source.isNewer(side, tip, "refs/heads/main")).isFalse();
    }
  }

  @Test
  void aCommitThatNobodyKnowsIsNotNewer() {
    var unknown = new GitRevision("0123456789abcdef0123456789abcdef01234567");
    try (var source = open()) {
      assertThat(source.isNewer(unknown, second, "refs/heads/main")).isFalse();
      assertThat(source.isNewer(second, unknown, "refs/heads/main")).isFalse();
    }
  }

  @Test
  void tellsWhereRefsPointAndWhichWereMadeLast() throws IOException, GitAPIException {
    try (var git = Git.open(origin.toFile());
        var source = open()) {
      var old = new PersonIdent("Somebody", "s@example.org", Instant.EPOCH.plusSeconds(9), UTC);
      var young = new PersonIdent(old, Instant.now().plusSeconds(60));
      git.tag().setName("v2").setMessage("long ago").setTagger(old).call();
      git.tag().setName("v1").setMessage("tomorrow").setTagger(young).call();
      git.tag().setName("v3").setAnnotated(false).call();
      assertThat(source.refs())
          .containsEntry("refs/tags/v1", second)
          .containsEntry("refs/tags/v3", second)
          .containsEntry("refs/heads/main", second);
      List<String> tags = List.of("refs/tags/v2", "refs/tags/v3", "refs/tags/v1");
      assertThat(source.newest(tags, 2)).containsExactly("refs/tags/v1", "refs/tags/v3");
      assertThat(source.newest(tags, 3)).isEqualTo(tags);
    }
  }

  @Test
  void saysThatACommitWasForcePushedAway() {
    try (var source = open()) {
      var gone = new GitRevision("0123456789abcdef0123456789abcdef01234567");
      var failure =
          catchThrowableOfType(SourceFailed.class, () -> source.checkOut(gone, "refs/heads/main"));
      assertThat(failure.kind()).isEqualTo(Kind.REVISION_MISSING);
      assertThat(failure).hasMessageContaining(gone.value());
    }
  }

  @Test
  void saysThatThereIsNoSuchRepositoryOrBranch() {
    try (var source =
        GitSource.open(
            new Repository("o/r", temp.resolve("nowhere").toUri(), "main"), Optional.empty())) {
      var failure = catchThrowableOfType(SourceFailed.class, source::defaultBranchTip);
      assertThat(failure).hasMessageContaining("nowhere");
    }
    try (var source =
        GitSource.open(new Repository("o/r", origin.toUri(), "trunk"), Optional.empty())) {
      var failure = catchThrowableOfType(SourceFailed.class, source::defaultBranchTip);
      assertThat(failure.kind()).isEqualTo(Kind.BRANCH_MISSING);
    }
  }

  @Test
  void aSymbolicLinkIsNoPolicy() throws IOException, GitAPIException {
    Files.delete(origin.resolve("flakeferry.yml"));
    Files.createSymbolicLink(origin.resolve("flakeferry.yml"), Path.of("/etc/passwd"));
    try (var git = Git.open(origin.toFile())) {
      git.add().addFilepattern(".").call();
      git.commit().setMessage("Link").setAuthor(SOMEBODY).setCommitter(SOMEBODY).call();
    }
    try (var source = open()) {
      assertThat(source.readFile(source.defaultBranchTip(), "flakeferry.yml")).isEmpty();
    }
  }

  @Test
  void namesTheFilesThatGitLfsKeepsElsewhere() throws IOException, GitAPIException {
    commit(".gitattributes", "*.bin filter=lfs diff=lfs merge=lfs -text\n");
    GitRevision tip =
        commit(
            "firmware.bin", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n");
    try (var source = open()) {
      assertThat(source.checkOut(tip, "refs/heads/main").lfsPointers())
          .containsExactly("firmware.bin");
    }
  }

  @Test
  void checksOutSubmodulesAndRefusesOnesThatRunPrograms() throws IOException, GitAPIException {
    Path library = repository("library", "{ }\n");
    GitRevision good;
    try (var git = Git.open(origin.toFile())) {
      git.submoduleAdd().setPath("library").setURI(library.toUri().toString()).call().close();
      good = commit("note", "with a submodule");
    }
    try (var source = open()) {
      Checkout checkout = source.checkOut(good, "refs/heads/main");
      assertThat(checkout.hasSubmodules()).isTrue();
      assertThat(checkout.folder().resolve("library/lib.nix")).hasContent("{ }\n");
    }
    String modules = Files.readString(origin.resolve(".gitmodules"));
    GitRevision bad =
        commit(
            ".gitmodules",
            modules.replaceFirst("url = .*", "url = ext::sh -c touch% " + temp.resolve("pwned")));
    try (var source = open()) {
      var failure =
          catchThrowableOfType(SourceFailed.class, () -> source.checkOut(bad, "refs/heads/main"));
      assertThat(failure.kind()).isEqualTo(Kind.SUBMODULE);
      assertThat(temp.resolve("pwned")).doesNotExist();
    }
  }

  @Test
  void nothingOfAnotherCommitsSubmodulesStays() throws IOException, GitAPIException {
    Path library = repository("library", "{ one = 1; }\n");
    Path other = repository("other", "{ two = 2; }\n");
    GitRevision with;
    GitRevision moved;
    GitRevision without;
    try (var git = Git.open(origin.toFile())) {
      git.submoduleAdd().setPath("library").setURI(library.toUri().toString()).call().close();
      with = commit("note", "with a submodule");
      git.rm().addFilepattern("library").addFilepattern(".gitmodules").call();
      FileUtils.delete(origin.resolve("library").toFile(), FileUtils.RECURSIVE);
      without = commit("note", "without");
      FileUtils.delete(origin.resolve(".git/modules").toFile(), FileUtils.RECURSIVE);
      git.getRepository().getConfig().unsetSection("submodule", "library");
      git.getRepository().getConfig().save();
      git.submoduleAdd().setPath("library").setURI(other.toUri().toString()).call().close();
      moved = commit("note", "from elsewhere");
    }
    try (var source = open()) {
      Path lib = source.checkOut(with, "refs/heads/main").folder().resolve("library/lib.nix");
      assertThat(lib).hasContent("{ one = 1; }\n");
      source.checkOut(moved, "refs/heads/main");
      assertThat(lib).hasContent("{ two = 2; }\n");
      assertThat(source.checkOut(without, "refs/heads/main").hasSubmodules()).isFalse();
      assertThat(lib.getParent()).doesNotExist();
      source.checkOut(with, "refs/heads/main");
      assertThat(lib).hasContent("{ one = 1; }\n");
    }
  }

  @Test
  void whatNothingSaysTheOriginOfIsNoSubmodule() throws IOException, GitAPIException {
    Path library = repository("library", "{ }\n");
    GitRevision strange;
    try (var git = Git.open(origin.toFile())) {
      git.submoduleAdd().setPath("library").setURI(library.toUri().toString()).call().close();
      git.rm().setCached(true).addFilepattern(".gitmodules").call();
      Files.delete(origin.resolve(".gitmodules"));
      strange = commit("note", "a clone that was added by mistake");
    }
    try (var source = open()) {
      Checkout checkout = source.checkOut(strange, "refs/heads/main");
      assertThat(checkout.hasSubmodules()).isFalse();
      assertThat(checkout.folder().resolve("note")).exists();
    }
  }

  private Path repository(String name, String content) throws IOException, GitAPIException {
    Path folder = temp.resolve(name);
    try (var git = Git.init().setDirectory(folder.toFile()).setInitialBranch("main").call()) {
      Files.writeString(folder.resolve("lib.nix"), content);
      git.add().addFilepattern(".").call();
      git.commit().setMessage("Lib").setAuthor(SOMEBODY).setCommitter(SOMEBODY).call();
    }
    return folder;
  }

  private GitSource open() {
    return GitSource.open(
        new Repository("owner/boards", URI.create("file://" + origin), "main"), Optional.empty());
  }

  private GitRevision commit(String file, String content) throws IOException, GitAPIException {
    Path path = origin.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, content);
    try (var git = Git.open(origin.toFile())) {
      git.add().addFilepattern(".").call();
      var made = git.commit().setMessage(file).setAuthor(SOMEBODY).setCommitter(SOMEBODY).call();
      return new GitRevision(made.getName());
    }
  }
}
