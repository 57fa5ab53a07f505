package io.github.flakeferry.support.http;

import java.io.IOException;
import java.nio.file.Files;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okio.BufferedSink;
import okio.Okio;
import org.jspecify.annotations.Nullable;

/** A body on its way. */
final class Outgoing extends RequestBody {
  private final HttpBody body;
  private final boolean repeatable;

  Outgoing(HttpBody body, HttpRequest request) {
    this.body = body;
    this.repeatable = request.repeatable();
  }

  @Override
  public @Nullable MediaType contentType() {
    return MediaType.parse(body.contentType());
  }

  @Override
  public long contentLength() throws IOException {
    return switch (body) {
      case HttpBody.OfText text -> text.bytes().length;
      case HttpBody.OfFile file -> Files.size(file.file());
    };
  }

  // keeps OkHttp from silently sending it a second time over a fresh connection
  @Override
  public boolean isOneShot() {
    return !repeatable;
  }

  @Override
  public void writeTo(BufferedSink sink) throws IOException {
    switch (body) {
      case HttpBody.OfText text -> sink.write(text.bytes());
      case HttpBody.OfFile file -> {
        try (var source = Okio.source(file.file())) {
          sink.writeAll(source);
        }
      }
    }
  }
}
