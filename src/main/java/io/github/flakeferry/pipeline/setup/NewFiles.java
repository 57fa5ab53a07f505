package io.github.flakeferry.pipeline.setup;

import io.github.flakeferry.source.LineDiff;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Files of the repository that are to be written, once all is known; one that is there stays as it
 * is unless somebody agrees.
 */
final class NewFiles {
  private final Dialog dialog;
  private final Path root;
  private final Map<Path, Agreed> agreed = new LinkedHashMap<>();

  /**
   * What is to be written.
   *
   * @param shown what it would replace; absent where nothing was there
   */
  private record Agreed(Optional<String> shown, String text) {}

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
      if (isFree(file)) {
        agreed.put(name, new Agreed(Optional.empty(), text));
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
        agreed.put(name, new Agreed(Optional.of(there), text));
        return true;
      }
      dialog.say("left " + name + " as it is");
      return false;
    } catch (IOException e) {
      throw SetupRefused.unusable(file, e);
    }
  }

  /**
   * Looks whether all can be written, so that nothing is where something can't be.
   *
   * @throws SetupRefused if a file is not as it was when it was taken in
   */
  void check() {
    agreed.forEach((name, file) -> refuseChanged(root.resolve(name), file.shown()));
  }

  /**
   * Writes what was taken in, after another {@link #check}.
   *
   * @throws SetupRefused if a file is not as it was when it was taken in: it stays as it is
   */
  void write() {
    check();
    agreed.forEach(this::write);
  }

  private void write(Path name, Agreed agreed) {
    Path file = root.resolve(name);
    refuseChanged(file, agreed.shown());
    try {
      Files.createDirectories(root.resolve(name.resolveSibling("")));
      if (agreed.shown().isPresent()) {
        Files.writeString(file, agreed.text());
      } else {
        Files.writeString(file, agreed.text(), StandardOpenOption.CREATE_NEW);
      }
      dialog.say("wrote " + name);
    } catch (FileAlreadyExistsException e) {
      throw SetupRefused.changedMeanwhile(file);
    } catch (IOException e) {
      throw SetupRefused.unusable(file, e);
    }
  }

  // a link that leads nowhere is there, and would be written through
  private static boolean isFree(Path file) {
    return Files.notExists(file, LinkOption.NOFOLLOW_LINKS);
  }

  private static void refuseChanged(Path file, Optional<String> shown) {
    try {
      Optional<String> there =
          isFree(file) ? Optional.empty() : Optional.of(Files.readString(file));
      if (!there.equals(shown)) {
        throw SetupRefused.changedMeanwhile(file);
      }
    } catch (IOException e) {
      throw SetupRefused.unusable(file, e);
    }
  }
}
