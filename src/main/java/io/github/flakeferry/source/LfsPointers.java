package io.github.flakeferry.source;

import io.github.flakeferry.model.GitRevision;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;

/** Finds the files that Git LFS keeps elsewhere (git-lfs, docs/spec.md, "The Pointer"). */
final class LfsPointers {
  private static final String FIRST_LINE = "version https://git-lfs.github.com/spec/v1\n";
  private static final int LARGEST_POINTER = 1024;
  private static final int MOST = 20;

  private LfsPointers() {}

  /**
   * At most 20 of them. Looks only at repositories with a {@code .gitattributes} that names LFS, so
   * that a large tree without any costs no look at its files.
   */
  static List<String> in(Repository repository, GitRevision revision) throws IOException {
    try (var reader = repository.newObjectReader();
        var walk = new RevWalk(reader)) {
      var tree = walk.parseCommit(ObjectId.fromString(revision.value())).getTree();
      var found = new ArrayList<String>();
      if (!namesLfs(reader, tree)) {
        return found;
      }
      try (var files = files(reader, tree)) {
        while (found.size() < MOST && files.next()) {
          if (FileMode.REGULAR_FILE.equals(files.getRawMode(0))
              && startsWith(reader, files.getObjectId(0), FIRST_LINE)) {
            found.add(files.getPathString());
          }
        }
      }
      return found;
    }
  }

  private static boolean namesLfs(ObjectReader reader, ObjectId tree) throws IOException {
    try (var files = files(reader, tree)) {
      while (files.next()) {
        if (files.getNameString().equals(Constants.DOT_GIT_ATTRIBUTES)
            && text(reader, files.getObjectId(0), 1 << 20).contains("filter=lfs")) {
          return true;
        }
      }
      return false;
    }
  }

  private static TreeWalk files(ObjectReader reader, ObjectId tree) throws IOException {
    var files = new TreeWalk(reader);
    files.addTree(tree);
    files.setRecursive(true);
    return files;
  }

  private static boolean startsWith(ObjectReader reader, ObjectId blob, String beginning)
      throws IOException {
    return reader.getObjectSize(blob, Constants.OBJ_BLOB) <= LARGEST_POINTER
        && text(reader, blob, LARGEST_POINTER).startsWith(beginning);
  }

  private static String text(ObjectReader reader, ObjectId blob, int limit) throws IOException {
    return new String(
        reader.open(blob, Constants.OBJ_BLOB).getCachedBytes(limit), StandardCharsets.UTF_8);
  }
}
