package io.github.flakeferry.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.BuiltProgram;
import io.github.flakeferry.cli.terminal.PseudoTerminal;
import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.support.process.Finished;
import io.github.flakeferry.support.progress.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the program prints for shells and for man, read by these. */
final class ShellIT {
  private static final String CLEAR_LINE = "\u0015";

  @TempDir private Path folder;

  @BeforeAll
  static void prepare() throws IOException {
    Requirements.ofThisMachine(Progress.SILENT).demand(EnumSet.of(Tool.FISH, Tool.ZSH, Tool.GROFF));
  }

  @BeforeEach
  void writePolicy() throws IOException {
    Files.createDirectories(folder.resolve("hosts/lab"));
    Files.writeString(
        folder.resolve("flakeferry.yml"),
        """
        caches:
          - url: https://cache.example.org
        boards:
          # the rack
          unmatched-1:
            configuration: unmatched
          lab-1: { host-key: x }
        environments:
          production: { on: { push: main } }
        """);
  }

  private static String printed(String... words) throws IOException {
    return Command.of(BuiltProgram.words(words)).run().orThrow().output();
  }

  /** What bash offers for a line whose last word is being written. */
  private List<String> bash(String... line) throws IOException {
    Path script = folder.resolve("completion.bash");
    Files.writeString(
        script,
        printed("completion", "bash")
            + """

            COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*"
            _complete_flakeferry
            printf '%s\\n' "${COMPREPLY[@]}"
            """);
    return Command.of("bash", script.toString(), "flakeferry")
        .and(line)
        .in(folder.resolve("hosts/lab"))
        .run()
        .orThrow()
        .output()
        .lines()
        .toList();
  }

  @Test
  void bashCompletesCommandsOptionsAndBoards() throws IOException {
    assertThat(bash("sta")).containsExactly("status");
    assertThat(bash("key", "gen")).containsExactly("generate");
    assertThat(bash("diff", "--ag")).containsExactly("--against");
    assertThat(bash("diff", "")).contains("unmatched-1", "lab-1");
    assertThat(bash("rollback", "lab-1", "unm")).containsExactly("unmatched-1");
  }

  /** What fish offers for a line, without its descriptions. */
  private List<String> fish(String line) throws IOException {
    Path script = folder.resolve("completion.fish");
    Files.writeString(
        script, printed("completion", "fish") + "complete --do-complete '" + line + "'\n");
    return Tool.FISH
        .command(script.toString())
        .with("HOME", folder.toString())
        .in(folder.resolve("hosts/lab"))
        .run()
        .orThrow()
        .output()
        .lines()
        .map(offered -> offered.split("\t", 2)[0])
        .toList();
  }

  @Test
  void fishCompletesCommandsOptionsAndBoards() throws IOException {
    assertThat(fish("flakeferry sta")).containsExactly("status");
    assertThat(fish("flakeferry key gen")).containsExactly("generate");
    assertThat(fish("flakeferry diff --ag")).containsExactly("--against");
    assertThat(fish("flakeferry diff ")).containsExactlyInAnyOrder("unmatched-1", "lab-1");
    assertThat(fish("flakeferry rollback lab-1 unm")).containsExactly("unmatched-1");
    assertThat(fish("flakeferry key generate ")).doesNotContain("unmatched-1", "generate");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void zshCompletesCommandsOptionsAndBoards(boolean sourced) throws IOException {
    Path functions = Files.createDirectories(folder.resolve("functions"));
    Files.writeString(functions.resolve("_flakeferry"), printed("completion", "zsh"));
    String set = sourced ? "%3$s; . %2$s" : "fpath=(%1$s $fpath); %3$s";
    Files.writeString(
        folder.resolve(".zshrc"),
        set.formatted(
            functions,
            functions.resolve("_flakeferry"),
            "unsetopt prompt_sp beep list_beep; unset zle_bracketed_paste; PS1='$ '; autoload -U compinit;"
                + " compinit -u -D"));
    var words = List.of("/usr/bin/env", "-C", folder.resolve("hosts/lab").toString(), "zsh", "-di");
    var environment = Map.of("TERM", "dumb", "ZDOTDIR", folder.toString());
    try (var zsh = PseudoTerminal.start(160, 40, environment, words)) {
      zsh.until(screen -> screen.text().equals("$"));
      zsh.type("flakeferry sta\t");
      zsh.until(screen -> screen.text().endsWith("flakeferry status"));
      zsh.type("unm\t");
      zsh.until(screen -> screen.text().endsWith("flakeferry status unmatched-1"));
      zsh.type("l\t");
      zsh.until(screen -> screen.text().endsWith("flakeferry status unmatched-1 lab-1"));
      zsh.type("--js\t");
      zsh.until(screen -> screen.text().endsWith("flakeferry status unmatched-1 lab-1 --json"));
      zsh.type(CLEAR_LINE + "flakeferry key gen\t");
      zsh.until(screen -> screen.text().endsWith("flakeferry key generate"));
      zsh.type(CLEAR_LINE + "flakeferry diff --\t");
      zsh.until(
          screen ->
              screen
                  .text()
                  .contains(
                      "--config      -- The policy. Default: the working copy's flakeferry.yml.\n"));
    }
  }

  @Test
  void theManualPageIsOne() throws IOException {
    Path page = Files.writeString(folder.resolve("flakeferry.1"), printed("man"));

    Finished read =
        Tool.GROFF.command("-k", "-man", "-ww", "-Tutf8", "-P-cbou", page.toString()).run();

    assertThat(read.orThrow().lastErrorLines()).isEmpty();
    assertThat(read.output())
        .contains("FLAKEFERRY(1)", "NAME\n", "flakeferry key generate ", "--against COMMIT|PATH");
  }
}
