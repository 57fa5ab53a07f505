package io.github.flakeferry.board;

import io.github.flakeferry.model.UnitChanges;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads what an activation does to units from what it writes: {@code restarting the following
 * units: a.service, b.service} and the like (nixpkgs, {@code switch-to-configuration-ng}, {@code
 * src/main.rs}; the older one in Perl writes the same). Only a log tells it for sure: units are
 * also restarted on behalf of others, and by scripts.
 */
final class UnitLog {
  private static final Pattern LINE =
      Pattern.compile("(?:would )?([A-Za-z ]{1,40}) the following (?:changed )?units: (.+)");
  private static final Pattern NEW = Pattern.compile("the following new units were started: (.+)");
  // systemd.unit(5): what a unit's name is made of
  private static final Pattern UNIT = Pattern.compile("[A-Za-z0-9:_.@\\\\-]{1,255}");
  private static final int MOST = 500;

  private enum Deed {
    STOP,
    START,
    RESTART,
    RELOAD,
    KEEP
  }

  private final Map<Deed, Set<String>> units = new EnumMap<>(Deed.class);
  private boolean over;

  /** Takes the next line of the log. */
  void add(String line) {
    // what follows is the system before
    over |= line.startsWith("flakeferry: rolling-back");
    if (over) {
      return;
    }
    Matcher started = NEW.matcher(line);
    if (started.matches()) {
      note(Deed.START, started.group(1));
      return;
    }
    Matcher matcher = LINE.matcher(line);
    if (matcher.matches()) {
      switch (matcher.group(1)) {
        case "stopping", "stop" -> note(Deed.STOP, matcher.group(2));
        case "starting", "start" -> note(Deed.START, matcher.group(2));
        case "restarting", "restart" -> note(Deed.RESTART, matcher.group(2));
        case "reloading", "reload" -> note(Deed.RELOAD, matcher.group(2));
        case "NOT restarting", "NOT restart", "NOT stopping", "NOT stop" ->
            note(Deed.KEEP, matcher.group(2));
        default -> {}
      }
    }
  }

  private void note(Deed deed, String list) {
    Set<String> noted = units.computeIfAbsent(deed, d -> new LinkedHashSet<>());
    for (String unit : list.strip().split("[, ]+", MOST + 1)) {
      if (noted.size() < MOST && UNIT.matcher(unit).matches()) {
        noted.add(unit);
      }
    }
  }

  UnitChanges changes() {
    Set<String> stopped = noted(Deed.STOP);
    Set<String> started = noted(Deed.START);
    // most units are restarted so that nothing of them runs during the activation
    var restarted = new LinkedHashSet<>(stopped);
    restarted.retainAll(started);
    stopped.removeAll(restarted);
    started.removeAll(restarted);
    restarted.addAll(noted(Deed.RESTART));
    return new UnitChanges(
        sorted(restarted),
        sorted(noted(Deed.RELOAD)),
        sorted(started),
        sorted(stopped),
        sorted(noted(Deed.KEEP)));
  }

  private Set<String> noted(Deed deed) {
    return new LinkedHashSet<>(units.getOrDefault(deed, Set.of()));
  }

  private static List<String> sorted(Set<String> names) {
    var sorted = new ArrayList<>(names);
    sorted.sort(null);
    return sorted;
  }
}
