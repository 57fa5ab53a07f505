package io.github.flakeferry.model;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A store path and everything it refers to.
 *
 * @param narSizes bytes of each path's NAR, the root's too
 */
public record Closure(StorePath root, SortedMap<StorePath, Long> narSizes) {
  public Closure {
    narSizes = Collections.unmodifiableSortedMap(new TreeMap<>(narSizes));
  }

  /** The closure of a root whose paths' infos are known. */
  public static Closure of(StorePath root, List<PathInfo> infos) {
    var sizes = new TreeMap<StorePath, Long>();
    infos.forEach(i -> sizes.put(i.path(), i.narSize()));
    return new Closure(root, sizes);
  }

  /** NAR bytes of all paths together. */
  public long bytes() {
    return narSizes.values().stream().mapToLong(Long::longValue).sum();
  }
}
