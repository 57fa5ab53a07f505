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
    return oneLine(300, text);
  }

  /** The same of at most so many characters. */
  static String oneLine(int longest, String text) {
    return shortened(longest, text.replaceAll("\\p{Cntrl}+", " ").strip());
  }

  /** A text of others, with an ellipsis where it is longer than so many characters. */
  static String shortened(int longest, String text) {
    return text.length() > longest ? text.substring(0, longest - 1) + "…" : text;
  }
}
