package io.github.flakeferry.nix;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.model.FailureReason;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.model.SystemPlatform;
import io.github.flakeferry.model.terms.SmokeCommands;
import io.github.flakeferry.nix.SmokeFailed.Failed;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SmokeFailedTest {
  private static final String TOPLEVEL = "/nix/store/3rkbykhsh75ml3v5c5jlxsb08pckmdq6-system";
  private static final SystemPlatform RISCV = new SystemPlatform("riscv64-linux");

  private static SmokeTest test(String configuration, String... commands) {
    return new SmokeTest(
        new EvaluatedSystem(
            configuration,
            StorePath.parse(TOPLEVEL + ".drv"),
            StorePath.parse(TOPLEVEL),
            RISCV,
            RISCV),
        new SmokeCommands(List.of(commands), Duration.ofSeconds(90)));
  }

  @Test
  void theCommandAndTheSystemAreTold() {
    var failed =
        new SmokeFailed(
            List.of(
                new Failed(
                    test("lab", "echo 'a'", "hello"),
                    Optional.of("echo 'a'"),
                    "builder failed with exit code 3",
                    false,
                    List.of("$ echo 'a'", "oops"))));
    assertThat(failed.reason()).isEqualTo(FailureReason.BUILD_FAILED);
    assertThat(failed.problem())
        .isEqualTo("the smoke command `echo 'a'` of lab failed: builder failed with exit code 3");
    assertThat(failed.advice())
        .startsWith("No board was touched.")
        .endsWith(
            "\nenv -i PATH=%1$s/sw/bin %1$s/sw/bin/sh -ec 'echo '\\''a'\\'''".formatted(TOPLEVEL));
    assertThat(failed.details()).containsExactly("--- lab", "$ echo 'a'", "oops");
  }

  @Test
  void aDeadlineIsToldAsOne() {
    var failed =
        new SmokeFailed(
            List.of(
                new Failed(
                    test("lab", "sleep 600"),
                    Optional.of("sleep 600"),
                    "timed out after 90 seconds",
                    true,
                    List.of())));
    assertThat(failed.problem())
        .isEqualTo(
            "the smoke commands of lab did not end within 1 min 30 s: `sleep 600` was running");
    assertThat(failed.advice()).contains("`smoke-timeout`");
  }

  @Test
  void allThatFailedIsToldAlsoWhereNoCommandWasBegun() {
    var failed =
        new SmokeFailed(
            List.of(
                new Failed(
                    test("lab", "hello"), Optional.of("hello"), "exit code 1", false, List.of()),
                new Failed(test("field", "hello"), Optional.empty(), "no sh", false, List.of())));
    assertThat(failed.problem().lines())
        .containsExactly(
            "the smoke command `hello` of lab failed: exit code 1",
            "the smoke commands of field can't be run by its shell, %s/sw/bin/sh: no sh"
                .formatted(TOPLEVEL));
  }
}
