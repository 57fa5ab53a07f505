package io.github.flakeferry.cli;

import io.github.flakeferry.model.FailureReason;
import java.util.Locale;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** A manual page of a program with all of its commands (man(7), groff_man(7)). */
final class ManPage {
  private final StringBuilder page = new StringBuilder();

  private ManPage() {}

  /**
   * Renders it.
   *
   * @param version {@code flakeferry 1.2.3}
   */
  static String of(CommandSpec program, String version) {
    return new ManPage().render(program, version);
  }

  private String render(CommandSpec program, String version) {
    String name = program.name();
    page.append(
        ".TH \"%s\" \"1\" \"\" \"%s\" \"\"\n"
            .formatted(name.toUpperCase(Locale.ROOT), text(version)));
    page.append(".SH NAME\n").append(text(name)).append(" \\- ").append(description(program));
    page.append(".SH SYNOPSIS\n.B ").append(text(name)).append("\n.I COMMAND\n");
    page.append(".SH COMMANDS\n");
    commands(program);
    page.append(".SH EXIT STATUS\n.TP\n.B 0\nAll went well.\n");
    for (FailureReason reason : FailureReason.values()) {
      page.append(".TP\n.B %d\n%s\n".formatted(reason.exitCode(), text(reason.label())));
    }
    return page.toString();
  }

  private void commands(CommandSpec parent) {
    parent
        .subcommands()
        .forEach(
            (name, command) -> {
              CommandSpec spec = command.getCommandSpec();
              if (!spec.subcommands().isEmpty()) {
                commands(spec);
                return;
              }
              page.append(".SS ").append(synopsis(spec)).append('\n');
              page.append(description(spec));
              spec.options().stream()
                  .filter(option -> !option.inherited() && !option.hidden())
                  .forEach(option -> argument(names(option), option));
            });
  }

  private static String synopsis(CommandSpec spec) {
    return text(spec.commandLine().getHelp().abbreviatedSynopsis().strip());
  }

  private static String names(OptionSpec option) {
    String label = option.arity().max() == 0 ? "" : " " + option.paramLabel();
    return String.join(", ", option.names()) + label;
  }

  private void argument(String name, ArgSpec argument) {
    page.append(".TP\n.B ").append(text(name)).append('\n');
    page.append(text(String.join(" ", argument.description()))).append('\n');
  }

  private static String description(CommandSpec spec) {
    return text(String.join(" ", spec.usageMessage().description())) + "\n";
  }

  /** As it is to be read: a hyphen as one, and no line of it a request. */
  private static String text(String text) {
    String escaped = text.replace("\\", "\\e").replace("-", "\\-").replace("\"", "\\(dq");
    return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
  }
}
