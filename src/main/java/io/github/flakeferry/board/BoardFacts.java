package io.github.flakeferry.board;

import io.github.flakeferry.model.StorePath;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a board said of itself, checked for its form and not for its truth.
 *
 * @param machine as {@code uname -m} says it: {@code riscv64}
 * @param nixVersion {@code 2.26.3}; empty where there is no Nix
 * @param userId the number of the user who logged in; 0 is root
 * @param current the system that runs
 * @param booted the system that was booted
 * @param profile the system of the profile, which is booted next time
 * @param storeFreeBytes room left on the file system of {@code /nix}
 * @param bootFreeBytes room left on the file system of {@code /boot}; empty where there is none
 * @param memoryBytes what can still be had of its memory
 * @param clock its own time
 * @param bootId changes with every start
 * @param failedUnits names of units that systemd counts as failed
 * @param trustedKeys the public keys whose signatures its Nix takes; empty for root, who needs none
 * @param foreignActivation whether somebody holds the lock of {@code switch-to-configuration}
 * @param lastRun the latest activation by Flakeferry, under way or ended
 * @param lease who the board is given to
 */
public record BoardFacts(
    String machine,
    Optional<String> nixVersion,
    int userId,
    Optional<StorePath> current,
    Optional<StorePath> booted,
    Optional<StorePath> profile,
    long storeFreeBytes,
    Optional<Long> bootFreeBytes,
    long memoryBytes,
    Instant clock,
    String bootId,
    List<String> failedUnits,
    List<String> trustedKeys,
    boolean foreignActivation,
    Optional<LastRun> lastRun,
    Optional<Lease> lease) {
  public BoardFacts {
    failedUnits = List.copyOf(failedUnits);
    trustedKeys = List.copyOf(trustedKeys);
  }

  /** The system that is meant; empty where the board has none such. */
  Optional<StorePath> systemOf(Wanted wanted) {
    return switch (wanted) {
      case Wanted.Incoming incoming -> Optional.of(incoming.system());
      case Wanted.OfProfile() -> profile;
      case Wanted.Generation(var number) -> Optional.empty();
    };
  }

  /** The run of Flakeferry that activates something just now. */
  public Optional<LastRun> activating() {
    return lastRun.filter(LastRun::alive);
  }

  /**
   * An activation by Flakeferry.
   *
   * @param token the name of its folder on the board
   * @param state the word that its supervisor wrote last: {@code committed}
   * @param owner the run that started it
   * @param commit what its system was built from; may be empty
   * @param since when the state was written, by the board's clock
   * @param alive whether its supervisor runs
   * @param bootId of the boot in which the state was written
   */
  public record LastRun(
      String token,
      String state,
      String owner,
      String commit,
      Instant since,
      boolean alive,
      String bootId) {}

  /**
   * A preview board that is given to somebody.
   *
   * @param owner such as {@code owner/repo#12}
   * @param system what it was given for
   * @param since by the board's clock
   * @param bootId of the boot in which it was given: another one has lost the lease
   */
  public record Lease(String owner, Optional<StorePath> system, Instant since, String bootId) {}

  /** The lease, unless a restart of the board has ended it. */
  public Optional<Lease> validLease() {
    return lease.filter(l -> l.bootId().equals(bootId));
  }
}
