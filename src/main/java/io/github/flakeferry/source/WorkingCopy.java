package io.github.flakeferry.source;

import io.github.flakeferry.model.GitRevision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.Status;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.api.errors.JGitInternalException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.submodule.SubmoduleWalk.IgnoreSubmoduleMode;

/** A clone that somebody works in. It is read as it is: nothing is fetched and nothing changed. */
public final class WorkingCopy implements AutoCloseable {
  private final Repository repository;

  private WorkingCopy(Repository repository) {
    this.repository = repository;
  }

  /** How a commit stands to the tip of a branch, as far as this clone knows. */
  public sealed interface Drift {
    /** It is the tip. */
    record Same() implements Drift {}

    /**
     * It is an ancestor of the tip.
     *
     * @param commits that the tip has and it has not
     */
    record Behind(int commits) implements Drift {}

    /** It is no ancestor of the tip: newer, or of another branch. */
    record Elsewhere() implements Drift {}

    /** The clone doesn't have it, or not the branch. */
    record Unknown() implements Drift {}
  }

  /** The clone that a folder is in, where it is in one. */
  public static Optional<WorkingCopy> around(Path folder) {
    IsolatedGit.install();
    try {
      var builder = new FileRepositoryBuilder().findGitDir(folder.toAbsolutePath().toFile());
      return builder.getGitDir() == null
          ? Optional.empty()
          : Optional.of(new WorkingCopy(builder.setMustExist(true).build()));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Its uppermost folder. */
  public Path root() {
    return repository.isBare()
        ? repository.getDirectory().toPath()
        : repository.getWorkTree().toPath();
  }

  /** The commit that is checked out, where there is one. */
  public Optional<GitRevision> head() {
    try {
      return Optional.ofNullable(repository.resolve(Constants.HEAD))
          .map(id -> new GitRevision(id.name()));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * Where it was cloned from, without credentials: of {@code origin}, or of the only remote; absent
   * where it has none.
   */
  public Optional<String> remoteUrl() {
    String name = DefaultBranch.remote(repository);
    return Optional.ofNullable(repository.getConfig().getString("remote", name, "url"))
        .map(url -> url.replaceFirst("//[^/@]*@", "//"));
  }

  /**
   * That remote's default branch, as far as this clone knows, else a branch of it that is called as
   * such are, else the one that is checked out; absent where that is none.
   */
  public Optional<String> defaultBranch() {
    try {
      return DefaultBranch.of(repository);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * The files that differ from the commit that is checked out, or are not in it, sorted.
   *
   * @throws SourceFailed if the clone lacks what tells
   */
  public List<String> changed() {
    if (repository.isBare()) {
      return List.of();
    }
    Status status = status();
    var all = new TreeSet<>(status.getUncommittedChanges());
    all.addAll(status.getUntracked());
    return List.copyOf(all);
  }

  /** Whether one of the repository's own rules has Git ignore a file. */
  public boolean isIgnored(String file) {
    try {
      return IgnoreRules.cover(repository, file);
    } catch (IOException e) {
      return false;
    }
  }

  private Status status() {
    try (var git = Git.wrap(repository)) {
      return git.status().call();
    } catch (GitAPIException | JGitInternalException e) {
      throw damaged("the files of %s can't be compared".formatted(root()), e);
    }
  }

  /**
   * The commit that a name stands for.
   *
   * @param name a branch, a tag, an id or the beginning of one, as Git takes it: {@code HEAD~1}
   */
  public Optional<GitRevision> find(String name) {
    try {
      return Optional.ofNullable(repository.resolve(name + "^{commit}"))
          .map(id -> new GitRevision(id.name()));
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty(); // several, of another kind, or no name at all
    }
  }

  /** Whether files that Git knows are otherwise than in the commit that is checked out. */
  public boolean hasChanges() {
    try (var git = new Git(repository)) {
      return !repository.isBare()
          && git.status()
              .setIgnoreSubmodules(IgnoreSubmoduleMode.ALL)
              .call()
              .hasUncommittedChanges();
    } catch (GitAPIException | JGitInternalException e) {
      return false;
    }
  }

  /**
   * Whether some of a commit's content lies in other repositories.
   *
   * @throws SourceFailed as {@link #has} does
   */
  public boolean hasSubmodules(GitRevision commit) {
    return has(commit, Path.of(Constants.DOT_GIT_MODULES));
  }

  /**
   * Whether a commit contains a file or a link of this name.
   *
   * @param file from the root
   * @throws SourceFailed if the clone lacks the commit or a part of it that tells
   */
  public boolean has(GitRevision commit, Path file) {
    try {
      return committed(commit, file).exists();
    } catch (IOException e) {
      throw unreadable(commit, file, e);
    }
  }

  /**
   * A file as a commit has it.
   *
   * @param file from the root
   * @throws SourceFailed if the clone lacks the commit, the file or a part that leads there
   */
  public FileContent content(GitRevision commit, Path file) {
    try {
      return committed(commit, file).content();
    } catch (IOException e) {
      throw unreadable(commit, file, e);
    }
  }

  private CommittedFile committed(GitRevision commit, Path file) {
    return new CommittedFile(repository, commit, file.normalize().toString());
  }

  private SourceFailed unreadable(GitRevision commit, Path file, IOException e) {
    return damaged(
        "%s of commit %s can't be read from %s".formatted(file, commit.abbreviated(), root()), e);
  }

  private static SourceFailed damaged(String what, Exception e) {
    return new SourceFailed(
        SourceFailed.Kind.DAMAGED,
        what + ": " + e.getMessage(),
        "`git fsck` says what is damaged. A clone that was made with --filter lacks files:"
            + " `git fetch --refetch --no-filter` brings them.");
  }

  /**
   * How a commit stands to a branch: as the remote had it when it was fetched last, else as it is
   * here.
   *
   * @param branch its name; absent: the remote's default branch, else the one that is checked out
   */
  public Drift drift(GitRevision commit, Optional<String> branch) {
    try (var walk = new RevWalk(repository)) {
      Optional<ObjectId> tip = DefaultBranch.tip(repository, branch);
      var id = ObjectId.fromString(commit.value());
      if (tip.isEmpty() || !repository.getObjectDatabase().has(id)) {
        return new Drift.Unknown();
      }
      if (tip.get().equals(id)) {
        return new Drift.Same();
      }
      RevCommit there = walk.parseCommit(id);
      RevCommit here = walk.parseCommit(tip.get());
      return walk.isMergedInto(there, here)
          ? new Drift.Behind(missing(here, there))
          : new Drift.Elsewhere();
    } catch (IOException e) {
      return new Drift.Unknown();
    }
  }

  /** How two commits stand to each other. */
  public enum Order {
    SAME,
    /** The second has the first among its ancestors. */
    DESCENDANT,
    /** It has not. */
    OTHER,
    /** The clone doesn't have it. */
    UNKNOWN
  }

  /** How a commit stands to another one. */
  public Order order(GitRevision commit, GitRevision other) {
    if (commit.equals(other)) {
      return Order.SAME;
    }
    try (var walk = new RevWalk(repository)) {
      var id = ObjectId.fromString(other.value());
      if (!repository.getObjectDatabase().has(id)) {
        return Order.UNKNOWN;
      }
      RevCommit first = walk.parseCommit(ObjectId.fromString(commit.value()));
      return walk.isMergedInto(first, walk.parseCommit(id)) ? Order.DESCENDANT : Order.OTHER;
    } catch (IOException e) {
      return Order.UNKNOWN;
    }
  }

  private int missing(RevCommit from, RevCommit without) throws IOException {
    try (var walk = new RevWalk(repository)) {
      walk.markStart(walk.parseCommit(from));
      walk.markUninteresting(walk.parseCommit(without));
      int count = 0;
      while (walk.next() != null) {
        count++;
      }
      return count;
    }
  }

  @Override
  public void close() {
    repository.close();
  }
}
