package io.github.flakeferry.model.terms;

import java.time.Duration;

/**
 * Whether a board is restarted to run all of a new system. With systemd-boot the new one is started
 * once, and the default only when it is healthy then.
 *
 * @param unprotected also where there is no such way back, as with U-Boot's extlinux: a system that
 *     does not boot stays away until somebody comes
 * @param deadline how long it may be away
 */
public record RebootTerms(When when, boolean unprotected, Duration deadline) {
  /** The default. */
  public static final RebootTerms NEVER =
      new RebootTerms(When.NEVER, false, Duration.ofMinutes(10));

  /** When a board is restarted. */
  public enum When {
    NEVER,
    /** Kernel, initrd, kernel modules or device tree differ from the booted system's. */
    IF_NEEDED,
    ALWAYS
  }
}
