package io.github.flakeferry.model;

import java.io.IOException;
import java.io.OutputStream;

/** Where the logs of builds come from. */
@FunctionalInterface
public interface LogSource {
  /**
   * Writes what the builder of a derivation printed, without holding it in memory.
   *
   * @return whether there is a log
   * @throws IOException if it can't be read or the stream not be written
   */
  boolean writeLog(StorePath derivation, OutputStream to) throws IOException;
}
