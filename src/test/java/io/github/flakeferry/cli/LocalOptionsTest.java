package io.github.flakeferry.cli;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class LocalOptionsTest {
  @Test
  void whatChangesBoardsAtOnceIsNotDoneWhereTheRunIsToBeDry() {
    var dry = new Inputs(Map.of("FLAKEFERRY_DRY_RUN", "true")).settings();

    assertThatExceptionOfType(BadInput.class)
        .isThrownBy(() -> LocalOptions.refuseDryRun(dry, "release"))
        .withMessageContaining("flakeferry release")
        .withMessageContaining("FLAKEFERRY_DRY_RUN");
    assertThatCode(() -> LocalOptions.refuseDryRun(new Inputs(Map.of()).settings(), "release"))
        .doesNotThrowAnyException();
  }
}
