package io.github.flakeferry.nix;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.model.SystemPlatform;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FirstProgramsTest {
  private static final byte[] SCRIPT = "#!/bin/sh\nexit 0\n".getBytes(StandardCharsets.US_ASCII);

  @TempDir private Path system;

  @BeforeEach
  void makeSystem() throws IOException {
    Files.createDirectory(system.resolve("bin"));
    write("init", SCRIPT);
    write("activate", SCRIPT);
    write("bin/switch-to-configuration", Processor.RISCV64.smallest());
  }

  private void write(String name, byte[] content) throws IOException {
    Path file = Files.write(system.resolve(name), content);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private List<String> troubles(String platform) {
    return FirstPrograms.troubles(system, new SystemPlatform(platform));
  }

  @Test
  void whatIsForTheBoardsProcessorIsFine() {
    assertThat(troubles("riscv64-linux")).isEmpty();
  }

  @Test
  void whatIsForTheBuildersProcessorIsNot() {
    assertThat(troubles("aarch64-linux"))
        .containsExactly(
            "bin/switch-to-configuration: %s/bin/switch-to-configuration is not for aarch64"
                .formatted(system));
  }

  @Test
  void anInterpreterThatTheBoardLacksIsTold() throws IOException {
    write("activate", "#! /usr/bin/perl -w\n".getBytes(StandardCharsets.US_ASCII));
    assertThat(troubles("riscv64-linux"))
        .containsExactly("activate: it is a script for /usr/bin/perl, which no NixOS has");
    write("activate", "#!/nix/store/gone/bin/sh\n".getBytes(StandardCharsets.US_ASCII));
    assertThat(troubles("riscv64-linux"))
        .containsExactly("activate: /nix/store/gone/bin/sh is missing");
  }

  @Test
  void whatIsMissingNotExecutableOrNoProgramIsTold() throws IOException {
    Files.delete(system.resolve("init"));
    Files.setPosixFilePermissions(
        system.resolve("activate"), PosixFilePermissions.fromString("rw-r--r--"));
    write("bin/switch-to-configuration", "MZ".getBytes(StandardCharsets.US_ASCII));
    assertThat(troubles("riscv64-linux"))
        .containsExactly(
            "init: %s/init is missing".formatted(system),
            "activate: %s/activate is not executable".formatted(system),
            "bin/switch-to-configuration: %s/bin/switch-to-configuration is neither a program nor a script"
                .formatted(system));
  }

  /** Its one segment is made the name of a loader (System V ABI, "Program Header"). */
  @Test
  void aProgramWhoseLoaderIsNotThereIsTold() throws IOException {
    for (Processor processor : List.of(Processor.RISCV64, Processor.ARM, Processor.S390X)) {
      byte[] program = processor.smallest();
      boolean wide = program[4] == 2;
      int header = wide ? 64 : 52;
      byte[] loader = "/lib/ld-linux.so.1\0".getBytes(StandardCharsets.US_ASCII);
      byte[] all = Arrays.copyOf(program, program.length + loader.length);
      System.arraycopy(loader, 0, all, program.length, loader.length);
      var fields =
          ByteBuffer.wrap(all)
              .order(all[5] == 1 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN)
              .putInt(header, 3);
      if (wide) {
        fields.putLong(header + 8, program.length).putLong(header + 32, loader.length);
      } else {
        fields.putInt(header + 4, program.length).putInt(header + 16, loader.length);
      }
      write("bin/switch-to-configuration", all);
      String platform =
          processor == Processor.ARM ? "armv7l-linux" : processor.handler().substring(5) + "-linux";
      assertThat(troubles(platform))
          .containsExactly(
              "bin/switch-to-configuration: %s/bin/switch-to-configuration wants the loader /lib/ld-linux.so.1, which no NixOS has"
                  .formatted(system));
    }
  }
}
