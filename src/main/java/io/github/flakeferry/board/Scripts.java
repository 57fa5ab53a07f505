package io.github.flakeferry.board;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Scripts of ours, and texts of others in lines of ours. */
final class Scripts {
  private Scripts() {}

  /** A script that lies beside this class. */
  static String resource(String name) {
    try (InputStream in = Scripts.class.getResourceAsStream(name + ".sh")) {
      if (in == null) {
        throw new IllegalStateException("no script " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A word for the shell that stands for exactly this text. */
  static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }

  /** A text of others as one line: no control characters, at most 300 characters. */
  static String oneLine(String text) {
    String line = text.replaceAll("\\p{Cntrl}+", " ").strip();
    return line.length() > 300 ? line.substring(0, 299) + "…" : line;
  }
}
