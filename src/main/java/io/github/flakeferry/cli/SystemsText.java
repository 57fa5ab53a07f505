package io.github.flakeferry.cli;

import io.github.flakeferry.pipeline.CrossSystems;
import io.github.flakeferry.report.TextTable;
import io.github.flakeferry.support.Words;
import java.util.List;
import java.util.stream.Stream;

/** What can be cross-compiled for, for people. */
final class SystemsText {
  private static final List<String> HEADS = List.of("PKGSCROSS", "SYSTEM", "TRIPLE", "RUNS HERE");

  private SystemsText() {}

  static String render(CrossSystems systems) {
    String machine = "this machine: " + systems.machine();
    String nixpkgs =
        systems.release().isEmpty() ? "" : "\nnixpkgs: " + Words.printableLine(systems.release());
    return machine
        + nixpkgs
        + "\n\n"
        + TextTable.render(HEADS, systems.rows().stream().map(SystemsText::row).toList());
  }

  private static List<String> row(CrossSystems.Row row) {
    String runs =
        switch (row.runs()) {
          case CrossSystems.Runs.Natively() -> "natively";
          case CrossSystems.Runs.Emulated(var emulator) ->
              "emulated by "
                  + emulator.map(Object::toString).orElse("a handler that is not to be seen here");
          case CrossSystems.Runs.Possibly() -> "could be emulated, no handler is registered";
          case CrossSystems.Runs.Never() -> "no";
        };
    var target = row.target();
    return Stream.of(target.name(), target.system(), target.triple(), runs)
        .map(Words::printableLine)
        .toList();
  }
}
