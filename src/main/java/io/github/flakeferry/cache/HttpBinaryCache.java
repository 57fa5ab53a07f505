package io.github.flakeferry.cache;

import java.nio.file.Path;
import java.util.Optional;

/** A cache behind HTTP that takes PUT. */
final class HttpBinaryCache implements BinaryCache {
  @Override
  public String url() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<String> read(String name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean has(String name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void write(String name, String text) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void upload(String name, Path file) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
