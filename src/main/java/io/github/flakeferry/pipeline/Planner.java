package io.github.flakeferry.pipeline;

import io.github.flakeferry.fleet.BoardPolicy;
import io.github.flakeferry.fleet.EnvironmentPolicy;
import io.github.flakeferry.fleet.Policy;
import io.github.flakeferry.fleet.Wave;
import io.github.flakeferry.model.BoardAction;
import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.Event;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.pipeline.Plan.Content;
import io.github.flakeferry.pipeline.Plan.PlannedBoard;
import io.github.flakeferry.pipeline.Plan.Proof;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Makes the plan. A pure function: no I/O, no clock. */
public final class Planner {
  private static final String HEADS = "refs/heads/";
  private static final String TAGS = "refs/tags/";

  private final Policy policy;
  private final Narrowing narrowing;
  private final List<EnvironmentPolicy> environments;

  private Planner(Event event, Policy policy, Narrowing narrowing) {
    this.policy = policy;
    this.narrowing = narrowing;
    this.environments =
        policy.environments().stream()
            .filter(e -> e.trigger().matches(event))
            .filter(narrowing::admits)
            .toList();
  }

  /**
   * What this event means under this policy, as far as the inputs leave it.
   *
   * @throws Refused if somebody asked for what the policy does not allow
   */
  public static Plan plan(Event event, Policy policy, Narrowing narrowing) {
    Plan plan =
        event instanceof Event.Dispatched dispatched
            ? new Dispatch(dispatched, policy, narrowing).plan()
            : new Planner(event, policy, narrowing).plan(event);
    pools(plan).forEach(pool -> narrowing.admitPreview(pool.environment()));
    return plan;
  }

  /** Where a pull request may be tried. */
  private static List<Plan.Pool> pools(Plan plan) {
    return switch (plan) {
      case Plan.Preview preview -> preview.pools();
      case Plan.Sweep sweep -> sweep.pools();
      case Plan.Nothing _, Plan.BuildOnly _, Plan.Deploy _, Plan.GiveBack _ -> List.of();
    };
  }

  private Plan plan(Event event) {
    return switch (event) {
      case Event.Meaningless(var _, var why) -> new Plan.Nothing(why);
      case Event.BranchPushed(var repository, var branch, var commit) ->
          branch.equals(repository.defaultBranch())
              ? deploy(new Content(commit, HEADS + branch, Proof.OF_ITS_REF), "a push to " + branch)
              : deploy(commit, HEADS + branch, "a push to " + branch);
      case Event.TagPushed(var _, var tag, var commit) ->
          deploy(commit, TAGS + tag, "the tag " + tag);
      case Event.ReleasePublished(var _, var tag, var commit, var preRelease) ->
          deploy(commit, TAGS + tag, "the " + (preRelease ? "pre-release " : "release ") + tag);
      case Event.MergeQueued(var _, var branch, var ref, var commit) ->
          mergeGroup(new Content(commit, ref, Proof.OF_ITS_REF), branch);
      case Event.PullRequestUpdated(var _, var request) -> previews().update(request);
      case Event.PullRequestDrafted(var _, var request) ->
          previews().end(request, "making pull request " + request.number() + " a draft");
      case Event.PullRequestLabeled(var _, var request, var label) ->
          label.map(l -> previews().label(request, l)).orElseGet(() -> previews().labels(request));
      case Event.PullRequestClosed(var _, var request) ->
          previews().end(request, "closing pull request " + request.number());
      case Event.Scheduled(var repository, var commit) -> sweep(repository.defaultBranch(), commit);
      case Event.Dispatched _ -> throw new IllegalStateException("has a planner of its own");
    };
  }

  private Previews previews() {
    return new Previews(environments, policy, narrowing);
  }

  private Plan deploy(Content content, String what) {
    return deployment(content, environments)
        .<Plan>map(plan -> plan)
        .orElseGet(() -> new Plan.Nothing(nothing(environments, what)));
  }

  /** One environment's naming the ref is no proof for another whose pattern fits. */
  private Plan deploy(GitRevision commit, String ref, String what) {
    var naming = environments.stream().filter(e -> e.trigger().names(ref)).toList();
    var ofItsRef = new Content(commit, ref, Proof.OF_ITS_REF);
    if (naming.equals(environments)) {
      return deploy(ofItsRef, what);
    }
    return deploy(new Content(commit, ref, Proof.ON_DEFAULT_BRANCH), what)
            instanceof Plan.Deploy(var source, var boards, var parts, var _)
        ? new Plan.Deploy(source, boards, parts, deployment(ofItsRef, naming))
        : new Plan.Nothing(nothing(environments, what));
  }

  private Optional<Plan.Deploy> deployment(Content content, List<EnvironmentPolicy> to) {
    var boards = boards(to, policy, narrowing, narrowing::action);
    return boards.isEmpty()
        ? Optional.empty()
        : Optional.of(new Plan.Deploy(content, boards, parts(to, policy, narrowing)));
  }

  private Plan mergeGroup(Content content, String branch) {
    var boards = boards(environments, policy, narrowing, narrowing::action);
    return boards.isEmpty()
        ? new Plan.Nothing(nothing(environments, "what is merged into " + branch))
        : new Plan.Deploy(content, boards, Set.of())
            .buildOnly("it waits to be merged into " + branch + ", whose push deploys it");
  }

  private Plan sweep(String defaultBranch, GitRevision commit) {
    var pushed = environments.stream().filter(e -> e.trigger().matchesBranch(defaultBranch));
    var pools = previews().pools();
    var boards = boards(pushed.toList(), policy, narrowing, narrowing::action);
    var pushedTo = boards.stream().map(b -> b.board().name()).collect(Collectors.toSet());
    var released =
        environments.stream()
            .filter(e -> !e.trigger().matchesPullRequest())
            .filter(e -> !e.trigger().matchesBranch(defaultBranch))
            .flatMap(e -> boards(List.of(e), policy, narrowing, narrowing::action).stream())
            .filter(b -> !pushedTo.contains(b.board().name()))
            .toList();
    return pools.isEmpty() && boards.isEmpty() && released.isEmpty()
        ? new Plan.Nothing("the policy has nothing that wants looking after")
        : new Plan.Sweep(
            new Content(commit, HEADS + defaultBranch, Proof.OF_ITS_REF), pools, boards, released);
  }

  /** In the order of environments and waves, each board once. */
  static List<PlannedBoard> boards(
      List<EnvironmentPolicy> environments,
      Policy policy,
      Narrowing narrowing,
      Function<EnvironmentPolicy, BoardAction> action) {
    var planned = new ArrayList<PlannedBoard>();
    Set<BoardName> taken = new HashSet<>();
    for (EnvironmentPolicy environment : environments) {
      Map<BoardName, Integer> waves = waves(environment, policy);
      for (BoardPolicy board : boards(environment, policy, narrowing)) {
        if (taken.add(board.name())) {
          planned.add(
              new PlannedBoard(
                  board,
                  environment,
                  action.apply(environment),
                  waves.getOrDefault(board.name(), environment.waves().size())));
        }
      }
    }
    planned.sort(
        Comparator.comparingInt((PlannedBoard b) -> environments.indexOf(b.environment()))
            .thenComparingInt(PlannedBoard::wave));
    return planned;
  }

  static List<BoardPolicy> boards(
      EnvironmentPolicy environment, Policy policy, Narrowing narrowing) {
    return policy.boardsOf(environment).stream().filter(narrowing::admits).toList();
  }

  /** The environments of which the inputs leave some boards, and not all. */
  static Set<String> parts(
      List<EnvironmentPolicy> environments, Policy policy, Narrowing narrowing) {
    return environments.stream()
        .filter(e -> boards(e, policy, narrowing).size() < policy.boardsOf(e).size())
        .map(EnvironmentPolicy::name)
        .collect(Collectors.toSet());
  }

  static String nothing(List<EnvironmentPolicy> environments, String what) {
    return environments.isEmpty()
        ? what + " deploys to no environment of the policy"
        : what + " deploys to no board: the inputs leave none";
  }

  /** The first wave that takes each board; percentages count the environment's boards. */
  private static Map<BoardName, Integer> waves(EnvironmentPolicy environment, Policy policy) {
    var left = new LinkedHashMap<BoardName, BoardPolicy>();
    policy.boardsOf(environment).forEach(board -> left.put(board.name(), board));
    int total = left.size();
    var waves = new HashMap<BoardName, Integer>();
    for (int wave = 0; wave < environment.waves().size(); wave++) {
      List<BoardName> taken =
          switch (environment.waves().get(wave)) {
            case Wave.Selected(var selector) ->
                left.values().stream()
                    .filter(b -> selector.matches(b.name(), b.tags()))
                    .map(BoardPolicy::name)
                    .toList();
            case Wave.Percent(int percent) ->
                left.keySet().stream().limit((total * percent + 99) / 100).toList();
            case Wave.Rest() -> List.copyOf(left.keySet());
          };
      for (BoardName name : taken) {
        waves.put(name, wave);
        left.remove(name);
      }
    }
    return waves;
  }
}
