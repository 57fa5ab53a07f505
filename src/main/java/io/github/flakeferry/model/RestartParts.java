package io.github.flakeferry.model;

import java.util.List;
import java.util.Map;

/**
 * What of a new system a board runs only after a restart, as another one was booted.
 *
 * @param names links of a system, as NixOS lays it out: {@code kernel}
 */
public record RestartParts(List<String> names) {
  /** All that may need a restart; a system may lack some. */
  public static final List<String> ALL = List.of("kernel", "initrd", "kernel-modules", "dtbs");

  public RestartParts {
    names = List.copyOf(names);
  }

  /**
   * Compares by what the links lead to.
   *
   * @param booted where those of the booted system lead to, by name; what it lacks is not there
   * @param wanted the same of the new one
   */
  public static RestartParts between(Map<String, String> booted, Map<String, String> wanted) {
    return new RestartParts(
        ALL.stream()
            .filter(name -> !booted.getOrDefault(name, "").equals(wanted.getOrDefault(name, "")))
            .toList());
  }

  /** Whether no restart is needed. */
  public boolean isNone() {
    return names.isEmpty();
  }

  /** A sentence without its full stop. */
  public String told() {
    return "It runs the new %s only after a restart".formatted(String.join(", ", names));
  }
}
