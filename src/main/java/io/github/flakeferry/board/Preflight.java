package io.github.flakeferry.board;

import io.github.flakeferry.model.BoardAction;
import io.github.flakeferry.model.Outcome;
import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Says all that speaks against a deployment, before the board is touched. */
final class Preflight {
  /** What must stay free in the board's store: its database and its logs grow, too. */
  static final long SLACK = 64L << 20;

  private static final long MIB = 1L << 20;

  private final BoardFacts facts;
  private final Deployment deployment;
  private final List<String> troubles = new ArrayList<>();
  private final List<String> holders = new ArrayList<>();

  private Preflight(BoardFacts facts, Deployment deployment) {
    this.facts = facts;
    this.deployment = deployment;
  }

  /**
   * What can be said before the board's store is asked: without this nothing more can be.
   *
   * @throws BoardFailure naming everything amiss, REFUSED or, where only others are in the way,
   *     BUSY
   */
  static void checkBoard(BoardFacts facts, Deployment deployment) {
    var check = new Preflight(facts, deployment);
    check.machine();
    check.others();
    if (facts.nixVersion().isEmpty() || facts.current().isEmpty()) {
      check.raise();
    }
  }

  /**
   * Everything.
   *
   * @param missing what the board's store lacks
   * @throws BoardFailure as above
   */
  static void check(BoardFacts facts, Deployment deployment, List<PathInfo> missing) {
    var check = new Preflight(facts, deployment);
    check.machine();
    check.room(missing);
    check.signatures(missing);
    check.others();
    check.raise();
  }

  /** What people should know though it stops nothing. */
  static List<String> warnings(BoardFacts facts, Instant now) {
    Duration apart = Duration.between(facts.clock(), now).abs();
    return apart.compareTo(Duration.ofDays(1)) > 0
        ? List.of("its clock is " + apart.toDays() + " days off: " + facts.clock())
        : List.of();
  }

  private void machine() {
    if (facts.nixVersion().isEmpty()) {
      troubles.add("It has no nix-store on its PATH: is it NixOS?");
    }
    if (facts.current().isEmpty()) {
      troubles.add("/run/current-system names no system: is it NixOS?");
    }
    if (deployment.action() == BoardAction.GIVE_BACK) {
      if (facts.profile().isEmpty()) {
        troubles.add("Its profile names no system that it could be given back to.");
      }
    } else if (deployment.wanted() instanceof Wanted.Incoming incoming
        && !facts.machine().equals(incoming.platform().machine())) {
      troubles.add(
          "It is %s, and the system was built for %s: check the board's configuration and tags."
              .formatted(Scripts.oneLine(facts.machine()), incoming.platform()));
    }
  }

  private void room(List<PathInfo> missing) {
    long bytes = missing.stream().mapToLong(PathInfo::narSize).sum();
    if (bytes > 0 && bytes + SLACK > facts.storeFreeBytes()) {
      troubles.add(
          ("Its /nix has %d MiB free; %d MiB in %d paths are missing, and %d MiB must stay free:"
                  + " make room with nix-collect-garbage -d.")
              .formatted(
                  facts.storeFreeBytes() / MIB, bytes / MIB + 1, missing.size(), SLACK / MIB));
    }
  }

  // root's store takes all; the store of others only what a trusted key has signed
  private void signatures(List<PathInfo> missing) {
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
      troubles.add(
          ("%d paths, %s first, are signed by no key that it trusts (%s): add the cache's key to its"
                  + " nix.settings.trusted-public-keys.")
              .formatted(
                  refused.size(),
                  refused.getFirst().path(),
                  trusted.stream().map(PublicKey::name).collect(Collectors.joining(", "))));
    }
  }

  private void others() {
    facts
        .activating()
        .ifPresent(
            run ->
                holders.add(
                    "%s has been %s there since %s."
                        .formatted(
                            Scripts.oneLine(run.owner()),
                            Scripts.oneLine(run.state()),
                            run.since())));
    if (facts.foreignActivation()) {
      holders.add("Somebody else activates a system there just now.");
    }
    if (deployment.action() == BoardAction.TEST) {
      facts
          .validLease()
          .filter(lease -> !deployment.lease().equals(java.util.Optional.of(lease.owner())))
          .ifPresent(
              lease ->
                  holders.add(
                      "It has been given to %s since %s."
                          .formatted(Scripts.oneLine(lease.owner()), lease.since())));
    }
  }

  private void raise() {
    if (troubles.isEmpty() && holders.isEmpty()) {
      return;
    }
    var all = new ArrayList<>(troubles);
    all.addAll(holders);
    throw new BoardFailure(
        troubles.isEmpty() ? Outcome.BUSY : Outcome.REFUSED,
        deployment.board() + " was not touched: " + String.join("\n", all),
        "");
  }
}
