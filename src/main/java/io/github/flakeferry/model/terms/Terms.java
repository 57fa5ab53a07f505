package io.github.flakeferry.model.terms;

import java.time.Duration;

/**
 * How a board is brought to a system.
 *
 * @param activation how long {@code switch-to-configuration} may take, by the board's own
 *     stopwatch; also the bound of a rollback and of the boot loader's installation; whole seconds,
 *     at least one
 * @param confirm how long the board waits for the runner's acknowledgement before it rolls back;
 *     whole seconds, at least one, and no shorter than the health checks
 * @param failedUnits what a {@code switch-to-configuration} that ends with 4 means
 */
public record Terms(
    Duration activation,
    Duration confirm,
    FailedUnits failedUnits,
    HealthChecks health,
    TransferMode transfer,
    RebootTerms reboot,
    Generations generations) {
  /** Five minutes to activate, sixty seconds to confirm, no reboot, ten generations. */
  public static final Terms DEFAULT =
      new Terms(
          Duration.ofMinutes(5),
          Duration.ofSeconds(60),
          FailedUnits.ROLL_BACK,
          HealthChecks.DEFAULT,
          TransferMode.AUTO,
          RebootTerms.NEVER,
          Generations.DEFAULT);

  public Terms {
    if (activation.toSeconds() < 1 || confirm.toSeconds() < 1) {
      throw new IllegalArgumentException("a deadline below a second");
    }
  }

  /** The same with other deadlines. */
  public Terms within(Duration forActivation, Duration forConfirmation) {
    return new Terms(
        forActivation, forConfirmation, failedUnits, health, transfer, reboot, generations);
  }

  public Terms failedUnits(FailedUnits other) {
    return new Terms(activation, confirm, other, health, transfer, reboot, generations);
  }

  public Terms health(HealthChecks other) {
    return new Terms(activation, confirm, failedUnits, other, transfer, reboot, generations);
  }

  public Terms transfer(TransferMode other) {
    return new Terms(activation, confirm, failedUnits, health, other, reboot, generations);
  }

  public Terms reboot(RebootTerms other) {
    return new Terms(activation, confirm, failedUnits, health, transfer, other, generations);
  }

  public Terms generations(Generations other) {
    return new Terms(activation, confirm, failedUnits, health, transfer, reboot, other);
  }
}
