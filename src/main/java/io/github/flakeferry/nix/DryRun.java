package io.github.flakeferry.nix;

import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.model.SystemPlatform;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Asks Nix what it would do, which it knows before anything is built or fetched. */
final class DryRun {
  private static final String PURPOSE = "say what it would build";

  private final NixProgram program;

  DryRun(NixProgram program) {
    this.program = program;
  }

  /**
   * What building these would take.
   *
   * @throws NixFailed if Nix can't say
   */
  Forecast of(List<StorePath> derivations) {
    var reader = new Forecast.Reader();
    var answer = run(derivations, reader);
    if (!answer.exit().succeeded()) {
      throw NixFailed.of(FailureCode.NIX_FAILED, PURPOSE, answer);
    }
    return reader.forecast();
  }

  /** What fetching these would take, where Nix can say. */
  Optional<Forecast> attempt(List<StorePath> outputs) {
    var reader = new Forecast.Reader();
    return run(outputs, reader).exit().succeeded()
        ? Optional.of(reader.forecast())
        : Optional.empty();
  }

  private NixProgram.Answer run(List<StorePath> paths, Forecast.Reader reader) {
    return program.run(
        program
            .store("--realise", "--dry-run")
            .and(paths.stream().map(StorePath::toString).toList()),
        reader);
  }

  /** Those of a forecast that nobody here could build. Only these derivations are looked at. */
  static List<ForeignDerivation> foreign(Forecast forecast, Machine machine) {
    var foreign = new ArrayList<ForeignDerivation>();
    for (StorePath derivation : forecast.toBuild()) {
      try {
        DerivationFile file = DerivationFile.read(derivation);
        if (!machine.canBuild(file)) {
          foreign.add(new ForeignDerivation(derivation, new SystemPlatform(file.system())));
        }
      } catch (IOException | IllegalArgumentException e) {
        throw NixFailed.strange(
            FailureCode.NIX_FAILED, PURPOSE, derivation + ": " + e.getMessage());
      }
    }
    return List.copyOf(foreign);
  }
}
