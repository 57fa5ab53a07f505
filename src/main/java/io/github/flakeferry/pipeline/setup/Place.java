package io.github.flakeferry.pipeline.setup;

import io.github.flakeferry.pipeline.PolicyFile;
import io.github.flakeferry.source.WorkingCopy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The repository that is to be, or is.
 *
 * @param root its uppermost folder, absolute
 * @param flake where {@code flake.nix} is in it; empty: at its root
 * @param policy where the policy is in it, or will be
 * @param forge that runs its workflows; absent where none does whose workflows are written
 * @param branch that deploys
 * @param remote its URL; absent where it has none
 * @param hasCommit whether anything was committed
 * @param folder where the user is, absolute
 */
public record Place(
    Path root,
    Path flake,
    Path policy,
    Optional<Forge> forge,
    String branch,
    Optional<String> remote,
    boolean hasCommit,
    Path folder) {
  private static final String BRANCH = "main";
  private static final List<Path> USUAL = PolicyFile.PLACES.stream().map(Path::of).toList();

  /**
   * What a folder is in.
   *
   * @param flake as for this; empty: at the root, or in the folder itself
   * @param policy absolute, or relative to the folder; absent: the usual place
   * @throws SetupRefused if the policy is outside of the repository
   */
  public static Place around(Path folder, Path flake, Optional<Path> policy) {
    Optional<WorkingCopy> copy = WorkingCopy.around(folder);
    try {
      Path here = folder.toAbsolutePath().normalize();
      Path root = copy.map(WorkingCopy::root).orElse(folder).toAbsolutePath().normalize();
      Optional<String> remote = copy.flatMap(WorkingCopy::remoteUrl);
      return new Place(
          root,
          flake.toString().isEmpty() && !hasFlake(root) && hasFlake(here)
              ? root.relativize(here)
              : flake,
          policy
              .map(file -> inside(root, here.resolve(file).normalize()))
              .orElseGet(() -> there(root).findFirst().orElse(USUAL.getFirst())),
          Forge.of(root, remote),
          copy.flatMap(WorkingCopy::defaultBranch).orElse(BRANCH),
          remote,
          copy.flatMap(WorkingCopy::head).isPresent(),
          here);
    } finally {
      copy.ifPresent(WorkingCopy::close);
    }
  }

  private static Path inside(Path root, Path policy) {
    if (!policy.startsWith(root)) {
      throw SetupRefused.policyOutside(policy, root);
    }
    return root.relativize(policy);
  }

  private static Stream<Path> there(Path root) {
    return USUAL.stream().filter(place -> Files.exists(root.resolve(place)));
  }

  /** The policy's file for whoever has to be told it: runs find the usual one by themselves. */
  Optional<Path> config() {
    Path found = Stream.concat(there(root), Stream.of(policy)).findFirst().orElseThrow();
    return USUAL.contains(policy) && found.equals(policy) ? Optional.empty() : Optional.of(policy);
  }

  /** The same from the folder where the user is. */
  Optional<Path> configHere() {
    return config().map(file -> folder.relativize(root.resolve(file)));
  }

  /** A policy at another usual place, which nobody reads since this one is there. */
  Optional<Path> unread() {
    return config().isPresent()
        ? Optional.empty()
        : there(root).filter(place -> !place.equals(policy)).findFirst();
  }

  /** That of the remote; empty where it has none. */
  String host() {
    return remote.map(Forge::host).orElse("");
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
