package io.github.flakeferry.pipeline;

import io.github.flakeferry.board.BoardFacts;
import io.github.flakeferry.board.BoardFailure;
import io.github.flakeferry.board.Boards;
import io.github.flakeferry.board.Deployment;
import io.github.flakeferry.board.Guards;
import io.github.flakeferry.board.Wanted;
import io.github.flakeferry.fleet.Audience;
import io.github.flakeferry.fleet.BoardPolicy;
import io.github.flakeferry.model.BoardAction;
import io.github.flakeferry.model.Closure;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.RestartParts;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.model.UnitChanges;
import io.github.flakeferry.nix.Nix;
import io.github.flakeferry.support.progress.Progress;
import java.util.Optional;

/** Compares what boards run with their new systems. For several threads. */
final class BoardChange {
  private final Fleet fleet;
  private final Systems systems;
  private final Targets targets;
  private final GitRevision commit;
  private final boolean bring;
  private final Progress progress;

  /**
   * @param systems built from the commit
   * @param bring whether a board is sent what it lacks of its system
   */
  BoardChange(
      Fleet fleet,
      Systems systems,
      Settings settings,
      GitRevision commit,
      boolean bring,
      Progress progress) {
    this.fleet = fleet;
    this.systems = systems;
    this.targets = Targets.of(systems, settings.signingKey(), fleet.policy(), Audience.TRUSTED);
    this.commit = commit;
    this.bring = bring;
    this.progress = progress;
  }

  BoardDiff of(Seen seen, Boards boards) {
    return switch (seen) {
      case BoardDiff.Silent silent -> silent;
      case Seen.Answered(var board, var view) -> {
        var system = systems.of(board.configuration());
        Closure now = Closure.of(system.toplevel(), systems.closure(system));
        Closure old = view.closure();
        yield new BoardDiff.Known(
            board,
            old.root(),
            now.root(),
            Nix.difference(old, now),
            restart(view.facts(), now.root()),
            old.root().equals(now.root())
                ? new UnitForecast.Known(UnitChanges.NONE)
                : units(board, boards));
      }
    };
  }

  private static Optional<RestartParts> restart(BoardFacts facts, StorePath system) {
    return facts.bootedParts().map(booted -> RestartParts.between(booted, BootFiles.parts(system)));
  }

  private UnitForecast units(BoardPolicy board, Boards boards) {
    try {
      return boards
          .rehearse(deployment(board), bring)
          .<UnitForecast>map(UnitForecast.Known::new)
          .orElseGet(
              () -> new UnitForecast.Unknown("it has not the new system yet, which --copy brings"));
    } catch (BoardFailure failure) {
      return new UnitForecast.Failed(failure);
    }
  }

  private Deployment deployment(BoardPolicy board) {
    return new Deployment(
        board.name(),
        board.address(),
        BoardAction.DRY_ACTIVATE,
        wanted(board),
        fleet.terms(board, progress),
        "diff",
        Optional.of(commit),
        Optional.empty(),
        Guards.ANY_COMMIT);
  }

  private synchronized Wanted.Incoming wanted(BoardPolicy board) {
    return targets.of(board);
  }
}
