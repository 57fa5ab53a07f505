package io.github.flakeferry.pipeline.setup;

import io.github.flakeferry.source.LineDiff;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes files of the repository; one that is there stays as it is unless somebody agrees. */
final class NewFiles {
  private final Dialog dialog;
  private final Path root;

  NewFiles(Dialog dialog, Path root) {
    this.dialog = dialog;
    this.root = root;
  }

  /**
   * Writes one, or shows what would change in it.
   *
   * @param name from the repository's root
   */
  void write(Path name, String text) {
    Path file = root.resolve(name);
    try {
      if (Files.notExists(file)) {
        Files.createDirectories(root.resolve(name.resolveSibling("")));
        Files.writeString(file, text);
        dialog.say("wrote " + name);
        return;
      }
      String there = Files.readString(file);
      if (there.equals(text)) {
        dialog.say(name + " is as it should be");
        return;
      }
      dialog.say(
          name
              + " is there already; this would change:\n"
              + LineDiff.of(there, text).stripTrailing());
      if (dialog.confirm("Write it so?")) {
        Files.writeString(file, text);
        dialog.say("wrote " + name);
      } else {
        dialog.say("left " + name + " as it is");
      }
    } catch (IOException e) {
      throw SetupRefused.unusable(file, e);
    }
  }
}
