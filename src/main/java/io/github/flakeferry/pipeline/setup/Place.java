package io.github.flakeferry.pipeline.setup;

import io.github.flakeferry.source.WorkingCopy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The repository that is to be, or is.
 *
 * @param root its uppermost folder, absolute
 * @param flake where {@code flake.nix} is in it; empty: at its root
 * @param policy where the policy is in it, or will be
 * @param branch that deploys
 * @param hasCommit whether anything was committed
 */
public record Place(
    Path root, Path flake, Path policy, Forge forge, String branch, boolean hasCommit) {
  private static final String BRANCH = "main";
  private static final Path HIDDEN = Path.of(".github", "flakeferry.yml");
  private static final Path POLICY = Path.of("flakeferry.yml");

  /**
   * What a folder is in.
   *
   * @param flake as for this; empty: at the root, or in the folder itself
   * @param policy as for this; absent: the usual place
   */
  public static Place around(Path folder, Path flake, Optional<Path> policy) {
    Optional<WorkingCopy> copy = WorkingCopy.around(folder);
    try {
      Path root = copy.map(WorkingCopy::root).orElse(folder).toAbsolutePath().normalize();
      Path own = root.relativize(folder.toAbsolutePath().normalize());
      return new Place(
          root,
          flake.toString().isEmpty() && !hasFlake(root) && hasFlake(folder) ? own : flake,
          policy.orElse(Files.exists(root.resolve(HIDDEN)) ? HIDDEN : POLICY),
          Forge.of(root, copy.flatMap(WorkingCopy::remoteUrl)),
          copy.flatMap(WorkingCopy::defaultBranch).orElse(BRANCH),
          copy.flatMap(WorkingCopy::head).isPresent());
    } finally {
      copy.ifPresent(WorkingCopy::close);
    }
  }

  private static boolean hasFlake(Path folder) {
    return Files.isRegularFile(folder.resolve("flake.nix"));
  }

  /** A word for what belongs to it: its folder's name. */
  public String name() {
    return Optional.ofNullable(root.getFileName())
        .map(name -> name.toString().replaceAll("[^A-Za-z0-9._-]", "-"))
        .filter(name -> !name.isEmpty())
        .orElse("flake");
  }
}
