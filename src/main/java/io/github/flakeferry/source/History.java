package io.github.flakeferry.source;

import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.support.TemporaryFolder;
import java.io.IOException;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.stream.IntStream;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.api.errors.JGitInternalException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevObject;
import org.eclipse.jgit.revwalk.RevTag;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.transport.FilterSpec;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.TagOpt;

/**
 * Commits without their files. Each look deeper fetches anew into a repository of its own: JGit 7.8
 * stumbles over the {@code unshallow} lines that deepening an old one brings, and commits alone are
 * small.
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
        var git = fetched(folder, List.of(branchRef), depth)) {
      ObjectId tip = git.getRepository().resolve(TIP + 0);
      return tip != null && isIn(git, ObjectId.fromString(commit.value()), tip);
    }
  }

  /**
   * Whether one commit is another one's ancestor, and not the same. Both are looked for by their
   * ids, or, where the server gives no commit by its id, below some refs.
   *
   * @return false also where the repository doesn't have them (any more)
   */
  boolean isAncestor(GitRevision ancestor, GitRevision descendant, List<String> refs) {
    if (ancestor.equals(descendant)) {
      return false;
    }
    try {
      return isIn(ancestor, descendant, List.of(ancestor.value(), descendant.value()));
    } catch (GitAPIException | JGitInternalException | IOException noneByItsId) {
      try {
        return isIn(ancestor, descendant, refs);
      } catch (GitAPIException | JGitInternalException | IOException e) {
        throw remote.failed(e);
      }
    }
  }

  /** Those refs whose tag or commit is the youngest, the youngest first. */
  List<String> newest(Collection<String> refs, int most) {
    List<String> all = List.copyOf(refs);
    try (var folder = TemporaryFolder.create("history");
        var git = fetched(folder, all, 1);
        var walk = new RevWalk(git.getRepository())) {
      var times = new HashMap<String, Long>();
      for (int i = 0; i < all.size(); i++) {
        ObjectId id = git.getRepository().resolve(TIP + i);
        times.put(all.get(i), id == null ? 0 : time(walk.parseAny(id)));
      }
      return all.stream()
          .sorted(Comparator.comparing((String ref) -> times.getOrDefault(ref, 0L)).reversed())
          .limit(most)
          .toList();
    } catch (GitAPIException | JGitInternalException | IOException e) {
      throw remote.failed(e);
    }
  }

  private static long time(RevObject object) {
    return switch (object) {
      case RevTag tag when tag.getTaggerIdent() != null ->
          tag.getTaggerIdent().getWhenAsInstant().getEpochSecond();
      case RevCommit commit -> commit.getCommitTime();
      default -> 0;
    };
  }

  // mostly the descendant is the other one, and the first look tells it
  private boolean isIn(GitRevision ancestor, GitRevision descendant, List<String> wanted)
      throws GitAPIException, IOException {
    var older = ObjectId.fromString(ancestor.value());
    var newer = ObjectId.fromString(descendant.value());
    for (int depth : DEPTHS) {
      try (var folder = TemporaryFolder.create("history");
          var git = fetched(folder, wanted, depth)) {
        if (isIn(git, newer, older)) {
          return false;
        }
        if (isIn(git, older, newer)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whether a commit is the tip or an ancestor of it, as far as the history was fetched. */
  private static boolean isIn(Git git, ObjectId commit, ObjectId tip) throws IOException {
    var objects = git.getRepository().getObjectDatabase();
    if (!objects.has(commit) || !objects.has(tip)) {
      return false;
    }
    try (var walk = new RevWalk(git.getRepository())) {
      return walk.isMergedInto(walk.parseCommit(commit), walk.parseCommit(tip));
    }
  }

  private Git fetched(TemporaryFolder folder, List<String> sources, int depth)
      throws IOException, GitAPIException {
    Git git = Git.init().setBare(true).setDirectory(folder.path().toFile()).call();
    try {
      Remote.configure(git, remote.url());
      try {
        fetch(git, sources, depth, FilterSpec.fromFilterLine("tree:0"));
      } catch (GitAPIException | JGitInternalException filterNotOffered) {
        fetch(git, sources, depth, FilterSpec.NO_FILTER);
      }
      return git;
    } catch (IOException | GitAPIException | RuntimeException e) {
      git.close();
      throw e;
    }
  }

  private void fetch(Git git, List<String> sources, int depth, FilterSpec filter)
      throws GitAPIException {
    git.fetch()
        .setRemote("origin")
        .setRefSpecs(
            IntStream.range(0, sources.size())
                .mapToObj(i -> new RefSpec("+" + sources.get(i) + ":" + TIP + i))
                .toList())
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
