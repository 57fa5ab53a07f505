package io.github.flakeferry.pipeline.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flakeferry.fleet.Endpoint;
import io.github.flakeferry.model.HostKey;
import io.github.flakeferry.model.SystemPlatform;
import io.github.flakeferry.nix.Platforms;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class BoardQuestionsTest {
  private static final SystemPlatform X86 = new SystemPlatform("x86_64-linux");
  private static final FlakeLook LAPTOP =
      new FlakeLook(List.of("laptop"), _ -> new Platforms(X86, X86));

  /** It lets nobody in, and so told nothing. */
  private static final SeenBoard BOARD =
      new SeenBoard(
          Endpoint.parse("root@desk.lan").orElseThrow(),
          HostKey.parse(
              "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ3rXxKf1GGk8DxlZhYe1hKHlZ5M3wYm3Pj1fZr0v7mO"),
          Optional.empty());

  private static NewBoard about(Optional<FlakeLook> flake, Script dialog) {
    return new BoardQuestions(dialog, flake, Set.of()).about(BOARD);
  }

  @Test
  void theOnlyConfigurationIsNotGivenUnaskedToABoardThatToldNothing() {
    var dialog = new Script("", "", "laptop");
    assertThat(about(Optional.of(LAPTOP), dialog).configuration()).isEqualTo("laptop");
    assertThat(dialog.said())
        .contains("  The flake has: laptop (x86_64-linux)", "  Which configuration does it run?")
        .noneMatch(line -> line.contains("one configuration for it"));
    assertThatThrownBy(() -> about(Optional.of(LAPTOP), Script.ofNobody()))
        .isInstanceOf(SetupRefused.class)
        .hasMessage("no configuration of the flake was named");
  }

  @Test
  void aConfigurationOfItsNameIsItsOwn() {
    var flake = new FlakeLook(List.of("desk", "laptop"), _ -> new Platforms(X86, X86));
    assertThat(about(Optional.of(flake), new Script("")).configuration()).isEqualTo("desk");
  }

  @Test
  void withoutNixWhatNoPolicyCanNameIsAskedForAgain() {
    var dialog = new Script("", "my board", "my-board");
    assertThat(about(Optional.empty(), dialog).configuration()).isEqualTo("my-board");
    assertThat(dialog.said())
        .anyMatch(line -> line.contains("'my board' is no name of a configuration"));
  }
}
