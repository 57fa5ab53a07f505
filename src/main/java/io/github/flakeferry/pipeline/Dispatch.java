package io.github.flakeferry.pipeline;

import io.github.flakeferry.fleet.BoardPolicy;
import io.github.flakeferry.fleet.EnvironmentPolicy;
import io.github.flakeferry.fleet.Policy;
import io.github.flakeferry.fleet.Selector;
import io.github.flakeferry.fleet.SelectorInvalid;
import io.github.flakeferry.model.BoardAction;
import io.github.flakeferry.model.Event;
import io.github.flakeferry.model.PullRequest;
import io.github.flakeferry.model.Wish;
import io.github.flakeferry.pipeline.Plan.Content;
import io.github.flakeferry.pipeline.Plan.Proof;
import java.util.List;
import java.util.Optional;

/** What somebody gets who asked for it by hand: a part of the policy, never more. */
final class Dispatch {
  private final Event.Dispatched event;
  private final Wish wish;
  private final Policy policy;
  private final Narrowing narrowing;

  Dispatch(Event.Dispatched event, Policy policy, Narrowing narrowing) {
    this.event = event;
    this.wish = event.wish();
    this.policy = policy;
    this.narrowing = narrowing;
  }

  /**
   * The plan.
   *
   * @throws Refused if the policy does not allow it, or it is not clear what is asked for
   */
  Plan plan() {
    EnvironmentPolicy environment = environment();
    var boards = selected(policy.boardsOf(environment), environment.name());
    if (wish.pullRequest().isPresent() || environment.trigger().matchesPullRequest()) {
      return preview(environment, boards);
    }
    var left = narrowing.and(boards);
    var planned = Planner.boards(List.of(environment), policy, left, this::action);
    return planned.isEmpty()
        ? new Plan.Nothing(
            "the environment " + environment.name() + " has no board that the inputs leave")
        : new Plan.Deploy(
            content(environment), planned, Planner.parts(List.of(environment), policy, left));
  }

  private EnvironmentPolicy environment() {
    Optional<String> name = wish.environment().or(narrowing::environment);
    var fit =
        policy.environments().stream()
            .filter(narrowing::admits)
            .filter(
                e ->
                    name.map(e.name()::equals)
                        .orElse(e.trigger().matchesPullRequest() == wish.pullRequest().isPresent()))
            .toList();
    if (fit.size() == 1) {
      return fit.getFirst();
    }
    List<String> known = policy.environments().stream().map(EnvironmentPolicy::name).toList();
    throw name.map(n -> Refused.noSuchEnvironment(n, known))
        .orElseGet(() -> Refused.whichEnvironment(known));
  }

  /** Somebody who asks for boards gets some, or is told that there are none such. */
  private Optional<Selector> selected(List<BoardPolicy> among, String environment) {
    try {
      Optional<Selector> selector = wish.boards().map(Selector::parse);
      if (selector.isPresent()
          && among.stream().noneMatch(b -> selector.get().matches(b.name(), b.tags()))) {
        throw Refused.noBoardWished(wish.boards().orElseThrow(), environment, among);
      }
      return selector;
    } catch (SelectorInvalid e) {
      throw Refused.badWish("boards", String.valueOf(e.getMessage()));
    }
  }

  private BoardAction action(EnvironmentPolicy environment) {
    BoardAction left = narrowing.action(environment);
    return wish.action()
        .map(wanted -> Narrowing.milder(environment, wanted))
        // the milder of two that are both allowed
        .filter(wanted -> narrowing.action().isEmpty() || wanted == BoardAction.DRY_ACTIVATE)
        .orElse(left);
  }

  private Content content(EnvironmentPolicy environment) {
    wish.commit()
        .filter(seen -> !seen.equals(event.commit()))
        .ifPresent(
            seen -> {
              throw Refused.badWish(
                  "commit", "%s is at %s, not at %s".formatted(event.ref(), event.commit(), seen));
            });
    boolean named =
        event.ref().equals("refs/heads/" + event.repository().defaultBranch())
            || environment.trigger().names(event.ref());
    // a commit can be had by its id wherever it is from: also from a fork
    boolean byId = wish.ref().filter(WishedRef::isCommit).isPresent();
    return new Content(
        event.commit(), event.ref(), named && !byId ? Proof.OF_ITS_REF : Proof.ON_DEFAULT_BRANCH);
  }

  private Plan preview(EnvironmentPolicy environment, Optional<Selector> boards) {
    if (wish.pullRequest().isEmpty()) {
      throw Refused.badWish(
          "pull-request", environment.name() + " is for pull requests, and none is named");
    }
    long number = wish.pullRequest().get();
    if (!environment.trigger().matchesPullRequest()) {
      throw Refused.badWish(
          "environment", environment.name() + " is not for pull requests ('on: pull_request')");
    }
    // any other branch's workflow may have been changed by whoever wrote the branch
    if (!event.ref().equals("refs/heads/" + event.repository().defaultBranch())) {
      throw Refused.badWish(
          "pull-request",
          "a pull request is tried by hand only by the workflow of "
              + event.repository().defaultBranch()
              + ", and this is the one of "
              + event.ref());
    }
    if (wish.commit().isEmpty()) {
      throw Refused.badWish(
          "commit", "it must be the head of pull request " + number + " in full, as you saw it");
    }
    var content = new Content(wish.commit().get(), PullRequest.ref(number), Proof.PRESENT_HEAD);
    return new Previews(List.of(environment), policy, narrowing.and(boards))
        .byHand(content, number);
  }
}
