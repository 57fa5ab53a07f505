package io.github.flakeferry.source;

import io.github.flakeferry.source.SourceFailed.Kind;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.api.errors.JGitInternalException;
import org.eclipse.jgit.lib.ConfigConstants;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.StoredConfig;
import org.eclipse.jgit.submodule.SubmoduleWalk;
import org.eclipse.jgit.util.FileUtils;

/**
 * A commit's submodules and theirs. What {@code .gitmodules} says was written by whoever wrote the
 * commit: only http and https are followed, a file only from a repository that is one itself, and
 * the token, where there is one for them, goes to the repository's own host only.
 */
final class Submodules {
  private static final int DEEPEST = 8;

  private Submodules() {}

  /** Checks them all out; says whether there were any. */
  static boolean update(Git git, Remote remote) throws IOException, GitAPIException {
    return update(git, remote, 0);
  }

  /**
   * Removes those of the commit that is checked out, with their clones and what is noted of them:
   * the next commit may be another's, and its submodules come from elsewhere or with less rights.
   */
  static void forget(Repository repository) throws IOException {
    try (var walk = SubmoduleWalk.forIndex(repository)) {
      while (walk.next()) {
        delete(walk.getDirectory());
      }
    }
    delete(new File(repository.getDirectory(), Constants.MODULES));
    StoredConfig config = repository.getConfig();
    for (String name : config.getSubsections(ConfigConstants.CONFIG_SUBMODULE_SECTION)) {
      config.unsetSection(ConfigConstants.CONFIG_SUBMODULE_SECTION, name);
    }
    config.save();
  }

  private static void delete(File folder) throws IOException {
    FileUtils.delete(folder, FileUtils.RECURSIVE | FileUtils.SKIP_MISSING);
  }

  private static boolean update(Git git, Remote remote, int depth)
      throws IOException, GitAPIException {
    if (depth > DEEPEST) {
      throw new SourceFailed(
          Kind.SUBMODULE,
          "submodules within submodules, more than " + DEEPEST + " deep",
          "Probably one contains itself.");
    }
    git.submoduleInit().call();
    boolean any = false;
    try (var walk = SubmoduleWalk.forIndex(git.getRepository())) {
      while (walk.next()) {
        if (walk.getModulesPath() == null) {
          continue; // nothing says where it comes from: to Git, too, it is an empty folder
        }
        any = true;
        String path = walk.getPath();
        String url = Optional.ofNullable(walk.getConfigUrl()).orElse("");
        check(path, url, remote);
        fetch(git, path, url, remote);
        try (Repository inner = walk.getRepository()) {
          if (inner != null) {
            update(Git.wrap(inner), remote, depth + 1);
          }
        }
      }
    } catch (org.eclipse.jgit.errors.ConfigInvalidException e) {
      throw new SourceFailed(
          Kind.SUBMODULE, ".gitmodules can't be read: " + e.getMessage(), "Correct it.");
    }
    return any;
  }

  private static void fetch(Git git, String path, String url, Remote remote) {
    try {
      git.submoduleUpdate()
          .addPath(path)
          .setTimeout(Remote.timeoutSeconds())
          .setTransportConfigCallback(remote.authentication())
          .call();
    } catch (GitAPIException | JGitInternalException e) {
      throw new SourceFailed(
          Kind.SUBMODULE,
          "the submodule %s could not be had from %s: %s".formatted(path, url, e.getMessage()),
          remote.token().isPresent()
              ? "A token opens only what it was made for: a private submodule needs one that reads"
                  + " both."
              : "It was asked for without a token: there is none, or the commit may be anybody's,"
                  + " and then its submodules have to be public.");
    }
  }

  private static void check(String path, String url, Remote remote) {
    String scheme = "";
    try {
      scheme = Optional.ofNullable(new URI(url).getScheme()).orElse("");
    } catch (URISyntaxException e) {
      // an scp-like address has no scheme
    }
    boolean file = scheme.equals("file") && remote.url().getScheme().equals("file");
    if (!scheme.equals("https") && !scheme.equals("http") && !file) {
      throw new SourceFailed(
          Kind.SUBMODULE,
          "the submodule %s has the URL '%s', which is not followed".formatted(path, url),
          "Give it an https:// URL or one relative to the repository's, in .gitmodules.");
    }
  }
}
