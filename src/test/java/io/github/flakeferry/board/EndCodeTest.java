package io.github.flakeferry.board;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class EndCodeTest {
  @Test
  void theBoardsOwnWordsAreStillThose() throws IOException {
    var said = new StringBuilder();
    for (String source :
        List.of("resources/io/github/flakeferry/board", "java/io/github/flakeferry/board")) {
      try (var files = Files.walk(Path.of("src/main").resolve(source))) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          if (!file.endsWith("EndCode.java")) {
            said.append(Files.readString(file));
          }
        }
      }
    }
    assertThat(EndCode.words()).isNotEmpty().allSatisfy(words -> assertThat(said).contains(words));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ROLLED_BACK | nobody confirmed it within 10 s | NOT_CONFIRMED",
        "ROLLED_BACK | after its restart it is not healthy: the unit a is failed | NOT_HEALTHY",
        "ROLLED_BACK | the activation ended with 3 | ACTIVATION",
        "ROLLED_BACK | the boot loader's installation ended with 1 | NO_DEFAULT",
        "ROLLED_BACK | its disk takes no writes | NO_DEFAULT",
        "ROLLED_BACK | the supervisor was killed while it was waiting | CUT_SHORT",
        "REFUSED | /nix/store/x carries no signature of k-1 | SIGNATURE",
        "REFUSED | there is no action 'x' | NOT_ACTIVATED",
        "BUSY | it has been lent to owner/repo#1 since today | LENT",
        "BUSY | ann@laptop holds the board | ACTIVATING",
        "FAILED | it hung; and the activation of the previous system ended with 1 | NO_WAY_BACK",
        "FAILED | the activation filled the disk; and the boot loader could not be put back | NO_WAY_BACK",
        "FAILED | the supervisor never began | NOT_BEGUN",
        "SUPERSEDED | somebody else activated /nix/store/y | SWITCHED",
      })
  void eachEndHasItsCode(Outcome outcome, String reason, FailureCode code) {
    assertThat(EndCode.of(outcome, reason)).isEqualTo(code);
  }

  @ParameterizedTest
  @EnumSource(names = {"ROLLED_BACK", "REFUSED", "BUSY", "FAILED", "SUPERSEDED", "IN_DOUBT"})
  void aCodeFitsTheOutcome(Outcome outcome) {
    assertThat(EndCode.of(outcome, "").outcome()).contains(outcome);
    for (String words : EndCode.words()) {
      assertThat(EndCode.of(outcome, words).outcome()).as(words).contains(outcome);
    }
  }
}
