package io.github.flakeferry.source;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.flakeferry.model.GitRevision;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.TreeFormatter;

/**
 * A repository on disk into which anything can be pushed, also what no client of Git would make: a
 * tree with {@code .git} or {@code ..} in it, a branch that is called like an option.
 */
public final class HostileRepository implements AutoCloseable {
  private static final PersonIdent SOMEBODY = new PersonIdent("Somebody", "somebody@example.org");

  private final Git git;

  /** Makes it; nothing is in it. */
  public HostileRepository(Path folder) throws IOException {
    IsolatedGit.install();
    try {
      git = Git.init().setBare(true).setDirectory(folder.toFile()).setInitialBranch("main").call();
    } catch (GitAPIException e) {
      throw new IOException(e);
    }
  }

  /** What stands in a tree. */
  public sealed interface Entry {
    /** A file. */
    record Text(String content) implements Entry {}

    /** A symbolic link. */
    record Link(String target) implements Entry {}

    /** A submodule. */
    record Module(GitRevision commit) implements Entry {}

    /** A file. */
    static Entry text(String content) {
      return new Text(content);
    }
  }

  public URI url() {
    return URI.create("file://" + git.getRepository().getDirectory());
  }

  /**
   * Makes a commit and lets a ref point to it. Its parent is what the ref pointed to.
   *
   * @param files by their paths, with slashes; all that the commit has
   */
  public GitRevision push(String ref, Map<String, Entry> files) throws IOException {
    return push(ref, ref, files);
  }

  /** The same, with another ref's commit as the parent. */
  public GitRevision push(String ref, String parentRef, Map<String, Entry> files)
      throws IOException {
    try (var inserter = git.getRepository().newObjectInserter()) {
      var commit = new CommitBuilder();
      commit.setTreeId(tree(inserter, files));
      var parent = git.getRepository().exactRef(parentRef);
      if (parent != null) {
        commit.setParentId(parent.getObjectId());
      }
      commit.setAuthor(SOMEBODY);
      commit.setCommitter(SOMEBODY);
      commit.setMessage("to " + ref);
      ObjectId id = inserter.insert(commit);
      inserter.flush();
      var revision = new GitRevision(id.name());
      point(ref, revision);
      return revision;
    }
  }

  /** Lets a ref point to a commit, whatever it pointed to. */
  public void point(String ref, GitRevision commit) throws IOException {
    var update = git.getRepository().updateRef(ref);
    update.setNewObjectId(ObjectId.fromString(commit.value()));
    update.forceUpdate();
  }

  private static ObjectId tree(ObjectInserter inserter, Map<String, Entry> files)
      throws IOException {
    // in Git's order a folder's name ends with a slash
    var names = new TreeMap<String, Map<String, Entry>>();
    files.forEach(
        (path, entry) -> {
          int slash = path.indexOf('/');
          names
              .computeIfAbsent(path.substring(0, slash + 1), folder -> new TreeMap<>())
              .put(path.substring(slash + 1), entry);
        });
    var all = new TreeMap<String, Runnable>();
    var tree = new TreeFormatter();
    for (var folder : names.entrySet()) {
      if (!folder.getKey().isEmpty()) {
        ObjectId inner = tree(inserter, folder.getValue());
        String name = folder.getKey().substring(0, folder.getKey().length() - 1);
        all.put(folder.getKey(), () -> tree.append(name, FileMode.TREE, inner));
      }
    }
    for (var file : names.getOrDefault("", Map.of()).entrySet()) {
      Leaf leaf = leaf(inserter, file.getValue());
      all.put(file.getKey(), () -> tree.append(file.getKey(), leaf.mode(), leaf.id()));
    }
    all.values().forEach(Runnable::run);
    return inserter.insert(tree);
  }

  private record Leaf(FileMode mode, ObjectId id) {}

  private static Leaf leaf(ObjectInserter inserter, Entry entry) throws IOException {
    return switch (entry) {
      case Entry.Text(var content) -> new Leaf(FileMode.REGULAR_FILE, blob(inserter, content));
      case Entry.Link(var target) -> new Leaf(FileMode.SYMLINK, blob(inserter, target));
      case Entry.Module(var commit) ->
          new Leaf(FileMode.GITLINK, ObjectId.fromString(commit.value()));
    };
  }

  private static ObjectId blob(ObjectInserter inserter, String text) throws IOException {
    return inserter.insert(Constants.OBJ_BLOB, text.getBytes(UTF_8));
  }

  @Override
  public void close() {
    git.close();
  }
}
