package io.github.flakeferry.board;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ScriptsTest {
  @Test
  void aVariableIsTextAndNothingElseForTheShell() {
    assertThat(new BoardScript.Call("acknowledge", "'; rm -rf /; '$(id)`id`").sent())
        .contains("\nset -- acknowledge ''\\''; rm -rf /; '\\''$(id)`id`'\n");
  }

  @Test
  void oneLineHasNoControlCharactersAndAnEnd() {
    assertThat(Scripts.oneLine("a\nb\u001b[31m")).isEqualTo("a b [31m");
    assertThat(Scripts.oneLine("x".repeat(1000))).hasSize(300).endsWith("…");
  }
}
