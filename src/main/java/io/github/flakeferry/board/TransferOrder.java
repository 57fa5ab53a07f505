package io.github.flakeferry.board;

import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.StorePath;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Puts paths into an order in which a store takes them. */
final class TransferOrder {
  private TransferOrder() {}

  private record Visit(PathInfo info, Iterator<StorePath> rest) {}

  /** References before referrers; Nix has no cycles but of a path with itself. */
  static List<PathInfo> of(List<PathInfo> closure) {
    Map<StorePath, PathInfo> byPath =
        closure.stream()
            .collect(Collectors.toMap(PathInfo::path, Function.identity(), (a, b) -> a));
    var seen = new HashSet<StorePath>();
    var ordered = new ArrayList<PathInfo>();
    // a stack of our own: chains of references can be longer than a thread's stack is deep
    var stack = new ArrayDeque<Visit>();
    for (PathInfo root : closure) {
      if (seen.add(root.path())) {
        stack.push(new Visit(root, root.references().iterator()));
      }
      while (!stack.isEmpty()) {
        Visit top = stack.element();
        if (!top.rest().hasNext()) {
          ordered.add(top.info());
          stack.pop();
          continue;
        }
        PathInfo reference = byPath.get(top.rest().next());
        if (reference != null && seen.add(reference.path())) {
          stack.push(new Visit(reference, reference.references().iterator()));
        }
      }
    }
    return ordered;
  }
}
