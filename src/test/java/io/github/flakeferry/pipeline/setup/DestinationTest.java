package io.github.flakeferry.pipeline.setup;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.fleet.Endpoint;
import io.github.flakeferry.fleet.PolicyReader;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DestinationTest {
  private static final NewBoard BOARD =
      PolicyTextTest.untagged("desk", Endpoint.parse("root@desk.lan").orElseThrow());

  private static Optional<Destination> of(String environments, String... answers) {
    String text =
        """
        boards:
          lab-1:
            host: lab-1.lan
            host-key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ3rXxKf1GGk8DxlZhYe1hKHlZ5M3wYm3Pj1fZr0v7mO
            tags: [lab, riscv64, field]
        environments:
        """
            + environments;
    return Destination.of(
        new Script(answers), Optional.of(PolicyReader.read("flakeferry.yml", text)), "main");
  }

  @ParameterizedTest
  @CsvSource({
    "lab, lab",
    "riscv64, ''",
    "riscv64 & !canary, ''",
    "canary | lab, lab",
    "lab-1 | lab, lab",
    "'lab & !amd64', lab",
    "lab-*, ''",
  })
  void theTagIsOneThatItsSelectorWants(String selector, String tag) {
    Destination to =
        of("  x: { on: { push: main }, boards: '%s' }\n".formatted(selector)).orElseThrow();
    NewBoard tagged = to.tagged(BOARD);
    assertThat(to.name()).isEqualTo("x");
    assertThat(tagged.tag().orElse("")).isEqualTo(tag);
    assertThat(to.has(tagged)).isEqualTo(!selector.equals("lab-*"));
  }

  @Test
  void itIsOneForPushesToTheBranch() {
    assertThat(of("  x: { on: { tag: 'v*' }, boards: lab }\n")).isEmpty();
    assertThat(of("  x: { on: { push: release }, boards: lab }\n")).isEmpty();
    assertThat(of("  x: { on: pull_request, boards: lab }\n")).isEmpty();
  }

  @Test
  void ofSeveralOneIsAskedFor() {
    String two =
        """
          field: { on: { push: main }, boards: field }
          production: { on: { push: "*" }, boards: lab }
        """;
    assertThat(of(two, "").orElseThrow().name()).isEqualTo("production");
    assertThat(of(two, "feild", "field").orElseThrow().name()).isEqualTo("field");
  }

  @Test
  void aPolicyWithoutAnyGetsTheUsualOne() {
    Destination to = Destination.of(new Script(), Optional.empty(), "main").orElseThrow();
    assertThat(to.name()).isEqualTo("production");
    assertThat(to.tagged(BOARD).tags()).containsExactly("riscv64", "production");
  }
}
