package io.github.flakeferry.board;

import io.github.flakeferry.model.BoardAction;
import io.github.flakeferry.model.Outcome;
import io.github.flakeferry.model.PathInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Says all that speaks against a deployment, before the board is touched: by the board's facts, and
 * by a {@link ClosureCheck}.
 */
final class Preflight {
  /** Nix and the activation are killed by less. */
  static final long LEAST_MEMORY = 48L << 20;

  private static final long MIB = 1L << 20;
  static final Set<BoardAction> LASTING = EnumSet.of(BoardAction.SWITCH, BoardAction.BOOT);

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
    check.troubles.addAll(new ClosureCheck(facts, deployment).troubles(missing));
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
