package io.github.flakeferry.cli;

import java.util.ArrayList;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * What completes a program's commands, options and boards in zsh (zshcompsys(1), "_arguments" and
 * "_describe"), to be sourced, or as a file {@code _flakeferry} in {@code fpath}.
 */
final class ZshCompletion {
  private final StringBuilder script = new StringBuilder();

  /**
   * A script.
   *
   * @param boards a shell's script with the function {@code _flakeferry_boards}
   */
  static String of(CommandSpec program, String boards) {
    var zsh = new ZshCompletion();
    zsh.line("#compdef " + program.name());
    zsh.script.append(boards);
    zsh.function("_" + program.name(), program);
    // sourced, maybe before the shell's own set-up; or called by it, which has read the file
    zsh.line("if [ \"$funcstack[1]\" = _%1$s ]; then".formatted(program.name()));
    zsh.line("    _%1$s \"$@\"".formatted(program.name()));
    zsh.line("else");
    zsh.line("    (( $+functions[compdef] )) || { autoload -U compinit && compinit; }");
    zsh.line("    compdef _%1$s %1$s".formatted(program.name()));
    zsh.line("fi");
    return zsh.script.toString();
  }

  private void function(String name, CommandSpec spec) {
    line(name + "() {");
    var words = new ArrayList<String>();
    spec.options().stream()
        .filter(option -> !option.hidden())
        .forEach(option -> words.add(quoted(option(option))));
    if (spec.subcommands().isEmpty()) {
      spec.positionalParameters().forEach(parameter -> words.add(quoted(positional(parameter))));
      line("    _arguments -s -S : " + String.join(" \\\n        ", words));
      line("}");
    } else {
      words.add("'1: :->command'");
      words.add("'*:: :->arguments'");
      line("    local state line context; typeset -A opt_args");
      line("    _arguments -C : " + String.join(" \\\n        ", words));
      subcommands(name, spec);
    }
  }

  private void subcommands(String name, CommandSpec spec) {
    line("    case $state in");
    line("    command)");
    line("        local -a commands=(");
    spec.subcommands()
        .forEach(
            (word, command) ->
                line("            " + quoted(word + ":" + told(command.getCommandSpec()))));
    line("        )");
    line("        _describe command commands ;;");
    line("    arguments)");
    line("        case $line[1] in");
    spec.subcommands()
        .forEach((word, command) -> line("        %1$s) %2$s_%1$s ;;".formatted(word, name)));
    line("        esac ;;");
    line("    esac");
    line("}");
    spec.subcommands()
        .forEach((word, command) -> function(name + "_" + word, command.getCommandSpec()));
  }

  /** {@code --config=[The policy]:FILE:_files}. */
  private static String option(OptionSpec option) {
    boolean hasValue = option.arity().max() > 0;
    return (option.isMultiValue() ? "*" : "")
        + option.longestName()
        + (hasValue ? "=" : "")
        + "["
        + escaped(String.join(" ", option.description()))
        + "]"
        + (hasValue ? value(option) : "");
  }

  private static String positional(PositionalParamSpec parameter) {
    return (parameter.isMultiValue() ? "*" : "") + value(parameter);
  }

  private static String value(ArgSpec argument) {
    return ":%s:%s".formatted(escaped(argument.paramLabel()), candidates(argument));
  }

  /** What zsh does to find what could stand there. */
  private static String candidates(ArgSpec argument) {
    return switch (argument.paramLabel()) {
      case "BOARD" -> "{compadd -- ${(f)\"$(_flakeferry_boards)\"}}";
      case "SHELL" -> "(" + String.join(" ", argument.completionCandidates()) + ")";
      case "FILE", "PATH", "COMMIT|PATH" -> "_files";
      case "DIR" -> "_files -/";
      default -> " "; // only said what it is
    };
  }

  private static String told(CommandSpec spec) {
    return String.join(" ", spec.usageMessage().description());
  }

  // between brackets and colons
  private static String escaped(String text) {
    return text.replaceAll("[\\\\:\\[\\]]", "\\\\$0");
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }

  private void line(String text) {
    script.append(text).append('\n');
  }
}
