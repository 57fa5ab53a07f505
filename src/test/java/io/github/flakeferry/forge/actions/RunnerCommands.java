package io.github.flakeferry.forge.actions;

import java.util.ArrayList;
import java.util.List;

/**
 * What a runner of GitHub's would carry out of a log, read as its ActionCommand does: a line that
 * begins with two colons after white space, or has ##[ in it; none but the token while they are
 * stopped.
 */
public final class RunnerCommands {
  private RunnerCommands() {}

  /** The commands in a log. */
  public static List<String> in(String log) {
    var commands = new ArrayList<String>();
    String stopped = "";
    for (String line : log.split("\r\n|\r|\n", -1)) {
      String command = line.replaceFirst("^[\\s\\p{Z}\u0085]+", "");
      if (!stopped.isEmpty()) {
        if (command.equals("::" + stopped + "::")) {
          stopped = "";
        }
      } else if (command.startsWith("::stop-commands::")) {
        stopped = command.substring("::stop-commands::".length());
      } else if (command.startsWith("::") || line.contains("##[")) {
        commands.add(command);
      }
    }
    return commands;
  }
}
