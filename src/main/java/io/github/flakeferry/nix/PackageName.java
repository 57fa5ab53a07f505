package io.github.flakeferry.nix;

import io.github.flakeferry.model.StorePath;
import java.util.Optional;
import java.util.Set;

/**
 * The package that a store path is of. The name ends before the first hyphen that is followed by
 * something other than a letter (Nix manual, {@code builtins.parseDrvName}); an output's name at
 * the end, as in {@code glibc-2.40-dev}, is not part of the version.
 */
record PackageName(String name, Optional<String> version) {
  private static final Set<String> OUTPUTS =
      Set.of(
          "bin",
          "data",
          "debug",
          "dev",
          "devdoc",
          "devman",
          "dist",
          "doc",
          "getent",
          "info",
          "lib",
          "lib32",
          "lib64",
          "libgcc",
          "man",
          "modules",
          "out",
          "python",
          "sbin",
          "static",
          "terminfo",
          "tools",
          "wheel");

  static PackageName of(StorePath path) {
    String text = path.name();
    int hyphen = text.lastIndexOf('-');
    // "util-linux-minimal-2.39-bin" has one, "linux-tools" is a name of its own
    if (hyphen > 0 && OUTPUTS.contains(text.substring(hyphen + 1))) {
      PackageName without = parse(text.substring(0, hyphen));
      if (without.version.isPresent()) {
        return without;
      }
    }
    return parse(text);
  }

  static PackageName parse(String text) {
    for (int i = 1; i + 1 < text.length(); i++) {
      char next = text.charAt(i + 1);
      boolean letter = (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z');
      if (text.charAt(i) == '-' && !letter) {
        return new PackageName(text.substring(0, i), Optional.of(text.substring(i + 1)));
      }
    }
    return new PackageName(text, Optional.empty());
  }
}
