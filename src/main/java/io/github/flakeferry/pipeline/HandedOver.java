package io.github.flakeferry.pipeline;

import java.nio.file.Path;

/**
 * Where one job leaves what it built for another.
 *
 * @param record the file that says what it is
 * @param closure the folder with all of it, a cache that Nix can read
 */
public record HandedOver(Path record, Path closure) {

  /** The closure beside its record. */
  public static HandedOver besides(Path record) {
    return new HandedOver(record, record.toAbsolutePath().resolveSibling("closure"));
  }
}
