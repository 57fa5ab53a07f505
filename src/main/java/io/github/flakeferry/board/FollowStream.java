package io.github.flakeferry.board;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The frames that {@code follow.sh} sends. */
final class FollowStream {
  private static final int LONGEST_LINE = 1 << 16;
  private static final int LARGEST_CHUNK = 1 << 16;

  private final InputStream in;

  /**
   * @param in buffered: it is read byte by byte
   */
  FollowStream(InputStream in) {
    this.in = in;
  }

  /** One thing that was told. */
  sealed interface Frame {
    record BootId(String id) implements Frame {}

    /**
     * A piece of the log.
     *
     * @param length in bytes, which count for the offset
     */
    record Log(int length, String text) implements Frame {}

    record State(List<String> lines) implements Frame {}

    record Alive() implements Frame {}

    record End() implements Frame {}

    /** There is no such run, and there won't be one. */
    record Nothing() implements Frame {}
  }

  /**
   * Waits for the next frame.
   *
   * @throws IOException if the stream ends or is none of this form
   */
  Frame next() throws IOException {
    String head = line();
    if (head.startsWith("B ")) {
      return new Frame.BootId(head.substring(2));
    }
    if (head.startsWith("L ")) {
      return chunk(head.substring(2));
    }
    return switch (head) {
      case "S" -> new Frame.State(lines());
      case "H" -> new Frame.Alive();
      case "N" -> new Frame.Nothing();
      case "E" -> new Frame.End();
      default -> throw new IOException("not understood: " + Scripts.oneLine(head));
    };
  }

  private Frame.Log chunk(String length) throws IOException {
    int bytes;
    try {
      bytes = Integer.parseInt(length);
    } catch (NumberFormatException e) {
      throw new IOException("not a length: " + Scripts.oneLine(length), e);
    }
    if (bytes < 0 || bytes > LARGEST_CHUNK) {
      throw new IOException("a piece of log of " + bytes + " bytes");
    }
    byte[] chunk = in.readNBytes(bytes);
    if (chunk.length < bytes || in.read() != '\n') {
      throw new EOFException("the stream ended within a piece of log");
    }
    return new Frame.Log(bytes, new String(chunk, StandardCharsets.UTF_8));
  }

  private List<String> lines() throws IOException {
    var all = new ArrayList<String>();
    for (String line = line(); !line.equals("."); line = line()) {
      if (all.size() > 50) {
        throw new IOException("a state of more than 50 lines");
      }
      all.add(line);
    }
    return all;
  }

  private String line() throws IOException {
    var bytes = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("the stream ended");
      }
      if (bytes.size() > LONGEST_LINE) {
        throw new IOException("a line of more than " + LONGEST_LINE + " bytes");
      }
      bytes.write(b);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
