package io.github.flakeferry.pipeline;

import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.FailureCode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;

/** A defect, of ours or this machine, in one part of a run: it keeps no other from its turn. */
final class PartBroken extends Failure {
  private final transient RuntimeException defect;

  PartBroken(RuntimeException defect) {
    super(
        defect instanceof UncheckedIOException ? FailureCode.MACHINE_FILES : FailureCode.DEFECT,
        "this part of the run broke off: " + defect,
        "The others went on. Please report it, with the lines below.");
    initCause(defect);
    this.defect = defect;
  }

  /** Where it broke. */
  @Override
  public List<String> details() {
    var trace = new StringWriter();
    defect.printStackTrace(new PrintWriter(trace, true));
    return trace.toString().lines().toList();
  }
}
