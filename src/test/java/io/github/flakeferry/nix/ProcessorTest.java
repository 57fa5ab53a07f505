package io.github.flakeferry.nix;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.model.SystemPlatform;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class ProcessorTest {
  /** As the package qemu-user-static of Debian 12 has them in /usr/lib/binfmt.d. */
  @ParameterizedTest
  @CsvSource({
    "AARCH64, 7f454c460201010000000000000000000200b700, ffffffffffffff00fffffffffffffffffeffffff",
    "ARM, 7f454c4601010100000000000000000002002800, ffffffffffffff00fffffffffffffffffeffffff",
    "RISCV32, 7f454c460101010000000000000000000200f300, ffffffffffffff00fffffffffffffffffeffffff",
    "RISCV64, 7f454c460201010000000000000000000200f300, ffffffffffffff00fffffffffffffffffeffffff",
  })
  void itsProgramsAreToldAsDebianTellsThem(Processor processor, String magic, String mask) {
    String line = Registration.line(processor, Path.of("/usr/bin/qemu"));
    assertThat(line.replace("\\x", ""))
        .isEqualTo(":%s:M::%s:%s:/usr/bin/qemu:OF".formatted(processor.handler(), magic, mask));
  }

  @ParameterizedTest
  @EnumSource
  void theSmallestProgramIsOneOfItsAndOfNoOther(Processor processor) {
    for (Processor other : Processor.values()) {
      assertThat(matches(processor.smallest(), other))
          .as("%s", other)
          .isEqualTo(other == processor);
    }
  }

  private static boolean matches(byte[] program, Processor processor) {
    byte[] magic = processor.magic();
    byte[] mask = processor.mask();
    for (int n = 0; n < magic.length; n++) {
      if (((program[n] ^ magic[n]) & mask[n]) != 0) {
        return false;
      }
    }
    return true;
  }

  @ParameterizedTest
  @EnumSource
  void oneOfNixsNamesIsItsOwn(Processor processor) {
    assertThat(Processor.of(processor.platform())).contains(processor);
  }

  @ParameterizedTest
  @CsvSource({
    "riscv64-linux, RISCV64",
    "armv7l-linux, ARM",
    "armv6l-linux, ARM",
    "i686-linux, I386",
    "powerpc64le-linux, PPC64LE",
    "x86_64-linux, X86_64",
  })
  void nixHasItsOwnNamesForThem(String platform, Processor processor) {
    assertThat(Processor.of(new SystemPlatform(platform))).contains(processor);
  }

  @Test
  void whatQemuHasNotOrIsNotLinuxIsNone() {
    assertThat(Processor.of(new SystemPlatform("vax-linux"))).isEmpty();
    assertThat(Processor.of(new SystemPlatform("aarch64-darwin"))).isEmpty();
  }
}
