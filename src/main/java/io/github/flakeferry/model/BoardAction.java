package io.github.flakeferry.model;

/** What is done on a board. */
public enum BoardAction {
  /** Activate, confirm, and make it the profile's and the boot loader's default. */
  SWITCH,
  /** Activate and confirm, without touching profile or boot loader: a preview. */
  TEST,
  /** Activate the system of the board's profile again, and end the lease. */
  GIVE_BACK;

  public String label() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }
}
