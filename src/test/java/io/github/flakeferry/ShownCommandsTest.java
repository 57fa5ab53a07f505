package io.github.flakeferry;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.ShownCommands.Typed;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is taken for a command of a page. */
final class ShownCommandsTest {
  @Test
  void blocksHaveCommandsAndWhatTheyPrint() {
    ShownCommands shown =
        ShownCommands.in(
            """
            # Title

            So:

                export A=1 B=~/x
                A=b flakeferry status

                BOARD  RUNS

                one    x

                flakeferry check

            1. In a list:

               ```sh
               source <(flakeferry completion bash)
               gh secret set A \\
                 --env production
               ```

            ```yaml
            steps:
            ```
            """);
    assertThat(shown.blocks())
        .containsExactly(
            new Typed("export A=1 B=~/x", List.of()),
            new Typed("A=b flakeferry status", List.of("BOARD  RUNS", "", "one    x")),
            new Typed("flakeferry check", List.of()),
            new Typed("source <(flakeferry completion bash)", List.of()),
            new Typed("gh secret set A \\\n  --env production", List.of()));
    assertThat(shown.strange()).isEmpty();
  }

  @Test
  void textHasThemBetweenBackticks() {
    ShownCommands shown =
        ShownCommands.in(
            """
            Say `flakeferry logs BOARD
            --lines 3`, or `nix log PATH`; `flakeferry-board`, `nix` and `tags` are names.

            | `flakeferry status [BOARD…]` | see `flakeferry explain` |
            |---|---|
            | `flakeferry ssh BOARD [-- COMMAND…]` | like `ssh -l root BOARD` |
            """);
    assertThat(shown.inText())
        .containsExactly(
            "flakeferry logs BOARD --lines 3",
            "nix log PATH",
            "flakeferry explain",
            "ssh -l root BOARD");
    assertThat(shown.blocks()).isEmpty();
  }

  @Test
  void whatIsNeitherIsStrange() {
    assertThat(ShownCommands.in("    what it prints\n").strange())
        .containsExactly("what it prints");
    assertThat(ShownCommands.in("    flakeferry man\n    no command\n").strange())
        .containsExactly("no command");
    assertThat(ShownCommands.in("```console\n$ flakeferry man\n```\n").strange())
        .containsExactly("a block of console");
  }
}
