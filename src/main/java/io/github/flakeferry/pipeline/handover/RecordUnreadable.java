package io.github.flakeferry.pipeline.handover;

import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.FailureCode;
import java.nio.file.Path;
import java.util.List;

/** A file is not a record of a build. */
public final class RecordUnreadable extends Failure {
  private static final int SHOWN = 20;

  private final List<String> faults;

  RecordUnreadable(Path file, List<String> faults) {
    super(
        FailureCode.HANDOVER,
        "%s is no record of a build:\n  %s%s"
            .formatted(
                file,
                String.join("\n  ", faults.subList(0, Math.min(SHOWN, faults.size()))),
                faults.size() > SHOWN ? "\n  … and %d more".formatted(faults.size() - SHOWN) : ""),
        "It is the file that `flakeferry build --record` wrote in an earlier job of this run.");
    this.faults = List.copyOf(faults);
  }

  /** At least one, each with the place in the file. */
  public List<String> faults() {
    return faults;
  }
}
