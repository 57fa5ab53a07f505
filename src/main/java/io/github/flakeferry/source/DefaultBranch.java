package io.github.flakeferry.source;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.jspecify.annotations.Nullable;

/** Which branch of a clone is the one that all others come back to, as far as the clone knows. */
final class DefaultBranch {
  private static final List<String> USUAL = List.of("main", "master", "trunk");

  private DefaultBranch() {}

  /** The name of the remote that counts: of the only one, else {@code origin}, there or not. */
  static String remote(Repository repository) {
    Set<String> remotes = repository.getRemoteNames();
    return remotes.size() == 1 ? remotes.iterator().next() : Constants.DEFAULT_REMOTE_NAME;
  }

  /**
   * The remote's, else one of the remote's that is called as such are, or where there is no remote
   * the only one here, else what is checked out; absent where that is no branch.
   */
  static Optional<String> of(Repository repository) throws IOException {
    String prefix = prefix(repository);
    @Nullable Ref head = repository.exactRef(prefix + Constants.HEAD);
    if (head != null && head.isSymbolic() && head.getTarget().getName().startsWith(prefix)) {
      return Optional.of(head.getTarget().getName().substring(prefix.length()));
    }
    Optional<String> here =
        Optional.ofNullable(repository.getFullBranch())
            .filter(name -> name.startsWith(Constants.R_HEADS))
            .map(Repository::shortenRefName);
    boolean hasRemote = repository.getRemoteNames().contains(remote(repository));
    List<String> usual = usual(repository, hasRemote ? prefix : Constants.R_HEADS);
    if (here.filter(usual::contains).isPresent() || usual.isEmpty()) {
      return here;
    }
    return hasRemote || usual.size() == 1 ? Optional.of(usual.getFirst()) : here;
  }

  private static List<String> usual(Repository repository, String prefix) throws IOException {
    var there = new ArrayList<String>();
    for (String name : USUAL) {
      if (repository.exactRef(prefix + name) != null) {
        there.add(name);
      }
    }
    return there;
  }

  private static String prefix(Repository repository) {
    return Constants.R_REMOTES + remote(repository) + "/";
  }

  /**
   * Where a branch is: as the remote had it when it was fetched last, else as it is here.
   *
   * @param branch its name; absent: the remote's default branch, else the one that is checked out
   */
  static Optional<ObjectId> tip(Repository repository, Optional<String> branch) throws IOException {
    String prefix = prefix(repository);
    var names =
        branch
            .map(name -> Stream.of(prefix + name, Constants.R_HEADS + name))
            .orElse(Stream.of(prefix + Constants.HEAD, Constants.HEAD));
    for (String name : names.toList()) {
      @Nullable Ref ref = repository.exactRef(name);
      if (ref != null && ref.getObjectId() != null) {
        return Optional.of(ref.getObjectId());
      }
    }
    return Optional.empty();
  }
}
