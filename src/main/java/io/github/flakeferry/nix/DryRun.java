package io.github.flakeferry.nix;

import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.model.SystemPlatform;
import io.github.flakeferry.support.Words;
import io.github.flakeferry.support.progress.Progress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

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

  /**
   * Those of a forecast that nobody here could build. Only these derivations are looked at. What
   * builders and emulators a daemon outside of this container has, only its own settings say: then
   * it is only told of them.
   */
  static List<ForeignDerivation> foreign(Forecast forecast, Machine machine, Progress progress) {
    List<ForeignDerivation> foreign = foreign(forecast, machine);
    if (!machine.remote() || foreign.isEmpty()) {
      return foreign;
    }
    progress.warn(
        "%s for %s: whether the daemon outside of this container has an emulator or a builder for"
                .formatted(
                    Words.count(foreign.size(), "derivation"),
                    foreign.stream()
                        .map(derivation -> derivation.platform().value())
                        .distinct()
                        .sorted()
                        .collect(Collectors.joining(", ")))
            + " that can't be seen from here, and is found out by building");
    return List.of();
  }

  private static List<ForeignDerivation> foreign(Forecast forecast, Machine machine) {
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
