package io.github.flakeferry.pipeline;

import io.github.flakeferry.fleet.BoardPolicy;
import io.github.flakeferry.fleet.EnvironmentPolicy;
import io.github.flakeferry.model.BoardAction;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.terms.SmokeCommands;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What one event means under a policy. Made from these two alone, so the same input gives the same
 * plan; touches nothing.
 */
public sealed interface Plan {

  /**
   * Nothing is to be done.
   *
   * @param why a sentence for people
   */
  record Nothing(String why) implements Plan {}

  /** For which systems are built. */
  sealed interface Builds extends Plan {
    /** What is built. */
    Content source();

    /** Attributes of {@code nixosConfigurations}, each once. */
    List<String> configurations();

    /** What is tried of them where they are built, each once. */
    List<Trial> trials();

    /** The same without a deployment. */
    default BuildOnly buildOnly(String why) {
      return new BuildOnly(source(), configurations(), trials(), why);
    }
  }

  /** What an environment's policy has tried of a system before it is deployed. */
  record Trial(String configuration, SmokeCommands smoke) {}

  /**
   * Build, and nothing else: what an untrusted pull request gets.
   *
   * @param why it is not deployed
   */
  record BuildOnly(Content source, List<String> configurations, List<Trial> trials, String why)
      implements Builds {
    public BuildOnly {
      configurations = List.copyOf(configurations);
      trials = List.copyOf(trials);
    }
  }

  /**
   * Build, publish and deploy.
   *
   * @param boards in the order of environments and waves, each board once
   * @param parts names of environments of which the inputs leave some boards only
   * @param unmerged what is left of it where the default branch does not contain the commit, and
   *     some environments name its ref; else it is for all of them or none
   */
  record Deploy(
      Content source, List<PlannedBoard> boards, Set<String> parts, Optional<Deploy> unmerged)
      implements Builds {
    public Deploy {
      boards = List.copyOf(boards);
      parts = Set.copyOf(parts);
    }

    Deploy(Content source, List<PlannedBoard> boards, Set<String> parts) {
      this(source, boards, parts, Optional.empty());
    }

    /** Where it deploys to, in its order. */
    List<EnvironmentPolicy> environments() {
      return boards.stream().map(PlannedBoard::environment).distinct().toList();
    }

    @Override
    public List<String> configurations() {
      return boards.stream().map(b -> b.board().configuration()).distinct().toList();
    }

    @Override
    public List<Trial> trials() {
      return Plan.trials(boards.stream().map(b -> trial(b.board(), b.environment())));
    }
  }

  /**
   * A pull request tries its system on one board of each pool: the first of its boards that is its
   * own already, else the first that is free.
   */
  record Preview(Content source, long pullRequest, List<Pool> pools) implements Builds {
    public Preview {
      pools = List.copyOf(pools);
    }

    /** The same for some of its pools. */
    Preview only(List<Pool> some) {
      return new Preview(source, pullRequest, some);
    }

    @Override
    public List<String> configurations() {
      return pools.stream()
          .flatMap(pool -> pool.boards().stream())
          .map(BoardPolicy::configuration)
          .distinct()
          .toList();
    }

    @Override
    public List<Trial> trials() {
      return Plan.trials(
          pools.stream()
              .flatMap(pool -> pool.boards().stream().map(b -> trial(b, pool.environment()))));
    }
  }

  /** A pull request is over: the boards that are its own are given back. */
  record GiveBack(GitRevision head, long pullRequest, List<Pool> pools) implements Plan {
    public GiveBack {
      pools = List.copyOf(pools);
    }

    /** The same for some of its pools. */
    GiveBack only(List<Pool> some) {
      return new GiveBack(head, pullRequest, some);
    }
  }

  /**
   * Looks after what events left behind: boards that are lent to pull requests which are over, pull
   * requests that wait for a board, and boards that were offline.
   *
   * @param source the default branch's tip
   * @param boards what a push of it deploys to
   * @param released what tags, releases and pushes of other branches deploy to, and it does not; a
   *     board once for each environment
   */
  record Sweep(
      Content source, List<Pool> pools, List<PlannedBoard> boards, List<PlannedBoard> released)
      implements Plan {
    public Sweep {
      pools = List.copyOf(pools);
      boards = List.copyOf(boards);
      released = List.copyOf(released);
    }
  }

  /** Boards that pull requests share. */
  record Pool(EnvironmentPolicy environment, List<BoardPolicy> boards) {
    public Pool {
      boards = List.copyOf(boards);
    }
  }

  /**
   * What is checked out.
   *
   * @param ref where the commit was seen: {@code refs/heads/main}
   * @param proof what must hold before anything of it is evaluated
   */
  record Content(GitRevision commit, String ref, Proof proof) {}

  /** Why a commit may be built with secrets at hand. */
  enum Proof {
    /** The policy names the ref, or whoever may write to the repository made the commit's ref. */
    OF_ITS_REF,
    /** The default branch contains it. */
    ON_DEFAULT_BRANCH,
    /** It is what the ref has now: somebody has looked at this very commit. */
    PRESENT_HEAD
  }

  /**
   * One board's part.
   *
   * @param wave from 0, within the environment
   */
  record PlannedBoard(
      BoardPolicy board, EnvironmentPolicy environment, BoardAction action, int wave) {}

  private static Trial trial(BoardPolicy board, EnvironmentPolicy environment) {
    return new Trial(board.configuration(), environment.smoke());
  }

  private static List<Trial> trials(Stream<Trial> all) {
    return all.filter(trial -> !trial.smoke().isEmpty()).distinct().toList();
  }

  /** What is checked out and built, where something is. */
  default Optional<Content> content() {
    return switch (this) {
      case Nothing nothing -> Optional.empty();
      case GiveBack giveBack -> Optional.empty();
      case Builds builds -> Optional.of(builds.source());
      case Sweep sweep -> Optional.of(sweep.source());
    };
  }

  /** The commit that is built or, where nothing is, that the plan is about. */
  default Optional<GitRevision> commit() {
    return switch (this) {
      case Nothing nothing -> Optional.empty();
      case Builds _, Sweep _ -> content().map(Content::commit);
      case GiveBack giveBack -> Optional.of(giveBack.head());
    };
  }
}
