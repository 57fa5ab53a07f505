package io.github.flakeferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.Docs;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The page's table of commands is what there is. */
final class CommandsTest {
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| `flakeferry ([a-z]+(?: [a-z]+)*)([^`]*)` \\|");
  private static final Pattern OPTION = Pattern.compile("--[a-z-]+");
  private static final Set<String> EVERYWHERE = Set.of("--help", "--version", "--stacktrace");

  @Test
  void thePageHasEveryCommandWithItsOptions() {
    Map<String, Set<String>> written = new TreeMap<>();
    Matcher rows = ROW.matcher(Docs.text(Docs.COMMANDS));
    while (rows.find()) {
      // one that does two things has a row for each
      var options = written.computeIfAbsent(rows.group(1), name -> new TreeSet<>());
      OPTION.matcher(rows.group(2)).results().forEach(found -> options.add(found.group()));
    }

    Map<String, Set<String>> there = new TreeMap<>();
    collect("", Main.commandLine(), there);
    assertThat(written).isEqualTo(there);
  }

  private static void collect(String before, CommandLine parent, Map<String, Set<String>> into) {
    parent
        .getSubcommands()
        .forEach(
            (name, command) -> {
              if (command.getSubcommands().isEmpty()) {
                into.put(before + name, options(command));
              } else {
                collect(before + name + " ", command, into);
              }
            });
  }

  private static Set<String> options(CommandLine command) {
    var names = new TreeSet<String>();
    command.getCommandSpec().options().forEach(option -> names.add(option.longestName()));
    names.removeAll(EVERYWHERE);
    return names;
  }
}
