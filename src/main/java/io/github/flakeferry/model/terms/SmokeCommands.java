package io.github.flakeferry.model.terms;

import java.time.Duration;
import java.util.List;

/**
 * What is tried of a new system where it was built, before any board gets it.
 *
 * @param commands lines for the system's own shell, one after another; each must end with 0
 * @param deadline for all of them together; whole seconds, at least one
 */
public record SmokeCommands(List<String> commands, Duration deadline) {
  /** None; they would have two minutes. */
  public static final SmokeCommands NONE = new SmokeCommands(List.of(), Duration.ofMinutes(2));

  public SmokeCommands {
    commands = List.copyOf(commands);
    if (deadline.toSeconds() < 1) {
      throw new IllegalArgumentException("a deadline below a second");
    }
  }

  public boolean isEmpty() {
    return commands.isEmpty();
  }
}
