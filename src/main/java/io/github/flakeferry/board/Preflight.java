package io.github.flakeferry.board;

import io.github.flakeferry.model.BoardAction;
import io.github.flakeferry.model.Outcome;
import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Says all that speaks against a deployment, before the board is touched. */
final class Preflight {
  /** What must stay free in the board's store: its database and its logs grow, too. */
  static final long SLACK = 64L << 20;

  /** The same of its boot partition. */
  private static final long BOOT_SLACK = 1L << 20;

  /** Nix and the activation are killed by less. */
  private static final long LEAST_MEMORY = 48L << 20;

  private static final long MIB = 1L << 20;
  private static final Set<BoardAction> LASTING = EnumSet.of(BoardAction.SWITCH, BoardAction.BOOT);

  private final BoardFacts facts;
  private final Deployment deployment;
  private final List<String> troubles = new ArrayList<>();
  private final List<String> newer = new ArrayList<>();
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
    check.there();
    check.others();
    if (facts.nixVersion().isEmpty() || facts.current().isEmpty() || !facts.mayBeRoot()) {
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
    check.there();
    check.room(missing);
    check.bootRoom();
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
    if (!facts.mayBeRoot()) {
      troubles.add(
          "%s may do nothing there as root: have its configuration import the module that"
                  .formatted(Scripts.oneLine(deployment.address().user()))
              + " `flakeferry init --board-module` prints, or log in as root.");
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

  // what is on it and may not be replaced
  private void there() {
    for (String folder : facts.readOnly()) {
      troubles.add("Its " + Scripts.oneLine(folder) + " takes no writes: is its disk worn out?");
    }
    if (facts.memoryBytes() < LEAST_MEMORY) {
      troubles.add(
          "It has %d MiB of memory left; %d MiB are needed to activate a system."
              .formatted(facts.memoryBytes() / MIB, LEAST_MEMORY / MIB));
    }
    if (facts.nixVersion().filter(Preflight::isTooOld).isPresent()) {
      troubles.add(
          "Its Nix is %s, at least 2.4 is needed."
              .formatted(Scripts.oneLine(facts.nixVersion().orElseThrow())));
    }
    if (deployment.wanted() instanceof Wanted.Generation(OptionalInt number)
        && number.isPresent()
        && facts.systemOf(deployment.wanted()).isEmpty()) {
      troubles.add(
          "There is no generation %d, but these: %s."
              .formatted(
                  number.getAsInt(),
                  facts.generations().stream()
                      .map(g -> Integer.toString(g.number()))
                      .collect(Collectors.joining(", "))));
    }
    if (!(deployment.wanted() instanceof Wanted.Incoming)
        || !LASTING.contains(deployment.action())) {
      return;
    }
    facts
        .deployed()
        .filter(there -> there.commit().filter(deployment.guards().history()::isNewer).isPresent())
        .ifPresent(
            there ->
                newer.add(
                    "It has a newer commit, %s, from %s since %s: --allow-older replaces it."
                        .formatted(
                            there.commit().orElseThrow().abbreviated(),
                            Scripts.oneLine(there.owner()),
                            there.since())));
    if (!facts.known()
        && !deployment.guards().replaceUnknown()
        && !facts.current().equals(facts.systemOf(deployment.wanted()))) {
      troubles.add(
          "It runs %s, which somebody else activated after the last deployment:"
                  .formatted(facts.current().map(Object::toString).orElse("an unknown system"))
              + " --replace-unknown replaces it.");
    }
  }

  // 2.4 brought `nix store verify`
  private static boolean isTooOld(String version) {
    var matcher = Pattern.compile("(\\d{1,4})\\.(\\d{1,4}).*").matcher(version);
    if (!matcher.matches()) {
      return false;
    }
    int major = Integer.parseInt(matcher.group(1));
    return major < 2 || (major == 2 && Integer.parseInt(matcher.group(2)) < 4);
  }

  private void bootRoom() {
    if (!(deployment.wanted() instanceof Wanted.Incoming incoming)
        || !LASTING.contains(deployment.action())
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
      troubles.add(
          ("Its /boot has %d MiB free, and the new kernel and initrd need %d MiB: remove old"
                  + " generations (keep-generations in the policy does it after each deployment).")
              .formatted(free / MIB, bytes / MIB + 1));
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
    if (deployment.wanted() instanceof Wanted.Incoming incoming
        && !incoming.signers().isEmpty()
        && incoming.closure().stream()
            .filter(info -> info.path().equals(incoming.system()))
            .noneMatch(info -> incoming.signers().stream().anyMatch(key -> key.hasSigned(info)))) {
      troubles.add(
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
    facts
        .foreignActivation()
        .ifPresent(
            who ->
                holders.add(
                    "Somebody else has been activating a system there since %s: %s"
                        .formatted(who.since(), Scripts.oneLine(who.command()))));
    if (deployment.action() == BoardAction.TEST) {
      facts
          .heldLease(Instant.now())
          .filter(
              lease -> deployment.lease().filter(wanted -> wanted.mayHave(lease.owner())).isEmpty())
          .ifPresent(lease -> holders.add("It has been lent to " + lease.told() + "."));
    }
  }

  private void raise() {
    if (troubles.isEmpty() && newer.isEmpty() && holders.isEmpty()) {
      return;
    }
    var all = new ArrayList<>(troubles);
    all.addAll(newer);
    all.addAll(holders);
    Outcome outcome = newer.isEmpty() ? Outcome.BUSY : Outcome.SUPERSEDED;
    throw new BoardFailure(
        troubles.isEmpty() ? outcome : Outcome.REFUSED,
        deployment.board() + " was not touched: " + String.join("\n", all),
        "");
  }
}
