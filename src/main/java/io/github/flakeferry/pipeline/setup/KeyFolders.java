package io.github.flakeferry.pipeline.setup;

import io.github.flakeferry.source.WorkingCopy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Chooses the folder for a repository's keys. Nothing is written. */
final class KeyFolders {
  private final Dialog dialog;
  private final KeyFolder first;
  private final boolean named;

  /**
   * @param folder outside of any repository
   * @param named whether the user has named it: then it is taken, whosever its keys are
   * @throws SetupRefused if it is inside of one
   */
  KeyFolders(Dialog dialog, Place place, Path folder, boolean named) {
    refuseClone(folder);
    this.dialog = dialog;
    this.first = new KeyFolder(folder, place.remote(), place.root());
    this.named = named;
  }

  /** It, or where another repository's keys are in it the next of its name that is free. */
  KeyFolder choose() {
    KeyFolder folder = first;
    for (int number = 2; !takes(folder); number++) {
      folder = first.numbered(number);
    }
    return folder;
  }

  private boolean takes(KeyFolder folder) {
    return switch (folder.claim()) {
      case OWN -> true;
      case OTHERS -> {
        dialog.say(
            "%s has the keys of %s%s"
                .formatted(
                    folder.path(),
                    folder.owner(),
                    named
                        ? ": runs of both log in and sign with them."
                        : ", so those of this repository come to be in another folder."));
        yield named;
      }
      case UNKNOWN ->
          named
              || dialog.confirm(
                  "There are keys in %s, and nothing there says whose. Are they this repository's?"
                      .formatted(folder.path()));
    };
  }

  // also another one than the flake's, and whatever links lead there
  private static void refuseClone(Path keys) {
    Path there = keys.toAbsolutePath();
    while (Files.notExists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    Optional<WorkingCopy> copy = Optional.empty();
    try {
      copy = WorkingCopy.around(there.toRealPath());
      if (copy.isPresent()) {
        throw SetupRefused.keysInside(keys, copy.get().root());
      }
    } catch (IOException e) {
      throw SetupRefused.unusable(there, e);
    } finally {
      copy.ifPresent(WorkingCopy::close);
    }
  }
}
