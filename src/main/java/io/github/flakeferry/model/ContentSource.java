package io.github.flakeferry.model;

import java.io.IOException;
import java.io.OutputStream;

/** Where the NAR of a store path comes from. */
@FunctionalInterface
public interface ContentSource {
  /**
   * Writes the path's NAR, exactly {@link PathInfo#narSize} bytes, without holding it in memory.
   *
   * @throws IOException if the path can't be read or the stream not be written
   */
  void writeNar(StorePath path, OutputStream to) throws IOException;
}
