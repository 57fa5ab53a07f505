package io.github.flakeferry.board;

import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.model.terms.LeaseTerms;
import java.time.Instant;
import java.util.Optional;

/** Finds out that there is nothing to do. */
final class Idle {
  private Idle() {}

  static Optional<String> reason(BoardFacts facts, Deployment deployment) {
    Optional<StorePath> system = facts.systemOf(deployment.wanted());
    // a run under way, or one that a restart has cut short, has a say in what is the default
    boolean settled =
        facts.lastRun().map(run -> run.state().isEmpty() || isEnd(run.state())).orElse(true);
    if (!settled || facts.foreignActivation().isPresent() || facts.current().isEmpty()) {
      return Optional.empty();
    }
    boolean isDefault =
        system.equals(facts.profile())
            && (facts.bootDefault().isEmpty() || system.equals(facts.bootDefault()));
    return switch (deployment.action()) {
      case SWITCH ->
          isDefault && system.equals(facts.current()) && facts.lease().isEmpty()
              ? Optional.of("it runs this system already, and boots it")
              : Optional.empty();
      case BOOT -> isDefault ? Optional.of("it boots this system already") : Optional.empty();
      case TEST ->
          system.equals(facts.current()) && leaseIsAsWanted(facts, deployment)
              ? Optional.of("it runs this system already")
              : Optional.empty();
      case DRY_ACTIVATE -> Optional.empty();
      case GIVE_BACK -> giveBack(facts, deployment);
    };
  }

  // one with an end is moved by each push
  private static boolean leaseIsAsWanted(BoardFacts facts, Deployment deployment) {
    Optional<Lease> held = facts.heldLease(Instant.now());
    if (deployment.lease().isEmpty() || held.isEmpty()) {
      return deployment.lease().isEmpty() && held.isEmpty();
    }
    String commit = deployment.commit().map(GitRevision::value).orElse("");
    return held.filter(l -> l.until().isEmpty() && l.commit().equals(commit))
        .map(Lease::owner)
        .filter(deployment.lease().orElseThrow().owner()::equals)
        .filter(owner -> deployment.lease().orElseThrow().until().isEmpty())
        .isPresent();
  }

  private static Optional<String> giveBack(BoardFacts facts, Deployment deployment) {
    if (deployment.lease().isPresent()) {
      String owner = deployment.lease().orElseThrow().owner();
      return facts.lease().filter(l -> isMeant(l, deployment.lease().orElseThrow())).isPresent()
          ? Optional.empty()
          : Optional.of(
              facts
                  .heldLease(Instant.now())
                  .map(other -> "it has been lent to " + other.told())
                  .orElse("it is lent to " + owner + " no more"));
    }
    return facts.lease().isEmpty()
            && facts.profile().isPresent()
            && facts.profile().equals(facts.current())
        ? Optional.of("it is lent to nobody, and runs its profile's system")
        : Optional.empty();
  }

  // one that was renewed since it was looked at is another
  private static boolean isMeant(Lease lease, LeaseTerms terms) {
    return lease.owner().equals(terms.owner())
        && (terms.until().isEmpty() || terms.until().equals(lease.until()));
  }

  private static boolean isEnd(String word) {
    for (RunState.Stage stage : RunState.Stage.values()) {
      if (stage.label().equals(word)) {
        return stage.outcome().isPresent();
      }
    }
    return false;
  }
}
