package io.github.flakeferry.nix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.flakeferry.model.SystemPlatform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In a folder that looks like the kernel's list. */
final class RegistrationTest {
  private static final SystemPlatform RISCV = new SystemPlatform("riscv64-linux");
  private static final Path EMULATOR = Path.of("/usr/bin/qemu-riscv64-static");

  @TempDir private Path list;

  @BeforeEach
  void mount() throws IOException {
    Files.writeString(list.resolve("register"), "");
    Files.writeString(list.resolve("status"), "enabled\n");
  }

  private String problem(SystemPlatform platform, Function<String, Optional<Path>> programs) {
    var failed =
        catchThrowableOfType(
            RegistrationFailed.class, () -> new Registration(list, programs).register(platform));
    assertThat(failed).isNotNull();
    assertThat(failed.advice()).isNotEmpty();
    return failed.problem();
  }

  private String registered() throws IOException {
    return Files.readString(list.resolve("register"));
  }

  @Test
  void theStaticEmulatorOfThePlatformIsRegistered() throws IOException {
    var registration =
        new Registration(list, name -> Optional.of(EMULATOR).filter(path -> path.endsWith(name)));
    assertThat(registration.register(RISCV)).isEqualTo(EMULATOR);
    assertThat(registered()).isEqualTo(Registration.line(Processor.RISCV64, EMULATOR));
  }

  @Test
  void withoutAnEmulatorItSaysWhichOneIsMissing() throws IOException {
    assertThat(problem(RISCV, _ -> Optional.empty())).contains("no qemu-riscv64-static");
    assertThat(problem(new SystemPlatform("vax-linux"), _ -> Optional.of(EMULATOR)))
        .contains("vax-linux");
    assertThat(registered()).isEmpty();
  }

  @Test
  void whatIsThereIsNotReplaced() throws IOException {
    for (String name : new String[] {"qemu-riscv64", "riscv64-linux"}) {
      Path handler = Files.writeString(list.resolve(name), "disabled\ninterpreter /other\n");
      assertThat(problem(RISCV, _ -> Optional.of(EMULATOR))).contains(handler + " is disabled");
      Files.delete(handler);
    }
    Files.writeString(list.resolve("status"), "disabled\n");
    assertThat(problem(RISCV, _ -> Optional.of(EMULATOR))).contains("status is disabled");
    assertThat(registered()).isEmpty();
  }
}
