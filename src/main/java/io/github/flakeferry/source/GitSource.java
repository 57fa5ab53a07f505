package io.github.flakeferry.source;

import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.Repository;
import io.github.flakeferry.model.Secret;
import io.github.flakeferry.source.SourceFailed.Kind;
import io.github.flakeferry.support.TemporaryFolder;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.api.errors.JGitInternalException;
import org.eclipse.jgit.dircache.InvalidPathException;
import org.eclipse.jgit.errors.DirCacheNameConflictException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.TagOpt;

/**
 * One repository of a forge, fetched shallowly into a folder that is removed again by {@link
 * #close}. Not for several threads.
 */
public final class GitSource implements AutoCloseable {
  private static final int LOOK_BACK = 64;
  private static final String TIP = "refs/flakeferry/tip";
  private static final String COMMIT = "refs/flakeferry/commit";

  private final Repository repository;
  private final Remote remote;
  private final TemporaryFolder folder;
  private final Git git;

  private GitSource(Repository repository, Remote remote, TemporaryFolder folder, Git git) {
    this.repository = repository;
    this.remote = remote;
    this.folder = folder;
    this.git = git;
  }

  /**
   * Makes an empty repository beside the machine's other temporary files; nothing is fetched yet.
   *
   * @param token opens the repository by HTTP, as a header; not needed for a public one
   * @throws SourceFailed if the folder can't be made
   */
  public static GitSource open(Repository repository, Optional<Secret> token) {
    IsolatedGit.install();
    var remote = new Remote(repository.url(), token);
    try {
      var folder = TemporaryFolder.create("source");
      Git git =
          Git.init()
              .setDirectory(folder.path().toFile())
              .setInitialBranch("flakeferry-none")
              .call();
      Remote.configure(git, repository.url());
      return new GitSource(repository, remote, folder, git);
    } catch (IOException | GitAPIException e) {
      throw new SourceFailed(
          Kind.LOCAL,
          "no folder for the checkout could be made: " + e.getMessage(),
          "Check TMPDIR and the space left there.");
    }
  }

  /**
   * Fetches the default branch's newest commit.
   *
   * @throws SourceFailed if the repository can't be reached or has no such branch
   */
  public GitRevision defaultBranchTip() {
    String branch = Constants.R_HEADS + repository.defaultBranch();
    fetch(new RefSpec("+" + branch + ":" + TIP), 1);
    return resolve(TIP)
        .orElseThrow(
            () ->
                new SourceFailed(
                    Kind.BRANCH_MISSING,
                    "%s has no branch %s".formatted(repository.url(), repository.defaultBranch()),
                    "The policy is read from the tip of the default branch."));
  }

  /**
   * What {@link #defaultBranchTip} found last, whatever it is by now. Nothing is fetched.
   *
   * @throws IllegalStateException if it was not asked for
   */
  public GitRevision knownTip() {
    return resolve(TIP).orElseThrow(() -> new IllegalStateException("no tip was fetched"));
  }

  /**
   * Reads a file of a commit that was fetched before. Only a regular file is one: a symbolic link
   * could lead anywhere. Of one that is longer than 4 MiB only the beginning is read.
   *
   * @param path relative, with slashes
   */
  public Optional<String> readFile(GitRevision revision, String path) {
    try {
      return new CommittedFile(git.getRepository(), revision, path).text();
    } catch (IOException e) {
      throw remote.failed(e);
    }
  }

  /**
   * Where a ref of the repository points to now; a tag is peeled.
   *
   * @param ref in full: {@code refs/heads/main}
   * @throws SourceFailed if the repository can't be reached
   */
  public Optional<GitRevision> find(String ref) {
    return Optional.ofNullable(refs().get(ref));
  }

  /**
   * Where all refs of the repository point to now; tags are peeled.
   *
   * @return by their full names: {@code refs/heads/main}
   * @throws SourceFailed if the repository can't be reached
   */
  public SortedMap<String, GitRevision> refs() {
    try {
      var all = new TreeMap<String, GitRevision>();
      Git.lsRemoteRepository()
          .setRemote(repository.url().toString())
          .setTimeout(Remote.timeoutSeconds())
          .setTransportConfigCallback(remote.authentication())
          .callAsMap()
          .values()
          .forEach(
              found -> {
                ObjectId peeled = found.getPeeledObjectId();
                ObjectId id = peeled == null ? found.getObjectId() : peeled;
                if (id != null) {
                  all.put(found.getName(), new GitRevision(id.name()));
                }
              });
      return all;
    } catch (GitAPIException | JGitInternalException e) {
      throw remote.failed(e);
    }
  }

  /**
   * Those of some refs that were made last: by the time of an annotated tag or else of its commit.
   *
   * @param refs in full
   * @param most how many are wanted
   * @throws SourceFailed if the repository can't be reached
   */
  public List<String> newest(Collection<String> refs, int most) {
    return refs.size() <= most ? List.copyOf(refs) : new History(remote).newest(refs, most);
  }

  /** Whether a commit is the tip of the default branch or an ancestor of it, however old. */
  public boolean isOnDefaultBranch(GitRevision commit) {
    return resolve(TIP).filter(commit::equals).isPresent()
        || new History(remote).contains(Constants.R_HEADS + repository.defaultBranch(), commit);
  }

  /**
   * Whether a commit is a descendant of another one, in the whole history of both.
   *
   * @param ref where the older one was seen, for a server that gives no commit by its id
   * @return false for a commit that the repository doesn't know
   * @throws SourceFailed if the repository can't be reached
   */
  public boolean isNewer(GitRevision candidate, GitRevision than, String ref) {
    String branch = Constants.R_HEADS + repository.defaultBranch();
    return new History(remote)
        .isAncestor(than, candidate, Stream.of(branch, ref).distinct().toList());
  }

  /**
   * Checks out exactly this commit, submodules too. What is there of another commit goes.
   *
   * @param ref where the commit was seen, {@code refs/heads/main}, for a server that gives no
   *     commit by its id
   * @throws SourceFailed if the commit is not there any more, or can't be had
   */
  public Checkout checkOut(GitRevision revision, String ref) {
    return checkOut(revision, ref, remote);
  }

  /**
   * The same of a commit that may be anybody's: its submodules are fetched without the token, which
   * may open more than this repository.
   */
  public Checkout checkOutAnybodys(GitRevision revision, String ref) {
    return checkOut(revision, ref, new Remote(repository.url(), Optional.empty()));
  }

  private Checkout checkOut(GitRevision revision, String ref, Remote forSubmodules) {
    fetchCommit(revision, ref);
    try {
      Submodules.forget(git.getRepository());
      git.checkout().setName(revision.value()).setForced(true).call();
      boolean submodules = Submodules.update(git, forSubmodules);
      return new Checkout(
          folder.path(), revision, submodules, LfsPointers.in(git.getRepository(), revision));
    } catch (InvalidPathException | DirCacheNameConflictException e) {
      throw new SourceFailed(
          Kind.HOSTILE,
          "the commit %s can't be checked out: %s".formatted(revision, e.getMessage()),
          "A name in it leads out of the checkout or into Git's own folder, or stands for two things.");
    } catch (GitAPIException | JGitInternalException | IOException e) {
      throw remote.failed(e);
    }
  }

  private void fetchCommit(GitRevision revision, String ref) {
    if (has(revision)) {
      return;
    }
    try {
      fetchOrThrow(new RefSpec("+" + revision.value() + ":" + COMMIT), 1);
    } catch (GitAPIException | JGitInternalException byId) {
      fetchByRef(ref);
    }
    if (!has(revision)) {
      throw new SourceFailed(
          Kind.REVISION_MISSING,
          "the commit %s is no longer in %s (%s)".formatted(revision, repository.url(), ref),
          "It was probably replaced by a force push: the run for the new commit will do the work.");
    }
  }

  /** The way for a server that does not give commits by their id: down from where it was seen. */
  private void fetchByRef(String ref) {
    try {
      fetchOrThrow(new RefSpec("+" + ref + ":" + COMMIT), LOOK_BACK);
    } catch (GitAPIException | JGitInternalException e) {
      String message = String.valueOf(e.getMessage());
      if (!message.contains("does not have") && !message.contains("not advertise")) {
        throw remote.failed(e);
      }
    }
  }

  private boolean has(GitRevision revision) {
    try (var walk = new RevWalk(git.getRepository())) {
      var id = ObjectId.fromString(revision.value());
      if (!git.getRepository().getObjectDatabase().has(id)) {
        return false;
      }
      walk.parseTree(walk.parseCommit(id).getTree());
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private Optional<GitRevision> resolve(String ref) {
    try {
      return Optional.ofNullable(git.getRepository().resolve(ref))
          .map(id -> new GitRevision(id.name()));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private void fetch(RefSpec spec, int depth) {
    try {
      fetchOrThrow(spec, depth);
    } catch (GitAPIException | JGitInternalException e) {
      if (String.valueOf(e.getMessage()).contains("does not have " + spec.getSource())) {
        return; // the caller finds that it is not there
      }
      throw remote.failed(e);
    }
  }

  private void fetchOrThrow(RefSpec spec, int depth) throws GitAPIException {
    git.fetch()
        .setRemote("origin")
        .setRefSpecs(spec)
        .setTagOpt(TagOpt.NO_TAGS)
        .setDepth(depth)
        .setTimeout(Remote.timeoutSeconds())
        .setTransportConfigCallback(remote.authentication())
        .call();
  }

  @Override
  public void close() {
    git.close();
    folder.close();
  }
}
