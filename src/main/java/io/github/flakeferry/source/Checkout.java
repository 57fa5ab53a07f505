package io.github.flakeferry.source;

import io.github.flakeferry.model.GitRevision;
import java.nio.file.Path;
import java.util.List;

/**
 * A commit's files on this machine, with a shallow {@code .git}. Gone when its {@link GitSource} is
 * closed.
 *
 * @param hasSubmodules whether there are some, checked out too
 * @param lfsPointers files whose content Git LFS keeps elsewhere: only the pointers are here
 */
public record Checkout(
    Path folder, GitRevision revision, boolean hasSubmodules, List<String> lfsPointers) {
  public Checkout {
    lfsPointers = List.copyOf(lfsPointers);
  }
}
