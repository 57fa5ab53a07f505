package io.github.flakeferry.forge.actions;

/** The forge said no, or nothing. */
public final class ApiTrouble extends Exception {
  private final int status;
  private final boolean limit;

  /**
   * @param status 0 where there was no answer
   * @param limit whether it was said because of a limit: later it may be done
   */
  ApiTrouble(int status, boolean limit, String message) {
    super(message);
    this.status = status;
    this.limit = limit;
  }

  public int status() {
    return status;
  }

  public String problem() {
    return String.valueOf(getMessage());
  }

  /** The token itself is not taken. */
  boolean isBadToken() {
    return status == 401;
  }

  /** The token may not do that; what it may not even see, a forge says is not there. */
  boolean isForbidden() {
    return status == 403 && !limit;
  }

  boolean isNotFound() {
    return status == 404 || status == 410;
  }

  /** It may have been done all the same. */
  boolean isUncertain() {
    return status == 0 || status >= 500;
  }

  /** Trying again later may help. */
  boolean isPassing() {
    return limit || isUncertain();
  }
}
