package io.github.flakeferry.board;

import io.github.flakeferry.model.FailureCode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What keeps a board from being deployed to at all, whatever it is to get, by its facts. */
public final class Fitness {
  /** Nix and the activation are killed by less. */
  static final long LEAST_MEMORY = 48L << 20;

  private static final long MIB = 1L << 20;
  private static final Pattern VERSION = Pattern.compile("(\\d{1,4})\\.(\\d{1,4}).*");

  private Fitness() {}

  /**
   * Everything, what is worst first.
   *
   * @param user who logs in
   */
  public static List<Trouble> troubles(BoardFacts facts, String user) {
    var all = new ArrayList<>(identity(facts, user));
    all.addAll(condition(facts));
    return all;
  }

  /** Whether it is such a machine at all, and does what this user says. */
  static List<Trouble> identity(BoardFacts facts, String user) {
    var troubles = new ArrayList<Trouble>();
    if (facts.nixVersion().isEmpty()) {
      troubles.add(
          new Trouble(FailureCode.NOT_NIXOS, "It has no nix-store on its PATH: is it NixOS?"));
    }
    if (!facts.mayBeRoot()) {
      troubles.add(
          new Trouble(
              FailureCode.NOT_ROOT,
              "%s may do nothing there as root: have its configuration import the module that"
                      .formatted(Scripts.oneLine(user))
                  + " `flakeferry init --board-module` prints, or log in as root."));
    }
    if (facts.current().isEmpty()) {
      troubles.add(
          new Trouble(FailureCode.NOT_NIXOS, "/run/current-system names no system: is it NixOS?"));
    }
    return troubles;
  }

  /** Whether it is in a state to take a system. */
  static List<Trouble> condition(BoardFacts facts) {
    var troubles = new ArrayList<Trouble>();
    for (String folder : facts.readOnly()) {
      troubles.add(
          new Trouble(
              FailureCode.READ_ONLY,
              "Its " + Scripts.oneLine(folder) + " takes no writes: is its disk worn out?"));
    }
    if (facts.memoryBytes() < LEAST_MEMORY) {
      troubles.add(
          new Trouble(
              FailureCode.NO_ROOM,
              "It has %d MiB of memory left; %d MiB are needed to activate a system."
                  .formatted(facts.memoryBytes() / MIB, LEAST_MEMORY / MIB)));
    }
    facts
        .nixVersion()
        .filter(Fitness::isTooOld)
        .ifPresent(
            version ->
                troubles.add(
                    new Trouble(
                        FailureCode.NOT_NIXOS,
                        "Its Nix is %s, at least 2.4 is needed."
                            .formatted(Scripts.oneLine(version)))));
    return troubles;
  }

  // 2.4 brought `nix store verify`
  private static boolean isTooOld(String version) {
    Matcher matcher = VERSION.matcher(version);
    if (!matcher.matches()) {
      return false;
    }
    int major = Integer.parseInt(matcher.group(1));
    return major < 2 || (major == 2 && Integer.parseInt(matcher.group(2)) < 4);
  }
}
