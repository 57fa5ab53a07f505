package io.github.flakeferry.board;

import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The part of the preflight that looks at what would be brought: its sizes and signatures. */
final class ClosureCheck {
  /** What must stay free in the board's store: its database and its logs grow, too. */
  private static final long SLACK = 64L << 20;

  /** The same of its boot partition. */
  private static final long BOOT_SLACK = 1L << 20;

  private static final long MIB = 1L << 20;

  private final BoardFacts facts;
  private final Deployment deployment;
  private final List<Trouble> troubles = new ArrayList<>();

  ClosureCheck(BoardFacts facts, Deployment deployment) {
    this.facts = facts;
    this.deployment = deployment;
  }

  /**
   * All that is amiss.
   *
   * @param missing what the board's store lacks
   */
  List<Trouble> troubles(List<PathInfo> missing) {
    room(missing);
    bootRoom();
    signatures(missing);
    return troubles;
  }

  private void room(List<PathInfo> missing) {
    long bytes = missing.stream().mapToLong(PathInfo::narSize).sum();
    if (bytes > 0 && bytes + SLACK > facts.storeFreeBytes()) {
      add(
          FailureCode.NO_ROOM,
          ("Its /nix has %d MiB free; %d MiB in %d paths are missing, and %d MiB must stay free:"
                  + " make room with nix-collect-garbage -d.")
              .formatted(
                  facts.storeFreeBytes() / MIB, bytes / MIB + 1, missing.size(), SLACK / MIB));
    }
  }

  private void bootRoom() {
    if (!(deployment.wanted() instanceof Wanted.Incoming incoming)
        || !Preflight.LASTING.contains(deployment.action())
        || facts.bootFreeBytes().isEmpty()) {
      return;
    }
    long bytes =
        incoming.bootFiles().stream()
            .filter(file -> !facts.bootFiles().contains(file.path()))
            .mapToLong(Wanted.BootFile::bytes)
            .sum();
    long free = facts.bootFreeBytes().orElseThrow();
    if (bytes > 0 && bytes + BOOT_SLACK > free) {
      add(
          FailureCode.NO_ROOM,
          ("Its /boot has %d MiB free, and the new kernel and initrd need %d MiB: remove old"
                  + " generations (keep-generations in the policy does it after each deployment).")
              .formatted(free / MIB, bytes / MIB + 1));
    }
  }

  // root's store takes all; the store of others only what a trusted key has signed
  private void signatures(List<PathInfo> missing) {
    if (deployment.wanted() instanceof Wanted.Incoming incoming
        && !incoming.signers().isEmpty()
        && incoming.closure().stream()
            .filter(info -> info.path().equals(incoming.system()))
            .noneMatch(info -> incoming.signers().stream().anyMatch(key -> key.hasSigned(info)))) {
      add(
          FailureCode.SIGNATURE,
          "The system carries no signature of "
              + incoming.signers().stream().map(PublicKey::name).collect(Collectors.joining(", "))
              + ".");
    }
    if (facts.userId() == 0 || facts.trustedKeys().isEmpty()) {
      return;
    }
    List<PublicKey> trusted = new ArrayList<>();
    for (String key : facts.trustedKeys()) {
      try {
        trusted.add(PublicKey.parse(key));
      } catch (IllegalArgumentException e) {
        // Nix does not take it either
      }
    }
    List<PathInfo> refused =
        missing.stream()
            .filter(info -> info.contentAddress().isEmpty())
            .filter(info -> trusted.stream().noneMatch(key -> key.hasSigned(info)))
            .toList();
    if (!refused.isEmpty()) {
      add(
          FailureCode.SIGNATURE,
          ("%d paths, %s first, are signed by no key that it trusts (%s): add the cache's key to its"
                  + " nix.settings.trusted-public-keys.")
              .formatted(
                  refused.size(),
                  refused.getFirst().path(),
                  trusted.stream().map(PublicKey::name).collect(Collectors.joining(", "))));
    }
  }

  private void add(FailureCode code, String words) {
    troubles.add(new Trouble(code, words));
  }
}
