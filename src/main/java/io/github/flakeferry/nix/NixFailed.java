package io.github.flakeferry.nix;

import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.FailureCode;
import java.util.List;

/** Nix itself failed at something other than an evaluation or a build. */
public final class NixFailed extends Failure {
  private final List<String> details;

  private NixFailed(FailureCode code, String message, String advice, List<String> details) {
    super(code, message, advice);
    this.details = List.copyOf(details);
  }

  static NixFailed of(FailureCode code, String purpose, NixProgram.Answer answer) {
    NixError error = NixError.of(answer.errors());
    String said = error.message().isEmpty() ? "it " + answer.exit() : error.message();
    return new NixFailed(code, "Nix can't " + purpose + ": " + said, error.advice(), error.lines());
  }

  /** Nix answered, and not as we know it. */
  static NixFailed strange(FailureCode code, String purpose, String problem) {
    return new NixFailed(
        code,
        "Nix can't " + purpose + ": its answer is not understood: " + problem,
        "Nix 2.8 and later are known to work; `nix --version` says which one this is.",
        List.of());
  }

  /** All that Nix said. */
  @Override
  public List<String> details() {
    return details;
  }
}
