package io.github.flakeferry.forge;

import java.time.Instant;

/**
 * A status of a commit, as the forge has it.
 *
 * @param context what it is about; contexts differ only beyond case
 * @param description as it was given, or cut
 * @param at when it was set, by the forge's clock; {@link Instant#EPOCH} where it does not say
 */
public record CommitStatus(String context, StatusState state, String description, Instant at) {
  /** Whether it is about this. */
  public boolean isAbout(String other) {
    return context.equalsIgnoreCase(other);
  }
}
