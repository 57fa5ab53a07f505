package io.github.flakeferry.pipeline;

import io.github.flakeferry.board.BoardFacts;
import io.github.flakeferry.board.BoardFailure;
import io.github.flakeferry.board.Boards;
import io.github.flakeferry.board.Deployment;
import io.github.flakeferry.board.Guards;
import io.github.flakeferry.board.Wanted;
import io.github.flakeferry.fleet.BoardPolicy;
import io.github.flakeferry.fleet.EnvironmentPolicy;
import io.github.flakeferry.model.BoardAction;
import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.Outcome;
import io.github.flakeferry.support.progress.Progress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/** Brings boards to their systems: wave by wave, within a wave all at once up to a bound. */
final class Rollout {
  private final Boards boards;
  private final int parallel;
  private final String owner;
  private final GitRevision commit;
  private final Progress progress;

  Rollout(Boards boards, int parallel, String owner, GitRevision commit, Progress progress) {
    this.boards = boards;
    this.parallel = parallel;
    this.owner = owner;
    this.commit = commit;
    this.progress = progress;
  }

  /** One planned board and its system. */
  record Job(Plan.PlannedBoard planned, Wanted.Incoming target) {}

  /**
   * Deploys to all boards of a plan. Environments go one after another, as do their waves; when
   * more boards of an environment failed than its policy allows, its further waves are skipped.
   *
   * @param each told of every result as it comes, one at a time
   */
  List<BoardResult> deploy(List<Job> jobs, Consumer<BoardResult> each) {
    var results = new ArrayList<BoardResult>();
    var byEnvironment = new java.util.LinkedHashMap<String, TreeMap<Integer, List<Job>>>();
    for (Job job : jobs) {
      byEnvironment
          .computeIfAbsent(job.planned().environment().name(), n -> new TreeMap<>())
          .computeIfAbsent(job.planned().wave(), n -> new ArrayList<>())
          .add(job);
    }
    for (var waves : byEnvironment.values()) {
      int failures = 0;
      for (var wave : waves.entrySet()) {
        EnvironmentPolicy environment = wave.getValue().getFirst().planned().environment();
        boolean stopped = failures > environment.maxFailures();
        var some = stopped ? skip(wave.getValue(), each) : deployAtOnce(wave.getValue(), each);
        failures += (int) some.stream().filter(r -> failed(r.outcome())).count();
        results.addAll(some);
      }
    }
    return results;
  }

  private static boolean failed(Outcome outcome) {
    return !outcome.reached() && outcome != Outcome.DEFERRED;
  }

  private List<BoardResult> skip(List<Job> wave, Consumer<BoardResult> each) {
    return wave.stream()
        .map(
            job ->
                new BoardResult(
                    job.planned().board().name(),
                    job.planned().action(),
                    Outcome.SKIPPED,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Duration.ZERO,
                    0,
                    "too many boards of an earlier wave failed"))
        .peek(each)
        .toList();
  }

  private List<BoardResult> deployAtOnce(List<Job> wave, Consumer<BoardResult> each) {
    var permits = new Semaphore(parallel);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<BoardResult>> futures =
          wave.stream()
              .map(
                  job ->
                      threads.submit(
                          () -> {
                            permits.acquire();
                            try {
                              BoardResult result =
                                  boards.deploy(
                                      deployment(
                                          job.planned().board(),
                                          job.planned().environment(),
                                          job.planned().action(),
                                          job.target(),
                                          Optional.empty()));
                              synchronized (this) {
                                each.accept(result);
                              }
                              return result;
                            } finally {
                              permits.release();
                            }
                          }))
              .toList();
      return collect(futures, threads::shutdownNow);
    }
  }

  private static List<BoardResult> collect(
      List<Future<BoardResult>> futures, Runnable interruptAll) {
    var results = new ArrayList<BoardResult>();
    boolean interrupted = false;
    for (Future<BoardResult> future : futures) {
      while (true) {
        try {
          results.add(future.get());
          break;
        } catch (InterruptedException e) {
          // each board is told; what it makes of it is its result
          interrupted = true;
          interruptAll.run();
        } catch (ExecutionException e) {
          throw new IllegalStateException("a deployment broke", e.getCause());
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return results;
  }

  /** Tries the system on the pull request's board: its own one, else the first free one. */
  BoardResult preview(
      Plan.Preview plan,
      java.util.function.Function<BoardPolicy, Wanted.Incoming> targets,
      String lease) {
    var free = new ArrayList<BoardPolicy>();
    var held = new ArrayList<String>();
    for (BoardPolicy candidate : plan.candidates()) {
      Optional<String> holder = holder(candidate, held);
      if (holder.isPresent() && holder.get().equals(lease)) {
        free.addFirst(candidate);
      } else if (holder.isEmpty()) {
        free.add(candidate);
      } else {
        held.add(candidate.name() + " is lent to " + holder.get());
      }
    }
    BoardResult last = busy(plan, held);
    for (BoardPolicy candidate : free) {
      last =
          boards.deploy(
              deployment(
                  candidate,
                  plan.environment(),
                  BoardAction.TEST,
                  targets.apply(candidate),
                  Optional.of(lease)));
      if (last.outcome() != Outcome.BUSY && last.outcome() != Outcome.DEFERRED) {
        return last;
      }
    }
    return last;
  }

  /** Gives back the boards that are the pull request's. */
  List<BoardResult> giveBack(Plan.GiveBack plan, String lease) {
    var unreachable = new ArrayList<String>();
    return plan.candidates().stream()
        .filter(b -> holder(b, unreachable).filter(lease::equals).isPresent())
        .map(
            b ->
                boards.deploy(
                    deployment(
                        b,
                        plan.environment(),
                        BoardAction.GIVE_BACK,
                        new Wanted.OfProfile(),
                        Optional.of(lease))))
        .toList();
  }

  /** Who has the board; a board that can't be asked may be free: its deployment will tell. */
  private Optional<String> holder(BoardPolicy board, List<String> unreachable) {
    try {
      return boards.facts(board.name(), board.address()).validLease().map(BoardFacts.Lease::owner);
    } catch (BoardFailure failure) {
      progress.warn(failure.problem());
      unreachable.add(board.name() + ": " + failure.problem());
      return Optional.empty();
    }
  }

  private static BoardResult busy(Plan.Preview plan, List<String> held) {
    return new BoardResult(
        plan.candidates().getFirst().name(),
        BoardAction.TEST,
        Outcome.BUSY,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Duration.ZERO,
        0,
        "no board of this environment is free: " + String.join("; ", held));
  }

  private Deployment deployment(
      BoardPolicy board,
      EnvironmentPolicy environment,
      BoardAction action,
      Wanted wanted,
      Optional<String> lease) {
    return new Deployment(
        board.name(),
        board.address(),
        action,
        wanted,
        environment.terms(),
        owner,
        Optional.of(commit),
        lease,
        Guards.ANY_COMMIT);
  }
}
