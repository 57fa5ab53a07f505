package io.github.flakeferry.pipeline.check;

import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.nix.EvaluatedSystem;
import io.github.flakeferry.nix.Flake;
import io.github.flakeferry.nix.Nix;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether each board's system evaluates; and, where it is built here already, whether what the
 * board runs first of it is for the board's processor and finds its interpreters.
 */
public final class SystemCheck implements Check {
  private final BoardFlake built;

  public SystemCheck(BoardFlake built) {
    this.built = built;
  }

  @Override
  public String name() {
    return "system";
  }

  @Override
  public List<Finding> look() {
    Optional<Flake> flake = built.flake();
    if (flake.isEmpty()) {
      return List.of(); // the check of the platforms says so
    }
    var findings = new ArrayList<Finding>();
    for (BoardFlake.Wanted wanted : built.wanted(flake.get())) {
      try {
        findings.addAll(findings(wanted, built.nix().evaluate(flake.get(), wanted.variant())));
      } catch (Failure failure) {
        findings.add(Finding.wrong(name(), failure));
      }
    }
    return findings;
  }

  private List<Finding> findings(BoardFlake.Wanted wanted, EvaluatedSystem system) {
    if (!Files.exists(system.toplevel().path())) {
      return List.of(Finding.ok(name(), wanted.told() + ": evaluates, and is not built here yet"));
    }
    List<String> troubles = Nix.firstTroubles(system);
    return troubles.isEmpty()
        ? List.of(
            Finding.ok(
                name(),
                "%s: what a board runs first of it is for %s"
                    .formatted(wanted.told(), system.hostPlatform().machine())))
        : troubles.stream()
            .map(
                trouble ->
                    Finding.wrong(
                        name(),
                        FailureCode.ACTIVATION,
                        wanted.told() + ": " + trouble,
                        "A board could not activate it. Look at what takes it from the build's"
                            + " platform in place of the board's."))
            .toList();
  }
}
