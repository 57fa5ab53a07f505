package io.github.flakeferry.pipeline.setup;

import io.github.flakeferry.source.LineDiff;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Files of the repository that are to be written, once all is known; one that is there stays as it
 * is unless somebody agrees.
 */
final class NewFiles {
  private final Dialog dialog;
  private final Path root;
  private final Map<Path, String> agreed = new LinkedHashMap<>();

  NewFiles(Dialog dialog, Path root) {
    this.dialog = dialog;
    this.root = root;
  }

  /**
   * Takes one in, or shows what would change in it and asks. Nothing is written yet.
   *
   * @param name from the repository's root
   * @return whether the file has this text, or will
   */
  boolean add(Path name, String text) {
    Path file = root.resolve(name);
    try {
      if (Files.notExists(file)) {
        agreed.put(name, text);
        return true;
      }
      String there = Files.readString(file);
      if (there.equals(text)) {
        dialog.say(name + " is as it should be");
        return true;
      }
      dialog.say(
          name
              + " is there already; this would change:\n"
              + LineDiff.of(there, text).stripTrailing());
      if (dialog.confirm("Write it so?")) {
        agreed.put(name, text);
        return true;
      }
      dialog.say("left " + name + " as it is");
      return false;
    } catch (IOException e) {
      throw SetupRefused.unusable(file, e);
    }
  }

  /** Writes what was taken in. */
  void write() {
    agreed.forEach(
        (name, text) -> {
          Path file = root.resolve(name);
          try {
            Files.createDirectories(root.resolve(name.resolveSibling("")));
            Files.writeString(file, text);
            dialog.say("wrote " + name);
          } catch (IOException e) {
            throw SetupRefused.unusable(file, e);
          }
        });
  }
}
