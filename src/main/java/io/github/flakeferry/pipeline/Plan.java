package io.github.flakeferry.pipeline;

import io.github.flakeferry.fleet.BoardPolicy;
import io.github.flakeferry.fleet.EnvironmentPolicy;
import io.github.flakeferry.model.BoardAction;
import io.github.flakeferry.model.GitRevision;
import java.util.List;
import java.util.Optional;

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

  /**
   * Build, and nothing else: what an untrusted pull request gets.
   *
   * @param source what is built
   * @param configurations attributes of {@code nixosConfigurations}, each once
   * @param why it is not deployed
   */
  record BuildOnly(Content source, List<String> configurations, String why) implements Plan {
    public BuildOnly {
      configurations = List.copyOf(configurations);
    }
  }

  /**
   * Build, publish and deploy.
   *
   * @param boards in the order of environments and waves, each board once
   */
  record Deploy(Content source, List<PlannedBoard> boards) implements Plan {
    public Deploy {
      boards = List.copyOf(boards);
    }
  }

  /**
   * A pull request tries its system on one board of an environment: the first of the candidates
   * that is its own already, else the first that is free.
   */
  record Preview(
      Content source, long pullRequest, EnvironmentPolicy environment, List<BoardPolicy> candidates)
      implements Plan {
    public Preview {
      candidates = List.copyOf(candidates);
    }
  }

  /** A pull request was closed: the boards that are its own are given back. */
  record GiveBack(
      GitRevision head,
      long pullRequest,
      EnvironmentPolicy environment,
      List<BoardPolicy> candidates)
      implements Plan {
    public GiveBack {
      candidates = List.copyOf(candidates);
    }
  }

  /**
   * What is checked out.
   *
   * @param ref where the commit was seen: {@code refs/heads/main}
   * @param mustBeOnDefaultBranch whether it is refused unless the default branch contains it: where
   *     the policy does not name the ref itself
   */
  record Content(GitRevision commit, String ref, boolean mustBeOnDefaultBranch) {}

  /**
   * One board's part.
   *
   * @param wave from 0, within the environment
   */
  record PlannedBoard(
      BoardPolicy board, EnvironmentPolicy environment, BoardAction action, int wave) {}

  /** The commit that is built or, where nothing is, that the plan is about. */
  default Optional<GitRevision> commit() {
    return switch (this) {
      case Nothing nothing -> Optional.empty();
      case BuildOnly(var source, var configurations, var why) -> Optional.of(source.commit());
      case Deploy(var source, var boards) -> Optional.of(source.commit());
      case Preview preview -> Optional.of(preview.source().commit());
      case GiveBack giveBack -> Optional.of(giveBack.head());
    };
  }
}
