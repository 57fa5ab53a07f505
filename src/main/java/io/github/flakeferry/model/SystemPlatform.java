package io.github.flakeferry.model;

import java.util.regex.Pattern;

/**
 * What Nix calls a system: {@code riscv64-linux}, {@code x86_64-linux}.
 *
 * @param value processor and kernel with a hyphen between
 */
public record SystemPlatform(String value) {
  private static final Pattern FORM = Pattern.compile("[a-z0-9_]+-[a-z0-9_]+");

  public SystemPlatform {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("not a platform such as riscv64-linux: '" + value + "'");
    }
  }

  /** The processor, as {@code uname -m} on a board of this platform says it. */
  public String machine() {
    return value.substring(0, value.indexOf('-'));
  }

  @Override
  public String toString() {
    return value;
  }
}
