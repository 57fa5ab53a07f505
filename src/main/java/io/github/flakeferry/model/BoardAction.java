package io.github.flakeferry.model;

/** What is done on a board. */
public enum BoardAction {
  /** Activate, confirm, and make it the profile's and the boot loader's default. */
  SWITCH,
  /** Activate and confirm, without touching profile or boot loader: a preview. */
  TEST,
  /** Make it the profile's and the boot loader's default, to be run from the next start on. */
  BOOT,
  /** Say what its activation would do, and do nothing. */
  DRY_ACTIVATE,
  /** Activate the system of the board's profile again, and end the lease. */
  GIVE_BACK;

  public String label() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }
}
