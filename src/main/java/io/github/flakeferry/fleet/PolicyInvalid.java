package io.github.flakeferry.fleet;

import static java.util.stream.Collectors.joining;

import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.FailureCode;
import java.util.List;

/** A policy file has faults; the message has one line for each. */
public final class PolicyInvalid extends Failure {
  private final transient List<Fault> faults;

  PolicyInvalid(List<Fault> faults) {
    super(FailureCode.POLICY, faults.stream().map(Fault::toString).collect(joining("\n")), "");
    this.faults = List.copyOf(faults);
  }

  /** At least one, in the file's order. */
  public List<Fault> faults() {
    return faults;
  }
}
