package io.github.flakeferry.board;

import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.Outcome;
import io.github.flakeferry.model.StorePath;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * What a board said of itself, checked for its form and not for its truth.
 *
 * @param machine as {@code uname -m} says it: {@code riscv64}
 * @param nixVersion {@code 2.26.3}; empty where there is no Nix
 * @param userId the number of the user who logged in; 0 is root
 * @param mayBeRoot whether that user is root, or may have sudo do what a deployment needs
 * @param current the system that runs
 * @param booted the system that was booted
 * @param profile the system of the profile
 * @param bootDefault the system that its boot loader starts by default, which the firmware's
 *     variable may say against the boot loader's own file; empty where that is unknown
 * @param generations of its profile, the oldest first
 * @param bootFiles kernels, initrds and device trees that its boot loader has copied already, with
 *     links resolved
 * @param bootedParts where the links of {@link io.github.flakeferry.model.RestartParts} lead to
 *     that the booted system has; absent where an older script tells nothing of them
 * @param known whether what it runs was put there by a deployment, or was there before the first
 * @param storeFreeBytes room left on the file system of {@code /nix}
 * @param bootFreeBytes room left on the file system of {@code /boot}; empty where there is none
 * @param readOnly folders that a deployment writes to and that take no writes
 * @param memoryBytes what can still be had of its memory
 * @param clock its own time
 * @param bootId changes with every start
 * @param failedUnits names of units that systemd counts as failed
 * @param trustedKeys the public keys whose signatures its Nix takes; empty for root, who needs none
 * @param foreignActivation who holds the lock of {@code switch-to-configuration}
 * @param lastRun the latest activation by Flakeferry, under way or ended
 * @param deployed what a deployment made its default last
 * @param lease whom the board is or was lent to
 */
public record BoardFacts(
    String machine,
    Optional<String> nixVersion,
    int userId,
    boolean mayBeRoot,
    Optional<StorePath> current,
    Optional<StorePath> booted,
    Optional<StorePath> profile,
    Optional<StorePath> bootDefault,
    List<Generation> generations,
    List<String> bootFiles,
    Optional<Map<String, String>> bootedParts,
    boolean known,
    long storeFreeBytes,
    Optional<Long> bootFreeBytes,
    List<String> readOnly,
    long memoryBytes,
    Instant clock,
    String bootId,
    List<String> failedUnits,
    List<String> trustedKeys,
    Optional<ForeignActivation> foreignActivation,
    Optional<LastRun> lastRun,
    Optional<Deployed> deployed,
    Optional<Lease> lease) {
  public BoardFacts {
    generations = List.copyOf(generations);
    bootFiles = List.copyOf(bootFiles);
    bootedParts = bootedParts.map(Map::copyOf);
    readOnly = List.copyOf(readOnly);
    failedUnits = List.copyOf(failedUnits);
    trustedKeys = List.copyOf(trustedKeys);
  }

  /** The system that is meant; empty where the board has none such, or looks it up itself. */
  Optional<StorePath> systemOf(Wanted wanted) {
    return switch (wanted) {
      case Wanted.Incoming incoming -> Optional.of(incoming.system());
      case Wanted.OfProfile() -> profile;
      case Wanted.Generation(OptionalInt number) ->
          generations.stream()
              .filter(g -> number.isPresent() && g.number() == number.getAsInt())
              .map(Generation::system)
              .findFirst();
      case Wanted.Before(String run) -> Optional.empty();
    };
  }

  /** The run of Flakeferry that activates something just now. */
  public Optional<LastRun> activating() {
    return lastRun.filter(LastRun::alive);
  }

  /**
   * What its lease is worth; absent where it has none. A damaged one is somebody's as long as the
   * board runs anything else than its profile's system.
   */
  public Optional<Lease.Worth> leaseWorth(Instant now) {
    return lease.map(
        l -> {
          if (l.isDamaged() ? current.equals(profile) : !l.bootId().equals(bootId)) {
            return Lease.Worth.LOST;
          }
          return l.until().filter(end -> !end.isAfter(now)).isPresent()
              ? Lease.Worth.OVER
              : Lease.Worth.HELD;
        });
  }

  /** Its lease, where the board is its owner's now. */
  public Optional<Lease> heldLease(Instant now) {
    return lease.filter(l -> leaseWorth(now).equals(Optional.of(Lease.Worth.HELD)));
  }

  /**
   * A generation of the system profile.
   *
   * @param time when it was made, by the board's clock
   */
  public record Generation(int number, StorePath system, Instant time) {}

  /**
   * Somebody else's {@code switch-to-configuration}.
   *
   * @param command its command line; may be empty
   */
  public record ForeignActivation(String command, Instant since) {}

  /**
   * An activation by Flakeferry.
   *
   * @param token the name of its folder on the board
   * @param state the word that its supervisor wrote last: {@code committed}; empty: none yet
   * @param reason what it said of that; may be empty
   * @param owner the run that started it
   * @param commit what its system was built from; may be empty
   * @param system what it was to activate
   * @param since when the state was written, by the board's clock
   * @param alive whether its supervisor runs
   * @param bootId of the boot in which the state was written
   */
  public record LastRun(
      String token,
      String state,
      String reason,
      String owner,
      String commit,
      Optional<StorePath> system,
      Instant since,
      boolean alive,
      String bootId) {

    /** Whether its state is an end: else it is under way, or was cut short. */
    public boolean ended() {
      return Stream.of(RunState.Stage.values())
          .anyMatch(stage -> stage.outcome().isPresent() && stage.label().equals(state));
    }

    /** Why the board undid what it activated; empty where it did not. */
    public Optional<FailureCode> wentBack() {
      return state.equals(RunState.Stage.ROLLED_BACK.label())
          ? Optional.of(EndCode.of(Outcome.ROLLED_BACK, reason))
          : Optional.empty();
    }
  }

  /**
   * What a deployment made the board's default.
   *
   * @param commit what it was built from; empty where that is unknown, as after a rollback by hand
   * @param since by the board's clock
   */
  public record Deployed(
      StorePath system, Optional<GitRevision> commit, String owner, Instant since) {}
}
