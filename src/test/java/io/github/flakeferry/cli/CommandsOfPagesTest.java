package io.github.flakeferry.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flakeferry.Docs;
import io.github.flakeferry.ShownCommands;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;

/** The program takes each command that a page shows, with the options and operands it has there. */
final class CommandsOfPagesTest {
  /** The program's own words, up to what is the shell's again. */
  private static final Pattern OURS =
      Pattern.compile(
          "(?<![\\w/.-])(?:\\./)?flakeferry((?: +(?:\"[^\"]*\"|'[^']*'|[^\\s|<>()&;]+))+)");

  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");

  private static final CommandLine PROGRAM = Main.commandLine();

  /** Stands for what people put there: {@code BOARD…}, {@code OWNER/REPO#N}. */
  private static final Pattern PLACEHOLDER = Pattern.compile("[A-Z][A-Z/#|]*…?");

  static List<Path> pages() throws IOException {
    return Docs.pages();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void theProgramTakesThem(Path page) {
    ShownCommands shown = ShownCommands.of(page);
    shown.blocks().forEach(typed -> assertTaken(typed.text(), false));
    shown.inText().forEach(command -> assertTaken(command, true));
  }

  /** Blocks are commands with what they print, or files by their kind. */
  @ParameterizedTest
  @MethodSource("pages")
  void nothingElseStandsInBlocks(Path page) {
    assertThat(ShownCommands.of(page).strange()).isEmpty();
  }

  @Test
  void whatItDoesNotTakeIsFound() {
    for (String wrong :
        List.of(
            "flakeferry dpeloy unmatched-1",
            "flakeferry dpeloy",
            "flakeferry status --jsn",
            "flakeferry release --ownr",
            "flakeferry man >man.1 && flakeferry man --page",
            "flakeferry rollback unmatched-1 --to yesterday",
            "flakeferry key generate NAME KEY",
            "source <(flakeferry completion tcsh)")) {
      assertThatThrownBy(() -> assertTaken(wrong, true))
          .as(wrong)
          .isInstanceOf(AssertionError.class);
    }
    assertThatThrownBy(() -> assertTaken("flakeferry release", false))
        .isInstanceOf(AssertionError.class);
    for (String right :
        List.of(
            "flakeferry release",
            "flakeferry diff --against",
            "flakeferry rollback BOARD… --to GENERATION",
            "FLAKEFERRY_SSH_KEY_FILE=~/.ssh/boards ./flakeferry ssh lab-1 -- ls --all",
            "flakeferry completion fish | source")) {
      assertThatCode(() -> assertTaken(right, true)).doesNotThrowAnyException();
    }
  }

  /**
   * @param mayBeName whether a command without its operands is one that is spoken of
   */
  private static void assertTaken(String line, boolean mayBeName) {
    assertThat(ours(line))
        .allSatisfy(words -> assertThat(fault(words, mayBeName)).as(line).isEmpty());
  }

  private static Stream<String[]> ours(String line) {
    return OURS.matcher(line.replace("\\\n", " "))
        .results()
        .map(found -> WORD.matcher(found.group(1)).results().map(CommandsOfPagesTest::word))
        .map(words -> words.toArray(String[]::new));
  }

  private static String word(MatchResult found) {
    String word =
        Stream.of(1, 2, 3).map(found::group).filter(w -> w != null).findFirst().orElse("");
    return PLACEHOLDER.matcher(word).matches() ? "1" : word;
  }

  /** What the program says of them, empty when it takes them. */
  private static String fault(String[] words, boolean mayBeName) {
    try {
      PROGRAM.parseArgs(words);
      return "";
    } catch (MissingParameterException e) {
      return mayBeName && isName(words) ? "" : String.valueOf(e.getMessage());
    } catch (ParameterException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static boolean isName(String[] words) {
    CommandLine command = PROGRAM;
    for (String word : words) {
      CommandLine next = command.getSubcommands().get(word);
      if (next != null) {
        command = next;
      } else if (!command.getCommandSpec().optionsMap().containsKey(word)) {
        return false;
      }
    }
    return true;
  }
}
