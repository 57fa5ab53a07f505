package io.github.flakeferry.pipeline;

import io.github.flakeferry.board.Boards;
import io.github.flakeferry.board.Deployment;
import io.github.flakeferry.board.Guards;
import io.github.flakeferry.board.Lease;
import io.github.flakeferry.board.Wanted;
import io.github.flakeferry.fleet.BoardPolicy;
import io.github.flakeferry.fleet.EnvironmentPolicy;
import io.github.flakeferry.model.BoardAction;
import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.Outcome;
import io.github.flakeferry.model.terms.LeaseTerms;
import io.github.flakeferry.support.progress.Progress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Lends boards to pull requests and has them given back. Which board a pull request may have is
 * decided by the board itself, one run at a time; here is only chosen which ones are tried.
 *
 * @param run who does it, for people
 * @param commit what is tried or, where a board is given back, what had been
 */
record Lending(
    Boards boards, Pools pools, String run, GitRevision commit, Guards guards, Progress progress) {

  /**
   * Tries a system on a board of the pool: the owner's own one, else the first free one; where that
   * turns out busy or offline the next one; and where none is free as the policy says.
   *
   * @return of the board that was had; where none was, WAITING while it waits or all are offline,
   *     and BUSY where it does not wait
   */
  BoardResult lend(Plan.Pool pool, Function<BoardPolicy, Wanted.Incoming> targets, String owner) {
    Instant now = Instant.now();
    var terms =
        new LeaseTerms(
            owner, pool.environment().preview().lease().map(now::plus), Optional.empty());
    var attempts = new Attempts(pool, targets);
    List<PoolBoard> all = pools.ask(pool);
    var others = new ArrayList<PoolBoard.Lent>();
    for (PoolBoard one : ownFirst(all, owner)) {
      Optional<BoardResult> had =
          switch (one) {
            case PoolBoard.Free(var board, var left, var mustBeTaken) ->
                attempts.on(
                    board,
                    left.filter(l -> mustBeTaken)
                        .map(l -> terms.takeFrom(l.owner()))
                        .orElse(terms));
            case PoolBoard.Lent lent when lent.isOf(owner) -> attempts.on(lent.board(), terms);
            case PoolBoard.Lent lent -> {
              others.add(lent);
              attempts.busy(lent.told());
              yield Optional.empty();
            }
            case PoolBoard.Silent silent -> {
              attempts.silent(silent);
              yield Optional.empty();
            }
          };
      if (had.isPresent()) {
        return had.orElseThrow();
      }
    }
    return attempts.isBusy() ? whenBusy(pool, attempts, others, terms) : attempts.unreachable();
  }

  private static List<PoolBoard> ownFirst(List<PoolBoard> all, String owner) {
    return all.stream().sorted(Comparator.comparing((PoolBoard one) -> !one.isOf(owner))).toList();
  }

  private BoardResult whenBusy(
      Plan.Pool pool, Attempts attempts, List<PoolBoard.Lent> others, LeaseTerms terms) {
    return switch (pool.environment().preview().whenBusy()) {
      case WAIT -> attempts.nothing(FailureCode.WAITING, "");
      case FAIL -> attempts.nothing(FailureCode.NO_BOARD_FREE, "no board is free: ");
      case TAKE_OLDEST -> {
        for (PoolBoard.Lent lent :
            others.stream().sorted(Comparator.comparing(l -> l.lease().since())).toList()) {
          progress.warn(
              "%s: no board is free, so it is taken from %s"
                  .formatted(lent.board().name(), lent.lease().told()));
          Optional<BoardResult> had =
              attempts.on(lent.board(), terms.takeFrom(lent.lease().owner()));
          if (had.isPresent()) {
            yield taken(had.orElseThrow(), lent);
          }
        }
        yield attempts.nothing(FailureCode.WAITING, "none could be taken: ");
      }
    };
  }

  private static BoardResult taken(BoardResult result, PoolBoard.Lent from) {
    return result.outcome().reached()
        ? result.saying(result.message() + "\nTaken from " + from.lease().told() + ".")
        : result;
  }

  /** Gives back the boards of a pool that are or were an owner's. */
  List<BoardResult> giveBack(Plan.Pool pool, String owner) {
    List<PoolBoard> all = pools.ask(pool);
    all.stream()
        .filter(PoolBoard.Silent.class::isInstance)
        .forEach(one -> progress.warn("whether it is lent can't be told: " + one.told()));
    return giveBack(
        pool, all.stream().filter(one -> one.isOf(owner)).toList(), l -> Optional.empty());
  }

  /**
   * Gives back the boards of a pool that are or were an owner's, unless the forge says that one of
   * them is needed still.
   *
   * @return with those that could not be asked, which may be the owner's; empty where a board is
   *     needed
   */
  Optional<List<BoardResult>> giveBackUnlessNeeded(Plan.Pool pool, String owner) {
    List<PoolBoard> all = pools.ask(pool);
    List<PoolBoard> own = all.stream().filter(one -> one.isOf(owner)).toList();
    if (own.stream().anyMatch(PoolBoard.Lent.class::isInstance)) {
      return Optional.empty();
    }
    var results = new ArrayList<>(giveBack(pool, own, Lease::until));
    for (PoolBoard one : all) {
      if (one instanceof PoolBoard.Silent silent) {
        results.add(
            new BoardResult(
                one.board().name(),
                BoardAction.GIVE_BACK,
                silent.failure().outcome() == Outcome.DEFERRED
                    ? silent.failure().code()
                    : FailureCode.OFFLINE,
                "whether it is lent can't be told, and the next scheduled run asks again: "
                    + silent.failure().told()));
      }
    }
    return Optional.of(results);
  }

  /**
   * Gives back the boards of a pool whose lease is worth nothing any more.
   *
   * @param owners told of each owner of such a lease, as its board says it, who has no other board
   */
  List<BoardResult> giveBackWhatIsOver(Plan.Pool pool, Consumer<String> owners) {
    List<PoolBoard> all = pools.ask(pool);
    List<PoolBoard> over =
        all.stream()
            .filter(one -> one instanceof PoolBoard.Free && one.found().isPresent())
            .toList();
    over.stream()
        .flatMap(one -> one.found().stream())
        .map(Lease::owner)
        .distinct()
        .filter(o -> all.stream().noneMatch(b -> b instanceof PoolBoard.Lent && b.isOf(o)))
        .forEach(owners);
    // who renews it meanwhile keeps the board
    return giveBack(pool, over, Lease::until);
  }

  private List<BoardResult> giveBack(
      Plan.Pool pool, List<PoolBoard> some, Function<Lease, Optional<Instant>> asSeen) {
    return AtOnce.each(
        some,
        pools.parallel(),
        one -> boards.deploy(back(one, pool.environment(), asSeen)),
        one -> boards.deploy(back(one, pool.environment(), asSeen)));
  }

  private Deployment back(
      PoolBoard one, EnvironmentPolicy environment, Function<Lease, Optional<Instant>> asSeen) {
    Lease lease = one.found().orElseThrow();
    return deployment(
        one.board(),
        environment,
        BoardAction.GIVE_BACK,
        new Wanted.OfProfile(),
        new LeaseTerms(lease.owner(), asSeen.apply(lease), Optional.empty()));
  }

  private Deployment deployment(
      BoardPolicy board,
      EnvironmentPolicy environment,
      BoardAction action,
      Wanted wanted,
      LeaseTerms lease) {
    return new Deployment(
        board.name(),
        board.address(),
        action,
        wanted,
        environment.terms(),
        run,
        Optional.of(commit),
        Optional.of(lease),
        guards);
  }

  /** What has been tried so far, and why it came to nothing. */
  private final class Attempts {
    private final Plan.Pool pool;
    private final Function<BoardPolicy, Wanted.Incoming> targets;
    private final List<String> told = new ArrayList<>();
    private Optional<FailureCode> trouble = Optional.empty();
    private boolean busy;

    Attempts(Plan.Pool pool, Function<BoardPolicy, Wanted.Incoming> targets) {
      this.pool = pool;
      this.targets = targets;
    }

    /** Absent where it is busy or offline. */
    Optional<BoardResult> on(BoardPolicy board, LeaseTerms terms) {
      BoardResult result =
          boards.deploy(
              deployment(board, pool.environment(), BoardAction.TEST, targets.apply(board), terms));
      if (result.outcome() != Outcome.BUSY && result.outcome() != Outcome.DEFERRED) {
        return Optional.of(result);
      }
      progress.note(BoardsFailed.line(result));
      told.add(result.board() + ": " + result.told());
      busy |= result.outcome() == Outcome.BUSY;
      return Optional.empty();
    }

    void busy(String why) {
      told.add(why);
      busy = true;
    }

    void silent(PoolBoard.Silent silent) {
      progress.warn(silent.told());
      told.add(silent.told());
      // offline is no trouble, unlike a wrong host key
      trouble =
          trouble.or(
              () ->
                  Optional.of(silent.failure())
                      .filter(f -> f.outcome() != Outcome.DEFERRED)
                      .map(Failure::code));
    }

    boolean isBusy() {
      return busy;
    }

    BoardResult unreachable() {
      return Thread.currentThread().isInterrupted()
          ? nothing(FailureCode.CANCELLED, "interrupted before a board was chosen: ")
          : nothing(trouble.orElse(FailureCode.WAITING), "no board can be had: ");
    }

    BoardResult nothing(FailureCode code, String what) {
      BoardName any = pool.boards().getFirst().name();
      return new BoardResult(any, BoardAction.TEST, code, what + String.join("\n", told));
    }
  }
}
