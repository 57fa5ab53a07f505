package io.github.flakeferry.forge.actions;

import java.io.IOException;

/**
 * Something that is to be told to the forge.
 *
 * @param subject what it is about: a later report on the same makes up for one that was lost
 * @param what in words, for a list of what was lost
 */
record Report(Kind kind, String subject, Weight weight, String what, Sending sending) {
  /** What becomes of it when there is something later to tell, or no time. */
  enum Weight {
    /** A later one on the same takes its place, if it is not sent yet. */
    LATEST_COUNTS,
    /** It is told whatever comes later. */
    EACH_COUNTS,
    /** It is told another time where there is no time now. */
    CAN_WAIT
  }

  /** Tells it. */
  interface Sending {
    void send(Api api) throws ApiTrouble, IOException;
  }

  boolean replaces(Report other) {
    return weight == Weight.LATEST_COUNTS
        && other.weight == Weight.LATEST_COUNTS
        && kind == other.kind
        && subject.equals(other.subject);
  }
}
