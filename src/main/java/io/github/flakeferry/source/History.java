package io.github.flakeferry.source;

import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.support.TemporaryFolder;
import java.io.IOException;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.api.errors.JGitInternalException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.transport.FilterSpec;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.TagOpt;

/**
 * The commits of a branch, without their files. Each look deeper fetches anew into a repository of
 * its own: JGit 7.8 stumbles over the {@code unshallow} lines that deepening an old one brings, and
 * commits alone are small.
 */
final class History {
  private static final int[] DEPTHS = {64, 1024, Integer.MAX_VALUE};
  private static final String TIP = "refs/flakeferry/tip";

  private final Remote remote;

  History(Remote remote) {
    this.remote = remote;
  }

  /** Whether the commit is the tip of the branch or an ancestor of it. */
  boolean contains(String branchRef, GitRevision commit) {
    for (int depth : DEPTHS) {
      try {
        if (contains(branchRef, commit, depth)) {
          return true;
        }
      } catch (GitAPIException | JGitInternalException | IOException e) {
        throw remote.failed(e);
      }
    }
    return false;
  }

  private boolean contains(String branchRef, GitRevision commit, int depth)
      throws IOException, GitAPIException {
    try (var folder = TemporaryFolder.create("history");
        var git = Git.init().setBare(true).setDirectory(folder.path().toFile()).call()) {
      Remote.configure(git, remote.url());
      try {
        fetch(git, branchRef, depth, FilterSpec.fromFilterLine("tree:0"));
      } catch (GitAPIException | JGitInternalException filterNotOffered) {
        fetch(git, branchRef, depth, FilterSpec.NO_FILTER);
      }
      try (var walk = new RevWalk(git.getRepository())) {
        var id = ObjectId.fromString(commit.value());
        return git.getRepository().getObjectDatabase().has(id)
            && walk.isMergedInto(
                walk.parseCommit(id), walk.parseCommit(git.getRepository().resolve(TIP)));
      }
    }
  }

  private void fetch(Git git, String branchRef, int depth, FilterSpec filter)
      throws GitAPIException {
    git.fetch()
        .setRemote("origin")
        .setRefSpecs(new RefSpec("+" + branchRef + ":" + TIP))
        .setTagOpt(TagOpt.NO_TAGS)
        .setDepth(depth)
        .setTransportConfigCallback(
            transport -> {
              remote.authentication().configure(transport);
              transport.setFilterSpec(filter);
            })
        .call();
  }
}
