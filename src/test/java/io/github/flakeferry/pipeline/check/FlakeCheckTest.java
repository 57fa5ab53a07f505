package io.github.flakeferry.pipeline.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.forge.actions.RunnerCommands;
import io.github.flakeferry.source.WorkingCopy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.lib.PersonIdent;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FlakeCheckTest {
  private static final PersonIdent SOMEBODY = new PersonIdent("Somebody", "somebody@example.org");
  private static final String LOCK =
      """
      {"nodes": {"nixpkgs": {"locked": {"type": "github", "rev": "0123"}}, "root": {}}}
      """;

  @TempDir private Path folder;
  private Git git;

  @BeforeEach
  void makeClone() throws IOException, GitAPIException {
    git = Git.init().setDirectory(folder.toFile()).setInitialBranch("main").call();
    write("flake.nix", "{ }");
    write("flake.lock", LOCK);
    commit();
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  private void commit() throws GitAPIException {
    git.add().addFilepattern(".").call();
    git.commit().setMessage("x").setAuthor(SOMEBODY).setCommitter(SOMEBODY).setSign(false).call();
  }

  private List<String> look() {
    try (var copy = WorkingCopy.around(folder).orElseThrow()) {
      return new FlakeCheck(Optional.of(copy), Path.of(""))
          .look().stream().map(f -> f.state().label() + " " + f.message()).toList();
    }
  }

  @Test
  void whatIsCommittedWithItsLockIsFine() {
    assertThat(look())
        .hasSize(2)
        .allMatch(line -> line.startsWith("ok "))
        .anyMatch(line -> line.contains("all is committed"))
        .anyMatch(line -> line.contains("flake.lock locks every input"));
  }

  @Test
  void whatRunsWillNotSeeIsTold() throws IOException {
    write("flake.nix", "{ outputs = _: { }; }");
    write("new.nix", "{ }");
    assertThat(look())
        .anyMatch(
            l -> l.startsWith("warning ") && l.contains("differ from it: flake.nix, new.nix"));
  }

  private void commitWithoutLock() throws GitAPIException {
    git.rm().setCached(true).addFilepattern("flake.lock").call();
    git.commit().setMessage("x").setAuthor(SOMEBODY).setCommitter(SOMEBODY).setSign(false).call();
  }

  private String told() {
    try (var copy = WorkingCopy.around(folder).orElseThrow()) {
      return new FlakeCheck(Optional.of(copy), Path.of("")).look().getLast().toString();
    }
  }

  @Test
  void aLockFileThatIsNotCommittedIsWrong() throws GitAPIException {
    commitWithoutLock();
    assertThat(look().getLast()).startsWith("wrong flake.lock is here, and not in commit ");
    assertThat(told()).contains("by themselves: commit it.");
    // as `nix flake lock` leaves it
    git.add().addFilepattern("flake.lock").call();
    assertThat(look().getLast()).startsWith("wrong flake.lock is here, and not in commit ");
  }

  @Test
  void aLockFileThatIsIgnoredIsWrong() throws IOException, GitAPIException {
    write(".gitignore", "*.lock\n");
    git.add().addFilepattern(".gitignore").call();
    commitWithoutLock();
    assertThat(look()).first().asString().startsWith("ok all is committed");
    assertThat(told()).contains("take it out of .gitignore, and commit it.");
  }

  @Test
  void whatIsCommittedOfTheLockFileCounts() throws IOException {
    write("flake.lock", "{");
    assertThat(look()).last().asString().startsWith("ok flake.lock locks every input");
    Files.delete(folder.resolve("flake.lock"));
    assertThat(look()).last().asString().startsWith("ok flake.lock locks every input");
  }

  @Test
  void aLockFileThatIsALinkIsWrong() throws IOException, GitAPIException {
    Files.move(folder.resolve("flake.lock"), folder.resolve("locked.json"));
    Files.createSymbolicLink(folder.resolve("flake.lock"), Path.of("locked.json"));
    commit();
    assertThat(look().getLast()).startsWith("wrong flake.lock is a symbolic link in commit ");
    assertThat(told()).contains("Commit in its place the file that it leads to.");
  }

  @Test
  void aLockFileThatIsTooLongWasNotLookedAt() throws IOException, GitAPIException {
    write("flake.lock", LOCK + " ".repeat(5 << 20));
    commit();
    assertThat(look().getLast())
        .startsWith("warning flake.lock in commit ")
        .endsWith(" has 5.0 MiB, and was not looked at: 4.0 MiB is the most");
  }

  @Test
  void aLockFileThatTheCloneLacksIsNotToBeCommittedAgain() throws IOException {
    String id = Objects.requireNonNull(git.getRepository().resolve("HEAD:flake.lock")).name();
    Files.delete(folder.resolve(".git/objects/" + id.substring(0, 2) + "/" + id.substring(2)));
    try (var copy = WorkingCopy.around(folder).orElseThrow()) {
      assertThat(Findings.of(List.of(new FlakeCheck(Optional.of(copy), Path.of("")))).text())
          .contains("FF-0407: flake.lock of commit ", "`git fsck`")
          .doesNotContain("commit it");
    }
  }

  @Test
  void namesOfInputsAndFilesAreNoCommandsForARunner() throws IOException, GitAPIException {
    write(
        "flake.lock",
        """
        {"nodes": {"x\\n::add-mask::a": {"locked": {"type": "path", "path": "/home/me/x"}}}}
        """);
    commit();
    write("a\n::error::forged", "");
    try (var copy = WorkingCopy.around(folder).orElseThrow()) {
      String text = Findings.of(List.of(new FlakeCheck(Optional.of(copy), Path.of("")))).text();
      assertThat(text).contains("::add-mask::a", "::error::forged");
      assertThat(RunnerCommands.in(text)).isEmpty();
    }
  }

  @Test
  void inputsThatOnlyThisMachineHasAreWrong() throws IOException, GitAPIException {
    write(
        "flake.lock",
        """
        {"nodes": {
          "hardware": {"locked": {"type": "path", "path": "/home/me/hardware"}},
          "inside": {"locked": {"type": "path", "path": "./inside"}},
          "mine": {"locked": {"type": "git", "url": "file:///home/me/mine", "rev": "01"}},
          "dirty": {"locked": {"type": "git", "url": "https://x", "dirtyRev": "01-dirty"}},
          "nixpkgs": {"locked": {"type": "github", "rev": "0123"}}}}
        """);
    commit();
    assertThat(look())
        .contains("wrong flake.lock has inputs that only this machine has: hardware, mine, dirty");
    write("flake.lock", "{");
    commit();
    assertThat(look()).contains("wrong flake.lock is no JSON");
  }
}
