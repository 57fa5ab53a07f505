package io.github.flakeferry.nix;

import io.github.flakeferry.model.FailureReason;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.model.SystemPlatform;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds what nobody here could build, before anything is built. Nix says which derivations it would
 * build; only of those we look at the platform.
 */
final class ForeignSearch {
  private static final Pattern DERIVATION =
      Pattern.compile("^\\s+(/nix/store/[0-9a-z]{32}-\\S+\\.drv)$");

  private final NixProgram program;

  ForeignSearch(NixProgram program) {
    this.program = program;
  }

  List<ForeignDerivation> in(EvaluatedSystem system, Machine machine) {
    String purpose = "say what it would build for '" + system.configuration() + "'";
    var toBuild = new ArrayList<StorePath>();
    var answer =
        program.run(
            program.store("--realise", "--dry-run", system.derivation().toString()),
            line -> {
              Matcher matcher = DERIVATION.matcher(NixError.readable(line));
              if (matcher.matches()) {
                toBuild.add(StorePath.parse(matcher.group(1)));
              }
            });
    if (!answer.exit().succeeded()) {
      throw NixFailed.of(FailureReason.EVALUATION_FAILED, purpose, answer);
    }
    var foreign = new ArrayList<ForeignDerivation>();
    for (StorePath derivation : toBuild) {
      try {
        DerivationFile file = DerivationFile.read(derivation);
        if (!machine.canBuild(file)) {
          foreign.add(new ForeignDerivation(derivation, new SystemPlatform(file.system())));
        }
      } catch (IOException | IllegalArgumentException e) {
        throw NixFailed.strange(
            FailureReason.EVALUATION_FAILED, purpose, derivation + ": " + e.getMessage());
      }
    }
    return List.copyOf(foreign);
  }
}
