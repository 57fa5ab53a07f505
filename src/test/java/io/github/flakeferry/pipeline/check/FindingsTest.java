package io.github.flakeferry.pipeline.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.FailureCode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FindingsTest {
  private static final Finding OK = Finding.ok("nix", "Nix 2.8.0 builds for x86_64-linux");
  private static final Finding WARNING = Finding.warning("space", "It is short", "Make room.");
  private static final Finding WRONG =
      Finding.wrong("platform", FailureCode.PLATFORM, "Nothing builds", "Add it.");

  private record Said(String name, List<Finding> look) implements Check {}

  private record Hindered(String name) implements Check {
    @Override
    public List<Finding> look() {
      throw new Failure(FailureCode.STORE, "There is none.\nNot here.", "Install\n it.") {};
    }
  }

  @Test
  void peopleGetALineForEachAndOneForWhatToDo() {
    assertThat(new Findings(List.of(OK, WARNING, WRONG)).text())
        .isEqualTo(
            """
            ok       nix       Nix 2.8.0 builds for x86_64-linux
            warning  space     It is short
                               Make room.
            wrong    platform  FF-0505: Nothing builds
                               Add it.
            """);
  }

  @Test
  void programsGetAnArray() {
    assertThat(new Findings(List.of(OK, WARNING, WRONG)).json())
        .isEqualTo(
            """
            [{"check":"nix","state":"ok","message":"Nix 2.8.0 builds for x86_64-linux"},\
            {"check":"space","state":"warning","message":"It is short","advice":"Make room."},\
            {"check":"platform","state":"wrong","message":"Nothing builds","advice":"Add it.",\
            "code":"FF-0505","reason":"evaluation-failed"}]""");
  }

  @Test
  void theFirstThatIsWrongDecidesTheExitCode() {
    assertThat(new Findings(List.of(OK, WARNING)).exitCode()).isZero();
    assertThat(new Findings(List.of(WARNING, WRONG)).exitCode()).isEqualTo(5);
    assertThat(
            Findings.of(List.of(new Hindered("nix"), new Said("platform", List.of(WRONG))))
                .exitCode())
        .isEqualTo(6);
  }

  @Test
  void whatHindersOneIsToldOnceAndTheOthersLookAllTheSame() {
    var findings =
        Findings.of(
            List.of(new Hindered("nix"), new Hindered("platform"), new Said("space", List.of(OK))));
    assertThat(findings.all())
        .containsExactly(
            Finding.wrong("nix", FailureCode.STORE, "There is none. Not here.", "Install it."), OK);
  }

  @ParameterizedTest
  @CsvSource({
    "2.4, true",
    "2.7.0, true",
    "2.8.0, false",
    "2.26.3, false",
    "2.34.8pre1, false",
    "2.100, false",
    "3.0, false",
    "unknown, false",
  })
  void whatIsOlderThan28IsOld(String version, boolean old) {
    assertThat(NixCheck.isOld(version)).isEqualTo(old);
  }
}
