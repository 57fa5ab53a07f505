package io.github.flakeferry.source;

import java.io.IOException;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.treewalk.FileTreeIterator;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.WorkingTreeIterator;
import org.eclipse.jgit.treewalk.filter.PathFilter;

/** A repository's own {@code .gitignore} files and {@code info/exclude}. */
final class IgnoreRules {
  private IgnoreRules() {}

  /**
   * Whether a file, or a folder that it is in, is ignored.
   *
   * @param file from the root, with slashes
   */
  static boolean cover(Repository repository, String file) throws IOException {
    try (var walk = new TreeWalk(repository)) {
      walk.addTree(new FileTreeIterator(repository));
      walk.setFilter(PathFilter.create(file));
      while (walk.next()) {
        if (walk.getTree(0, WorkingTreeIterator.class).isEntryIgnored()) {
          return true;
        }
        if (!walk.isSubtree()) {
          return false;
        }
        walk.enterSubtree();
      }
      return false;
    }
  }
}
