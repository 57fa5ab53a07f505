package io.github.flakeferry.fleet;

import java.util.Optional;

/** Reads a text of the file as a selector. */
final class SelectorReader {
  static final String EXPECTED = "a selector such as production or \"riscv64 & !canary\"";

  private final Faults faults;

  SelectorReader(Faults faults) {
    this.faults = faults;
  }

  Optional<Selector> read(Node node) {
    return faults.text(node, EXPECTED).flatMap(this::parse);
  }

  Optional<Selector> parse(Node.Text text) {
    try {
      return Optional.of(Selector.parse(text.value()));
    } catch (SelectorInvalid e) {
      // the very character where the file shows the text as it is, else where the text begins
      Place place = text.verbatim().map(p -> p.right(e.column() - 1)).orElse(text.place());
      faults.add(place, "not a selector: " + e.fault());
      return Optional.empty();
    }
  }
}
