package io.github.flakeferry.cache;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Writes to a stream, and the same to a second one, which it doesn't close. */
final class Both extends FilterOutputStream {
  private final OutputStream second;

  Both(OutputStream first, OutputStream second) {
    super(first);
    this.second = second;
  }

  @Override
  public void write(int b) throws IOException {
    out.write(b);
    second.write(b);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    out.write(bytes, offset, length);
    second.write(bytes, offset, length);
  }
}
