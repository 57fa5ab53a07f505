package io.github.flakeferry.model;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.regex.Pattern;

/**
 * A path directly in {@code /nix/store} (Nix manual, "Store path"). Other store directories are not
 * supported: no public cache and no board has one.
 *
 * @param hash 32 characters of Nix's base-32
 * @param name what follows the hyphen, at most 211 characters
 */
public record StorePath(String hash, String name) implements Comparable<StorePath> {
  public static final String STORE = "/nix/store";

  private static final Pattern HASH = Pattern.compile("[" + Base32.ALPHABET + "]{32}");
  private static final Pattern NAME = Pattern.compile("[0-9a-zA-Z+\\-._?=]{1,211}");

  public StorePath {
    if (!HASH.matcher(hash).matches()) {
      throw new IllegalArgumentException("not the hash of a store path: '" + hash + "'");
    }
    if (!NAME.matcher(name).matches() || name.equals(".") || name.equals("..")) {
      throw new IllegalArgumentException("not the name of a store path: '" + name + "'");
    }
  }

  /**
   * Reads {@code /nix/store/<hash>-<name>}, or the last part of it alone.
   *
   * @throws IllegalArgumentException if it is not one
   */
  public static StorePath parse(String text) {
    String base = text.startsWith(STORE + "/") ? text.substring(STORE.length() + 1) : text;
    if (base.length() < 34 || base.charAt(32) != '-') {
      throw new IllegalArgumentException("not a store path: '" + text + "'");
    }
    return new StorePath(base.substring(0, 32), base.substring(33));
  }

  /** {@code <hash>-<name>}, as in a narinfo's references. */
  public String baseName() {
    return hash + "-" + name;
  }

  /** A derivation's name: without its ending. */
  public String derivationName() {
    return name.endsWith(".drv") ? name.substring(0, name.length() - 4) : name;
  }

  /** Where it lies on this machine. */
  public Path path() {
    return Path.of(toString());
  }

  /** The whole path. */
  @Override
  public String toString() {
    return STORE + "/" + baseName();
  }

  @Override
  public int compareTo(StorePath other) {
    return Comparator.comparing(StorePath::baseName).compare(this, other);
  }
}
