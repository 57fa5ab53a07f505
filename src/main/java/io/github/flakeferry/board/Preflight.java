package io.github.flakeferry.board;

import io.github.flakeferry.model.BoardAction;
import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.PathInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Says all that speaks against a deployment, before the board is touched: by the board's facts, and
 * by a {@link ClosureCheck}.
 */
final class Preflight {
  static final Set<BoardAction> LASTING = EnumSet.of(BoardAction.SWITCH, BoardAction.BOOT);

  private final BoardFacts facts;
  private final Deployment deployment;
  private final List<Trouble> troubles = new ArrayList<>();

  private Preflight(BoardFacts facts, Deployment deployment) {
    this.facts = facts;
    this.deployment = deployment;
  }

  /**
   * What can be said before the board's store is asked: without this nothing more can be.
   *
   * @throws BoardFailure naming everything amiss, what is worst first: REFUSED, or SUPERSEDED or
   *     BUSY where only others are in the way
   */
  static void checkBoard(BoardFacts facts, Deployment deployment) {
    var check = new Preflight(facts, deployment);
    check.machine();
    check.there();
    check.newer();
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
    check.newer();
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
    troubles.addAll(Fitness.identity(facts, deployment.address().user()));
    if (deployment.action() == BoardAction.GIVE_BACK) {
      if (facts.profile().isEmpty()) {
        add(
            FailureCode.NOTHING_KEPT,
            "Its profile names no system that it could be given back to.");
      }
    } else if (deployment.wanted() instanceof Wanted.Incoming incoming
        && !facts.machine().equals(incoming.platform().machine())) {
      add(
          FailureCode.WRONG_MACHINE,
          "It is %s, and the system was built for %s: check the board's configuration and tags."
              .formatted(Scripts.oneLine(facts.machine()), incoming.platform()));
    }
  }

  // what is on it and may not be replaced
  private void there() {
    troubles.addAll(Fitness.condition(facts));
    if (deployment.wanted() instanceof Wanted.Generation(OptionalInt number)
        && number.isPresent()
        && facts.systemOf(deployment.wanted()).isEmpty()) {
      add(
          FailureCode.NOTHING_KEPT,
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
    if (!facts.known()
        && !deployment.guards().replaceUnknown()
        && !facts.current().equals(facts.systemOf(deployment.wanted()))) {
      add(
          FailureCode.UNKNOWN_SYSTEM,
          "It runs %s, which somebody else activated after the last deployment:"
                  .formatted(facts.current().map(Object::toString).orElse("an unknown system"))
              + " --replace-unknown replaces it.");
    }
  }

  private void newer() {
    if (deployment.action() == BoardAction.TEST) {
      newerPreview();
      return;
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
                add(
                    FailureCode.NEWER_THERE,
                    "It has a newer commit, %s, from %s since %s: --allow-older replaces it."
                        .formatted(
                            there.commit().orElseThrow().abbreviated(),
                            Scripts.oneLine(there.owner()),
                            there.since())));
  }

  /** The run for a later push may have been quicker. */
  private void newerPreview() {
    facts
        .heldLease(Instant.now())
        .filter(
            lease ->
                deployment.lease().filter(own -> own.owner().equals(lease.owner())).isPresent())
        .filter(
            lease -> lease.builtFrom().filter(deployment.guards().history()::isNewer).isPresent())
        .ifPresent(
            lease ->
                add(
                    FailureCode.NEWER_THERE,
                    "It has a newer commit of %s, %s: --allow-older replaces it."
                        .formatted(lease.owner(), lease.builtFrom().orElseThrow().abbreviated())));
  }

  private void others() {
    facts
        .activating()
        .ifPresent(
            run ->
                add(
                    FailureCode.ACTIVATING,
                    "%s has been %s there since %s."
                        .formatted(
                            Scripts.oneLine(run.owner()),
                            Scripts.oneLine(run.state()),
                            run.since())));
    facts
        .foreignActivation()
        .ifPresent(
            who ->
                add(
                    FailureCode.ACTIVATING,
                    "Somebody else has been activating a system there since %s: %s"
                        .formatted(who.since(), Scripts.oneLine(who.command()))));
    if (deployment.action() == BoardAction.TEST) {
      facts
          .heldLease(Instant.now())
          .filter(
              lease -> deployment.lease().filter(wanted -> wanted.mayHave(lease.owner())).isEmpty())
          .ifPresent(lease -> add(FailureCode.LENT, "It has been lent to " + lease.told() + "."));
    }
  }

  private void add(FailureCode code, String words) {
    troubles.add(new Trouble(code, words));
  }

  private void raise() {
    if (!troubles.isEmpty()) {
      throw new BoardFailure(
          troubles.getFirst().code(),
          deployment.board() + " was not touched: " + Trouble.told(troubles),
          "");
    }
  }
}
