package io.github.flakeferry.nix;

import io.github.flakeferry.model.SystemPlatform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Which foreign programs this machine's kernel runs by an emulator (kernel: binfmt-misc.rst). */
public final class Emulation {
  private static final Path REGISTERED = Path.of("/proc/sys/fs/binfmt_misc");

  private Emulation() {}

  /**
   * Whether programs of this platform run. In a container the kernel's list of emulators is not to
   * be seen, but they are at work all the same: there one program shows it.
   */
  public static boolean runs(SystemPlatform platform) {
    return isRegistered(platform, REGISTERED)
        || (platform.value().endsWith("-linux")
            && ForeignProgram.of(platform.machine()).filter(ForeignProgram::runs).isPresent());
  }

  static boolean isRegistered(SystemPlatform platform, Path registered) {
    if (!platform.value().endsWith("-linux") || !isEnabled(registered.resolve("status"))) {
      return false;
    }
    // Debian's and Docker's registrations are named after QEMU's program, NixOS's after the
    // platform
    return List.of("qemu-" + qemuName(platform.machine()), platform.value()).stream()
        .map(registered::resolve)
        .anyMatch(Emulation::isEnabled);
  }

  private static String qemuName(String machine) {
    return switch (machine) {
      case "armv5tel", "armv6l", "armv7l", "armv8l" -> "arm";
      case "i486", "i586", "i686" -> "i386";
      case "powerpc64le" -> "ppc64le";
      case "powerpc64" -> "ppc64";
      default -> machine;
    };
  }

  private static boolean isEnabled(Path file) {
    try {
      return Files.isRegularFile(file) && Files.readAllLines(file).indexOf("enabled") == 0;
    } catch (IOException e) {
      return false; // not mounted, or not for us to read: as if there were none
    }
  }
}
