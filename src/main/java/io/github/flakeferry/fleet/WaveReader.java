package io.github.flakeferry.fleet;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code waves:}. */
final class WaveReader {
  private static final String EXPECTED = "a selector, a part such as 25%, or rest";
  private static final Pattern PERCENT = Pattern.compile("([0-9]{1,9})%");

  private final Faults faults;

  WaveReader(Faults faults) {
    this.faults = faults;
  }

  /**
   * A wave and where the file has it.
   *
   * @param place of the wave in its list
   */
  record Placed(Place place, Wave wave) {}

  List<Placed> read(Node node) {
    if (!(node instanceof Node.Items(var _, var nodes)) || nodes.isEmpty()) {
      faults.wrongType(node, "a list of waves such as [canary, 25%, rest]");
      return List.of();
    }
    int before = faults.count();
    var waves = new ArrayList<Placed>();
    for (Node item : nodes) {
      wave(item).ifPresent(wave -> waves.add(new Placed(item.place(), wave)));
    }
    if (faults.count() == before) {
      lastIsRest(waves);
    }
    return waves;
  }

  private Optional<Wave> wave(Node node) {
    if (node instanceof Node.Numeral(var place, var written, var _)) {
      faults.add(
          place,
          "expected "
              + EXPECTED
              + ", found the number "
              + Shown.plain(written)
              + ": write "
              + Shown.plain(written)
              + "%");
      return Optional.empty();
    }
    Optional<Node.Text> text = faults.text(node, EXPECTED);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    if (text.get().value().equals("rest")) {
      return Optional.of(new Wave.Rest());
    }
    Matcher percent = PERCENT.matcher(text.get().value());
    if (!percent.matches()) {
      return new SelectorReader(faults).parse(text.get()).map(Wave.Selected::new);
    }
    int number = Integer.parseInt(percent.group(1));
    if (number < 1 || number > 100 || text.get().value().startsWith("0")) {
      faults.wrongType(text.get(), "1% to 100%");
      return Optional.empty();
    }
    return Optional.of(new Wave.Percent(number));
  }

  private void lastIsRest(List<Placed> waves) {
    for (Placed placed : waves.subList(0, waves.size() - 1)) {
      if (placed.wave() instanceof Wave.Rest) {
        faults.add(placed.place(), "'rest' leaves nothing for the waves after it: put it last");
      }
    }
    Placed last = waves.getLast();
    if (!(last.wave() instanceof Wave.Rest)) {
      faults.add(last.place(), "expected 'rest' as the last wave: without it boards are left out");
    }
  }
}
