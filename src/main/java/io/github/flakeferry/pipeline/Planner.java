package io.github.flakeferry.pipeline;

import io.github.flakeferry.fleet.BoardPolicy;
import io.github.flakeferry.fleet.EnvironmentPolicy;
import io.github.flakeferry.fleet.Policy;
import io.github.flakeferry.fleet.Trigger;
import io.github.flakeferry.fleet.Wave;
import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.Event;
import io.github.flakeferry.model.Event.HeadTrust;
import io.github.flakeferry.pipeline.Plan.Content;
import io.github.flakeferry.pipeline.Plan.PlannedBoard;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Makes the plan. A pure function: no I/O, no clock. */
public final class Planner {
  private Planner() {}

  /** What this event means under this policy, as far as the inputs leave it. */
  public static Plan plan(Event event, Policy policy, Narrowing narrowing) {
    var environments =
        policy.environments().stream()
            .filter(e -> e.trigger().matches(event))
            .filter(narrowing::admits)
            .toList();
    return switch (event) {
      case Event.Meaningless(var repository, var why) -> new Plan.Nothing(why);
      case Event.BranchPushed(var repository, var branch, var commit) ->
          deploy(
              new Content(
                  commit,
                  "refs/heads/" + branch,
                  !branch.equals(repository.defaultBranch()) && !names(environments, branch)),
              environments,
              policy,
              narrowing,
              "a push to " + branch);
      case Event.TagPushed(var repository, var tag, var commit) ->
          deploy(
              new Content(commit, "refs/tags/" + tag, !names(environments, tag)),
              environments,
              policy,
              narrowing,
              "the tag " + tag);
      case Event.PullRequestUpdated request -> preview(request, environments, policy, narrowing);
      case Event.PullRequestClosed request -> giveBack(request, environments, policy, narrowing);
    };
  }

  private static Plan deploy(
      Content content,
      List<EnvironmentPolicy> environments,
      Policy policy,
      Narrowing narrowing,
      String what) {
    var planned = new ArrayList<PlannedBoard>();
    Set<BoardName> taken = new HashSet<>();
    for (EnvironmentPolicy environment : environments) {
      var boards = boards(environment, policy, narrowing);
      for (BoardPolicy board : boards) {
        if (taken.add(board.name())) {
          planned.add(
              new PlannedBoard(
                  board, environment, environment.action(), waveOf(board, environment, policy)));
        }
      }
    }
    if (planned.isEmpty()) {
      return new Plan.Nothing(nothing(environments, what));
    }
    planned.sort(
        java.util.Comparator.comparingInt((PlannedBoard b) -> environments.indexOf(b.environment()))
            .thenComparingInt(PlannedBoard::wave));
    return new Plan.Deploy(content, planned);
  }

  private static Plan preview(
      Event.PullRequestUpdated request,
      List<EnvironmentPolicy> environments,
      Policy policy,
      Narrowing narrowing) {
    String what = "pull request " + request.number();
    var content = new Content(request.head(), "refs/pull/" + request.number() + "/head", false);
    for (EnvironmentPolicy environment : environments) {
      var candidates = boards(environment, policy, narrowing);
      if (candidates.isEmpty()) {
        continue;
      }
      if (request.trust() == HeadTrust.UNTRUSTED) {
        return new Plan.BuildOnly(
            content,
            candidates.stream().map(BoardPolicy::configuration).distinct().toList(),
            what
                + " comes from a fork or a bot: it is built without secrets, and neither published"
                + " nor deployed");
      }
      return new Plan.Preview(content, request.number(), environment, candidates);
    }
    return new Plan.Nothing(nothing(environments, what));
  }

  private static Plan giveBack(
      Event.PullRequestClosed request,
      List<EnvironmentPolicy> environments,
      Policy policy,
      Narrowing narrowing) {
    String what = "closing pull request " + request.number();
    if (request.trust() == HeadTrust.UNTRUSTED) {
      return new Plan.Nothing(what + " frees no board: an untrusted pull request has none");
    }
    for (EnvironmentPolicy environment : environments) {
      var candidates = boards(environment, policy, narrowing);
      if (!candidates.isEmpty()) {
        return new Plan.GiveBack(request.head(), request.number(), environment, candidates);
      }
    }
    return new Plan.Nothing(nothing(environments, what));
  }

  private static List<BoardPolicy> boards(
      EnvironmentPolicy environment, Policy policy, Narrowing narrowing) {
    return policy.boardsOf(environment).stream().filter(narrowing::admits).toList();
  }

  private static String nothing(List<EnvironmentPolicy> environments, String what) {
    return environments.isEmpty()
        ? what + " deploys to no environment of the policy"
        : what + " deploys to no board: the inputs leave none";
  }

  /** Whether a trigger has this very name in it, not merely a pattern that fits. */
  private static boolean names(List<EnvironmentPolicy> environments, String ref) {
    return environments.stream()
        .anyMatch(
            e ->
                switch (e.trigger()) {
                  case Trigger.Push(var branches) -> branches.contains(ref);
                  case Trigger.Tag(var patterns) -> patterns.contains(ref);
                  case Trigger.PullRequest() -> false;
                });
  }

  /** The first wave that takes the board; percentages count the environment's boards. */
  private static int waveOf(BoardPolicy board, EnvironmentPolicy environment, Policy policy) {
    var left = new ArrayList<>(policy.boardsOf(environment));
    int total = left.size();
    for (int wave = 0; wave < environment.waves().size(); wave++) {
      List<BoardPolicy> taken =
          switch (environment.waves().get(wave)) {
            case Wave.Selected(var selector) ->
                left.stream().filter(b -> selector.matches(b.name(), b.tags())).toList();
            case Wave.Percent(int percent) ->
                left.subList(0, Math.min(left.size(), (total * percent + 99) / 100));
            case Wave.Rest() -> left;
          };
      if (taken.contains(board)) {
        return wave;
      }
      left.removeAll(List.copyOf(taken));
    }
    return environment.waves().size();
  }
}
