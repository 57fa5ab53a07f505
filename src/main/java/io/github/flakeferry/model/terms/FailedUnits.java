package io.github.flakeferry.model.terms;

/**
 * What is done when a system was activated and units of it failed: {@code switch-to-configuration}
 * ends with 4 then.
 */
public enum FailedUnits {
  /** The previous system is activated again. */
  ROLL_BACK,
  /** It is told, and the deployment goes on. */
  ACCEPT
}
