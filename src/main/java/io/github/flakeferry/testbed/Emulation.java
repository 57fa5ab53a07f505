package io.github.flakeferry.testbed;

import io.github.flakeferry.model.SystemPlatform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;

/**
 * Programs of another processor, run by QEMU's user emulation: the kernel starts it by a handler
 * (Documentation/admin-guide/binfmt-misc.rst), also in other roots (flag F).
 */
final class Emulation {
  private static final Path HANDLERS = Path.of("/proc/sys/fs/binfmt_misc");

  private final Requirements requirements;

  Emulation(Requirements requirements) {
    this.requirements = requirements;
  }

  /** Whether programs of this platform run here, by themselves or after {@link #demand}. */
  boolean isPossible(SystemPlatform platform) throws IOException {
    if (platform.equals(TestBoard.Kind.AMD64.platform())) {
      return true;
    }
    if (!platform.equals(TestBoard.Kind.RISCV64.platform())) {
      return false;
    }
    try {
      demand();
      return true;
    } catch (TestbedUnavailable e) {
      return false;
    }
  }

  /**
   * Sees to it that riscv64 programs run here.
   *
   * @throws TestbedUnavailable if the emulator can't be had, or the kernel takes no handler
   */
  void demand() throws IOException {
    if (isEnabled()) {
      return;
    }
    requirements.demand(EnumSet.of(Tool.EMULATOR, Tool.BINFMT));
    if (!Files.exists(HANDLERS.resolve("register"))) {
      Tool.MOUNT.command("-t", "binfmt_misc", "binfmt_misc", HANDLERS.toString()).run();
    }
    // says that it is enabled already when the kernel has forgotten it
    Tool.BINFMT.command("--disable", "qemu-riscv64").run();
    Tool.BINFMT.command("--enable", "qemu-riscv64").run();
    if (!isEnabled()) {
      throw new TestbedUnavailable(
          "this kernel has no handler for riscv64 programs in " + HANDLERS,
          "`update-binfmts --enable qemu-riscv64`, or use an amd64 board");
    }
  }

  private static boolean isEnabled() throws IOException {
    Path handler = HANDLERS.resolve("qemu-riscv64");
    return Files.exists(handler) && Files.readString(handler).startsWith("enabled");
  }
}
