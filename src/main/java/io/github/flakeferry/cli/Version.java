package io.github.flakeferry.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version and the commit that this was built from. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {text()};
  }

  /** {@code flakeferry 1.2.3 (COMMIT)}. */
  static String text() {
    var properties = new Properties();
    try (var in = Version.class.getResourceAsStream("version.properties")) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException("the program's own files can't be read", e);
    }
    return "flakeferry %s (%s)"
        .formatted(properties.getProperty("version"), properties.getProperty("commit"));
  }
}
