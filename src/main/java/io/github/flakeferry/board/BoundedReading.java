package io.github.flakeferry.board;

import io.github.flakeferry.model.BoardAddress;
import io.github.flakeferry.model.FailureCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * Reads what a board says, which may be without end.
 *
 * @param most bytes that can be right
 * @param what it is, for people
 * @param giveUp ends the link: whatever more comes is of no use
 */
record BoundedReading(BoardAddress address, int most, String what, Runnable giveUp) {
  /**
   * The first line with its end, or what there is up to the end; empty if there is nothing.
   *
   * @throws BoardFailure if it is longer than could be right
   */
  String line(InputStream from) throws IOException {
    var kept = new ByteArrayOutputStream();
    for (int c = from.read(); c >= 0; c = from.read()) {
      kept.write(c);
      if (c == '\n') {
        break;
      }
      check(kept);
    }
    return kept.toString(StandardCharsets.UTF_8);
  }

  /**
   * All of it.
   *
   * @throws BoardFailure if it is more than could be right
   */
  String all(InputStream from) throws IOException {
    var kept = new ByteArrayOutputStream();
    byte[] buffer = new byte[8192];
    for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
      kept.write(buffer, 0, n);
      check(kept);
    }
    return kept.toString(StandardCharsets.UTF_8);
  }

  private void check(ByteArrayOutputStream kept) {
    if (kept.size() > most) {
      giveUp.run();
      throw new BoardFailure(
          FailureCode.BOARD_STRANGE,
          "%s answers with more than %d KiB of %s".formatted(address, most >> 10, what),
          "Look at what its shell prints at login.");
    }
  }
}
