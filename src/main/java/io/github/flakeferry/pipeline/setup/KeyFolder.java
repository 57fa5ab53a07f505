package io.github.flakeferry.pipeline.setup;

import io.github.flakeferry.support.PrivateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A folder for the keys of a repository's runs, with a note in it that says whose they are: the
 * remote's URL and the path of each repository, a line each.
 */
record KeyFolder(Path path, Optional<String> remote, Path root) {
  private static final String NOTE = "repository";

  /** How a repository stands to the keys. */
  enum Claim {
    /** There are none yet, or they are its own. */
    OWN,
    /** Nothing says whose they are. */
    UNKNOWN,
    OTHERS
  }

  /** The same for another folder, whose name ends in a number from 2. */
  KeyFolder numbered(int number) {
    return new KeyFolder(path.resolveSibling(path.getFileName() + "-" + number), remote, root);
  }

  Claim claim() {
    List<String> noted = noted();
    if (noted.isEmpty()) {
      return hasKeys() ? Claim.UNKNOWN : Claim.OWN;
    }
    return isNoted(noted) ? Claim.OWN : Claim.OTHERS;
  }

  /** Whose they are by the note, in words. */
  String owner() {
    return noted().stream().findFirst().orElse("nobody");
  }

  /** Notes the repository beside those that are noted. */
  void note() throws IOException {
    List<String> noted = noted();
    List<String> missing =
        Stream.concat(remote.stream(), Stream.of(root.toString()))
            .filter(line -> !noted.contains(line))
            .toList();
    PrivateFile.folder(path);
    if (!missing.isEmpty()) {
      Files.write(path.resolve(NOTE), Stream.concat(noted.stream(), missing.stream()).toList());
    }
  }

  private boolean hasKeys() {
    return Stream.of(CiKeys.SSH, CiKeys.SIGNING).anyMatch(name -> Files.exists(path.resolve(name)));
  }

  private List<String> noted() {
    Path note = path.resolve(NOTE);
    try {
      return Files.exists(note) ? Files.readAllLines(note) : List.of();
    } catch (IOException e) {
      throw SetupRefused.unusable(note, e);
    }
  }

  // a path may be another repository's by now: a remote tells more
  private boolean isNoted(List<String> noted) {
    List<String> remotes = noted.stream().filter(line -> !line.startsWith("/")).toList();
    if (remote.isEmpty() || remotes.isEmpty()) {
      return noted.contains(root.toString());
    }
    return remotes.stream().map(KeyFolder::place).anyMatch(place(remote.get())::equals);
  }

  /** {@code github.com/me/boards}, whichever way it is fetched. */
  private static String place(String url) {
    String address = url.replaceFirst("^[A-Za-z][A-Za-z0-9+.-]*://", "");
    String host = address.replaceFirst("^[^@/]*@", "");
    // git@host:42/x has no port: 42 is a folder (git-clone(1), "GIT URLS")
    return host.replaceFirst(address.equals(url) ? "^([^/:]+):/?" : "^([^/:]+):\\d*/", "$1/")
        .replaceFirst("/?(\\.git)?/?$", "")
        .toLowerCase(Locale.ROOT);
  }
}
