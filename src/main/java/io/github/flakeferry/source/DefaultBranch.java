package io.github.flakeferry.source;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.jspecify.annotations.Nullable;

/** Which branch of a clone is the one that all others come back to, as far as the clone knows. */
final class DefaultBranch {
  private static final String ORIGIN = Constants.R_REMOTES + Constants.DEFAULT_REMOTE_NAME + "/";
  private static final List<String> USUAL = List.of("main", "master", "trunk");

  private DefaultBranch() {}

  /**
   * The remote's, else one that is called as such are, else what is checked out; absent where that
   * is no branch.
   */
  static Optional<String> of(Repository repository) throws IOException {
    @Nullable Ref head = repository.exactRef(ORIGIN + Constants.HEAD);
    if (head != null && head.isSymbolic()) {
      return Optional.of(head.getTarget().getName().replaceFirst("^" + ORIGIN, ""));
    }
    Optional<String> here =
        Optional.ofNullable(repository.getFullBranch())
            .filter(name -> name.startsWith(Constants.R_HEADS))
            .map(Repository::shortenRefName);
    if (here.filter(USUAL::contains).isPresent()) {
      return here;
    }
    for (String name : USUAL) {
      if (tip(repository, Optional.of(name)).isPresent()) {
        return Optional.of(name);
      }
    }
    return here;
  }

  /**
   * Where a branch is: as the remote had it when it was fetched last, else as it is here.
   *
   * @param branch its name; absent: the remote's default branch, else the one that is checked out
   */
  static Optional<ObjectId> tip(Repository repository, Optional<String> branch) throws IOException {
    var names =
        branch
            .map(name -> Stream.of(ORIGIN + name, Constants.R_HEADS + name))
            .orElse(Stream.of(ORIGIN + Constants.HEAD, Constants.HEAD));
    for (String name : names.toList()) {
      @Nullable Ref ref = repository.exactRef(name);
      if (ref != null && ref.getObjectId() != null) {
        return Optional.of(ref.getObjectId());
      }
    }
    return Optional.empty();
  }
}
