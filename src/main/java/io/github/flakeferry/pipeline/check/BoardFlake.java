package io.github.flakeferry.pipeline.check;

import io.github.flakeferry.fleet.Policy;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.nix.Flake;
import io.github.flakeferry.nix.Nix;
import io.github.flakeferry.pipeline.CommittedFlake;
import io.github.flakeferry.pipeline.Fleet;
import io.github.flakeferry.source.WorkingCopy;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What the working copy's commit and policy want built.
 *
 * @param folder where {@code flake.nix} is in the repository; empty: at its root
 */
public record BoardFlake(Nix nix, Fleet fleet, Path folder) {
  /**
   * A configuration that boards run.
   *
   * @param variant that is built for it
   */
  record Wanted(String configuration, String variant, List<String> boards) {
    /** {@code unmatched (unmatched-1, lab-1)}. */
    String told() {
      return "%s (%s)".formatted(variant, String.join(", ", boards));
    }
  }

  /** Absent where this is no clone with a commit. */
  Optional<Flake> flake() {
    Optional<WorkingCopy> copy = fleet.copy();
    Optional<GitRevision> head = copy.flatMap(WorkingCopy::head);
    if (copy.isEmpty() || head.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(CommittedFlake.of(nix, copy.get(), folder, head.get()));
  }

  /** Each configuration once, in the policy's order. */
  List<Wanted> wanted(Flake flake) {
    Policy policy = fleet.policy();
    var offered = new HashSet<>(nix.configurations(flake));
    Map<String, List<String>> boards =
        policy.boards().stream()
            .collect(
                Collectors.groupingBy(
                    board -> board.configuration(),
                    LinkedHashMap::new,
                    Collectors.mapping(board -> board.name().value(), Collectors.toList())));
    return boards.entrySet().stream()
        .map(
            each ->
                new Wanted(
                    each.getKey(),
                    policy.cross().variant(each.getKey(), offered, nix.platform()),
                    each.getValue()))
        .toList();
  }
}
