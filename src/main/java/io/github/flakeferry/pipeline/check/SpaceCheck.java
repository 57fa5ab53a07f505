package io.github.flakeferry.pipeline.check;

import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.nix.DiskFull;
import io.github.flakeferry.nix.Nix;
import io.github.flakeferry.support.Words;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Whether there is room for systems and for what builders leave while they work. */
public final class SpaceCheck implements Check {
  private static final String NAME = "space";

  /** About what a small NixOS system takes. */
  private static final long SHORT = 2L << 30;

  /** Not even a kernel with its modules goes into this. */
  private static final long TOO_SHORT = 64L << 20;

  private final Nix nix;
  private final Path temporary;

  /**
   * @param temporary the folder in which builders work
   */
  public SpaceCheck(Nix nix, Path temporary) {
    this.nix = nix;
    this.temporary = temporary;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<Finding> look() {
    var findings = new ArrayList<Finding>();
    nix.room().ifPresent(room -> findings.add(of(room.folder(), room.free())));
    try {
      findings.add(of(temporary, Files.getFileStore(temporary).getUsableSpace()));
    } catch (IOException e) {
      findings.add(
          Finding.wrong(
              NAME,
              FailureCode.DISK_FULL,
              "the folder in which builders work can't be used: " + e,
              "Make it, or let TMPDIR name another one."));
    }
    return findings;
  }

  static Finding of(Path folder, long free) {
    String message = "%s are free in %s".formatted(Words.bytes(free), folder);
    if (free < TOO_SHORT) {
      return Finding.wrong(NAME, FailureCode.DISK_FULL, message, DiskFull.ADVICE);
    }
    return free < SHORT
        ? Finding.warning(NAME, message, DiskFull.ADVICE)
        : Finding.ok(NAME, message);
  }
}
