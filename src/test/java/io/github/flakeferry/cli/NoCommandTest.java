package io.github.flakeferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.ObjectMapper;

final class NoCommandTest {
  @Test
  void aRunnerFindsNoCommandAndPeopleReadTheSame() {
    assertThat(NoCommand.text("a label ##[warning]x")).isEqualTo("a label ## [warning]x");
    assertThat(NoCommand.text("a\n \u3000::error::x\nb::c"))
        .isEqualTo("a\n \u3000: :error::x\nb::c");
  }

  @Test
  void programsGetWhatItWas() {
    String json = new ObjectMapper().writeValueAsString("a label ##[warning]x");
    assertThat(NoCommand.json(json)).doesNotContain("##[");
    assertThat(new ObjectMapper().readTree(NoCommand.json(json)).asString())
        .isEqualTo("a label ##[warning]x");
  }
}
