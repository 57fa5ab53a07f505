package io.github.flakeferry.forge.actions;

import java.io.IOException;

/**
 * Something that is to be told to the forge.
 *
 * @param subject what it is about: a later report on the same makes up for one that was lost
 * @param latestCounts whether a later report on the same subject takes the place of one that is not
 *     sent yet
 * @param what in words, for a list of what was lost
 */
record Report(Kind kind, String subject, boolean latestCounts, String what, Sending sending) {
  /** Tells it. */
  interface Sending {
    void send(Api api) throws ApiTrouble, IOException;
  }

  boolean replaces(Report other) {
    return latestCounts && other.latestCounts && kind == other.kind && isOnTheSame(other);
  }

  boolean isOnTheSame(Report other) {
    return subject.equals(other.subject);
  }
}
