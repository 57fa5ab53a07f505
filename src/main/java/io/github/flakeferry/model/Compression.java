package io.github.flakeferry.model;

import java.util.Locale;

/** How a cache keeps NARs (Nix manual, "Files: narinfo", {@code Compression}). */
public enum Compression {
  ZSTD(".zst"),
  XZ(".xz"),
  NONE("");

  private final String suffix;

  Compression(String suffix) {
    this.suffix = suffix;
  }

  /** What is added to the name of a file that it was used on. */
  public String suffix() {
    return suffix;
  }

  /** As a narinfo says it, and people. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
