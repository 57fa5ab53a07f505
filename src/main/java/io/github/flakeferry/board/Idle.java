package io.github.flakeferry.board;

import io.github.flakeferry.model.StorePath;
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
    Optional<String> lease = facts.validLease().map(BoardFacts.Lease::owner);
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
          system.equals(facts.current()) && lease.isPresent() && lease.equals(deployment.lease())
              ? Optional.of("it runs this system already")
              : Optional.empty();
      case DRY_ACTIVATE -> Optional.empty();
      case GIVE_BACK -> giveBack(facts, deployment, lease);
    };
  }

  private static Optional<String> giveBack(
      BoardFacts facts, Deployment deployment, Optional<String> lease) {
    if (deployment.lease().isPresent() && !lease.equals(deployment.lease())) {
      return Optional.of(
          lease
              .map(other -> "it has been given to " + Scripts.oneLine(other) + " since")
              .orElse("it holds no lease any more"));
    }
    return lease.isEmpty() && facts.profile().isPresent() && facts.profile().equals(facts.current())
        ? Optional.of("it runs its profile's system already")
        : Optional.empty();
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
