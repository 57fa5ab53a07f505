package io.github.flakeferry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The commands in blocks of each page, typed as they stand there, do and print what it says. */
final class PagesIT {
  private static PagesWorld world;

  @BeforeAll
  static void prepare() throws IOException {
    world = PagesWorld.make();
  }

  @AfterAll
  static void tidy() throws IOException {
    world.close();
  }

  static List<Path> pages() throws IOException {
    return Docs.pages().stream().filter(page -> !typed(page).isEmpty()).toList();
  }

  private static List<ShownCommands.Typed> typed(Path page) {
    return ShownCommands.of(page).blocks().stream()
        .filter(command -> !RunElsewhere.has(command.text()))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void theCommandsOfAPageDoWhatItSays(Path page) throws IOException {
    List<ShownCommands.Typed> commands = typed(page);

    List<PagesShell.Ended> ended =
        world.begin().type(commands.stream().map(ShownCommands.Typed::text).toList());

    for (int i = 0; i < commands.size(); i++) {
      assertAsShown(commands.get(i), ended.get(i));
    }
  }

  private static void assertAsShown(ShownCommands.Typed command, PagesShell.Ended ended) {
    String said = command.text() + "\n" + ended;
    assertThat(ended.exitCode()).as(said).isEqualTo(ShownOutput.exitCode(command.printed()));
    if (!command.printed().isEmpty()) {
      assertThat(ShownOutput.fault(command.printed(), ended.output().lines().toList()))
          .as(said)
          .isEmpty();
    }
  }

  /** By somebody whose keys are named in the environment, with an agent that has one. */
  @Test
  void theCommandsInTextsWork() throws IOException {
    List<String> commands =
        ShownCommands.inAllTexts()
            .filter(command -> !RunElsewhere.hasOfText(command))
            .map(world::filledIn)
            .distinct()
            .toList();
    PagesShell shell = world.begin();
    var typed =
        new ArrayList<>(
            List.of(
                "export FLAKEFERRY_SSH_KEY_FILE=~/.ssh/boards"
                    + " FLAKEFERRY_SIGNING_KEY_FILE=~/.config/boards/signing-key",
                "eval \"$(ssh-agent)\"; trap 'ssh-agent -k' EXIT",
                "ssh-add ~/.ssh/boards"));
    for (String command : commands) {
      typed.add("cd " + shell.flake());
      typed.add(command);
    }

    List<PagesShell.Ended> ended = shell.type(typed);

    assertThat(commands).isNotEmpty();
    for (int i = 0; i < typed.size(); i++) {
      assertThat(ended.get(i).exitCode()).as(typed.get(i) + "\n" + ended.get(i)).isZero();
    }
  }
}
