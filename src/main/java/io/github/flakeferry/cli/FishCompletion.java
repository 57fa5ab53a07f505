package io.github.flakeferry.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What completes a program's commands, options and boards in fish (complete(1)). */
final class FishCompletion {
  private final String program;
  private final List<String> lines = new ArrayList<>();

  private FishCompletion(String program) {
    this.program = program;
  }

  /**
   * A script.
   *
   * @param boards a shell's script with the function {@code _flakeferry_boards}
   */
  static String of(CommandSpec program, String boards) {
    var fish = new FishCompletion(program.name());
    fish.lines.add("function __flakeferry_boards");
    fish.lines.add("    sh -c " + quoted(boards + "\n_flakeferry_boards"));
    fish.lines.add("end");
    fish.lines.add("complete -c " + program.name() + " -f");
    fish.commands(program, List.of());
    return String.join("\n", fish.lines) + "\n";
  }

  private void commands(CommandSpec parent, List<String> path) {
    String here =
        path.isEmpty()
            ? "__fish_use_subcommand"
            : seen(path)
                + "; and not __fish_seen_subcommand_from "
                + String.join(" ", parent.subcommands().keySet());
    parent
        .subcommands()
        .forEach(
            (name, command) -> {
              CommandSpec spec = command.getCommandSpec();
              complete(here, "-a " + name, String.join(" ", spec.usageMessage().description()));
              List<String> there = new ArrayList<>(path);
              there.add(name);
              arguments(spec, seen(there));
              commands(spec, there);
            });
  }

  private static String seen(List<String> path) {
    return path.stream()
        .map(name -> "__fish_seen_subcommand_from " + name)
        .collect(Collectors.joining("; and "));
  }

  private void arguments(CommandSpec spec, String condition) {
    for (OptionSpec option : spec.options()) {
      if (!option.inherited() && !option.hidden()) {
        String name = option.longestName().replaceFirst("^--", "");
        complete(
            condition, "-l " + name + (option.arity().max() > 0 ? " -r -F" : ""), told(option));
      }
    }
    if (spec.positionalParameters().stream().anyMatch(p -> p.paramLabel().equals("BOARD"))) {
      complete(condition, "-a '(__flakeferry_boards)'", "board");
    }
  }

  private static String told(ArgSpec argument) {
    return String.join(" ", argument.description());
  }

  private void complete(String condition, String what, String description) {
    lines.add(
        "complete -c %s -n %s %s -d %s"
            .formatted(program, quoted(condition), what, quoted(description)));
  }

  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
