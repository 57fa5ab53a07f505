package io.github.flakeferry.source;

import io.github.flakeferry.model.GitRevision;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;

/**
 * A file as a commit has it.
 *
 * @param path from the repository's root, with slashes
 */
record CommittedFile(Repository repository, GitRevision commit, String path) {
  private static final int MOST_READ = 4 << 20;

  /**
   * Its first 4 MiB, as UTF-8; absent where the commit has no such file. Only a regular file is
   * one: a symbolic link could lead anywhere.
   */
  Optional<String> text() throws IOException {
    Optional<Entry> entry = entry().filter(Entry::isRegular);
    return entry.isEmpty() ? Optional.empty() : Optional.of(read(entry.get().open(repository)));
  }

  /** All of it, where that is 4 MiB at most. */
  FileContent content() throws IOException {
    Optional<Entry> entry = entry();
    if (entry.filter(Entry::isLink).isPresent()) {
      return new FileContent.Link();
    }
    if (entry.filter(Entry::isRegular).isEmpty()) {
      return new FileContent.Absent();
    }
    ObjectLoader loader = entry.get().open(repository);
    return loader.getSize() > MOST_READ
        ? new FileContent.TooLong(loader.getSize(), MOST_READ)
        : new FileContent.Text(read(loader));
  }

  private static String read(ObjectLoader loader) throws IOException {
    try (var stream = loader.openStream()) {
      return new String(stream.readNBytes(MOST_READ), StandardCharsets.UTF_8);
    }
  }

  /** Whether the commit has a file or a link of this name. */
  boolean exists() throws IOException {
    return entry().filter(e -> !FileMode.TREE.equals(e.mode())).isPresent();
  }

  private record Entry(int mode, ObjectId id) {
    boolean isRegular() {
      return FileMode.REGULAR_FILE.equals(mode) || FileMode.EXECUTABLE_FILE.equals(mode);
    }

    boolean isLink() {
      return FileMode.SYMLINK.equals(mode);
    }

    ObjectLoader open(Repository in) throws IOException {
      return in.open(id);
    }
  }

  private Optional<Entry> entry() throws IOException {
    if (path.matches("/*")) {
      return Optional.empty();
    }
    try (var walk = new RevWalk(repository);
        var tree =
            TreeWalk.forPath(
                repository,
                path,
                walk.parseCommit(ObjectId.fromString(commit.value())).getTree())) {
      return tree == null
          ? Optional.empty()
          : Optional.of(new Entry(tree.getRawMode(0), tree.getObjectId(0)));
    }
  }
}
