package io.github.flakeferry.failures;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import tools.jackson.databind.json.JsonMapper;

/**
 * Watches while integration tests run, and writes down what was seen, a line of JSON each, into a
 * file for each Java. Found by JUnit itself; where no folder is named it does nothing.
 */
public final class WatchExtension implements BeforeAllCallback {
  /** Names the folder. */
  static final String FOLDER = "flakeferry.failures";

  private static final JsonMapper JSON = new JsonMapper();
  private static boolean loaded;

  /** When all is over, or a part of it that Failsafe runs by itself. */
  private record End(Path folder) implements AutoCloseable {
    @Override
    public void close() {
      List<String> lines = Watch.judged().stream().map(JSON::writeValueAsString).toList();
      if (lines.isEmpty()) {
        return;
      }
      try {
        Files.write(
            Files.createDirectories(folder).resolve(ProcessHandle.current().pid() + ".jsonl"),
            lines,
            StandardOpenOption.CREATE,
            StandardOpenOption.APPEND);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    String folder = System.getProperty(FOLDER);
    if (folder != null) {
      load();
      context
          .getRoot()
          .getStore(Namespace.create(WatchExtension.class))
          .computeIfAbsent(End.class, key -> new End(Path.of(folder)));
    }
  }

  private static synchronized void load() {
    if (!loaded) {
      loaded = true;
      Agent.load();
    }
  }
}
