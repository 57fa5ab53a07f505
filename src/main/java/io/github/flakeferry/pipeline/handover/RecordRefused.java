package io.github.flakeferry.pipeline.handover;

import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.Mismatch;
import io.github.flakeferry.support.Words;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** What another job built is not what it should be: nothing of it is deployed. */
public final class RecordRefused extends Failure {
  private static final int SHOWN = 20;

  private final transient List<Mismatch> mismatches;

  private RecordRefused(String subject, String advice, List<Mismatch> mismatches) {
    super(FailureCode.RECORD, message(subject, mismatches), advice);
    this.mismatches = List.copyOf(mismatches);
  }

  private static String message(String subject, List<Mismatch> mismatches) {
    return "%s, in %s:\n%s%s"
        .formatted(
            subject,
            Words.count(mismatches.size(), "place"),
            mismatches.stream()
                .limit(SHOWN)
                .map(m -> "  " + Words.printableLine(m.toString()))
                .collect(Collectors.joining("\n")),
            mismatches.size() > SHOWN
                ? "\n  … and %d more".formatted(mismatches.size() - SHOWN)
                : "");
  }

  /** The record is not this run's, or its closure not what it says. */
  public static RecordRefused notOurs(Path record, List<Mismatch> mismatches) {
    return new RecordRefused(
        "What was handed over by %s is not what this run should have built".formatted(record),
        "Nothing of it was imported, and no board was touched. Run both jobs again (\"Re-run all"
            + " jobs\"). If it is so again, look for who can change what goes between them.",
        mismatches);
  }

  /** This job's evaluation came to something else. */
  public static RecordRefused evaluatedOtherwise(Path record, List<Mismatch> mismatches) {
    return new RecordRefused(
        "The commit does not evaluate to what %s says was built".formatted(record),
        "Nothing of it was imported, and no board was touched. Both jobs must run on the same kind"
            + " of machine with the same Nix settings, and the flake must be pure. If they do, the"
            + " job that builds is not to be trusted.",
        mismatches);
  }

  /** This machine's store has other content under the same paths. */
  public static RecordRefused storeDiffers(Path record, List<Mismatch> mismatches) {
    return new RecordRefused(
        "This machine's store is not what %s says was built".formatted(record),
        "No board was touched. The store had these paths before, from another build or cache:"
            + " delete them there, or run this job on a machine with a store of its own.",
        mismatches);
  }

  /** At least one. */
  public List<Mismatch> mismatches() {
    return mismatches;
  }
}
