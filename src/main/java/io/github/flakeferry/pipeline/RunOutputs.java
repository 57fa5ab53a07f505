package io.github.flakeferry.pipeline;

import io.github.flakeferry.forge.Forge;
import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.FailureReason;
import io.github.flakeferry.report.ResultsJson;
import io.github.flakeferry.report.RunReport;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** What later steps of the job learn of a run's end, as action.yml has it. */
record RunOutputs(Forge forge) {
  /**
   * @param failures what went wrong; the first that has the verdict's reason gives the code
   * @param url where people reach what was deployed
   */
  void write(Verdict verdict, List<Failure> failures, RunReport report, Optional<URI> url) {
    write(verdict, code(verdict, failures), report, url);
  }

  /** The same where the code is known, or there is none: an empty one. */
  void write(Verdict verdict, String code, RunReport report, Optional<URI> url) {
    forge.output("outcome", verdict.outcome());
    forge.output("failure-reason", verdict.reason().map(FailureReason::label).orElse(""));
    forge.output("failure-code", code);
    forge.output("results", ResultsJson.render(report));
    url.ifPresent(there -> forge.output("environment-url", there.toString()));
  }

  private static String code(Verdict verdict, List<Failure> failures) {
    return failures.stream()
        .filter(failure -> verdict.reason().equals(Optional.of(failure.reason())))
        .findFirst()
        .map(failure -> failure.code().label())
        .orElse("");
  }
}
