package io.github.flakeferry.support.http;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** What is sent with a request. */
public sealed interface HttpBody {
  /** Such as {@code application/json}. */
  String contentType();

  /** A text, as UTF-8. */
  record OfText(String contentType, String text) implements HttpBody {
    byte[] bytes() {
      return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Leaves the text out: it may be long. */
    @Override
    public String toString() {
      return contentType;
    }
  }

  /** A file, read when it is sent, and again when it is sent again. */
  record OfFile(String contentType, Path file) implements HttpBody {}
}
