package io.github.flakeferry.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class PromptTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private PrintStream stream() {
    return new PrintStream(out, true, StandardCharsets.UTF_8);
  }

  private Prompt answering(String lines) {
    return Prompt.of(new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)), stream());
  }

  @Test
  void anEmptyAnswerIsTheProposalAndNoYes() {
    Prompt prompt = answering("\n desk \n\nY\nyes\nyellow\n");
    assertThat(prompt.ask("Name?", "board-1")).isEqualTo("board-1");
    assertThat(prompt.ask("Name?", "board-1")).isEqualTo("desk");
    assertThat(prompt.confirm("Right?")).isFalse();
    assertThat(prompt.confirm("Right?")).isTrue();
    assertThat(prompt.confirm("Right?")).isTrue();
    assertThat(prompt.confirm("Right?")).isFalse();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .startsWith("Name? [board-1] Name? [board-1] Right? [y/N] ");
  }

  @Test
  void whereNobodyIsAskedProposalsAreTakenAndNothingIsAgreedTo() {
    Prompt nobody = Prompt.ofNobody(stream());
    assertThat(nobody.ask("Name?", "board-1")).isEqualTo("board-1");
    assertThat(nobody.confirm("Right?")).isFalse();
  }

  @Test
  void theEndOfTheInputIsNoAnswerAndNoYes() {
    assertThat(answering("").confirm("Right?")).isFalse();
    assertThatExceptionOfType(BadInput.class)
        .isThrownBy(() -> answering("").ask("Name?", "board-1"))
        .satisfies(e -> assertThat(e.input()).isEqualTo("--yes"));
  }

  @Test
  void whatIsAskedMovesNoCursorEither() {
    Prompt prompt = answering("\n\n");
    prompt.ask("Which?", "desk\u001b[2J");
    prompt.confirm("Is it \u202edesk?");
    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo("Which? [desk[2J] Is it desk? [y/N] ");
  }

  @Test
  void whatABoardSaysMovesNoCursor() {
    answering("").say("runs \u001b[2Jnixos");
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("runs [2Jnixos\n");
  }
}
