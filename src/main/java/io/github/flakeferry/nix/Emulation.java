package io.github.flakeferry.nix;

import io.github.flakeferry.model.SystemPlatform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Which foreign programs this machine's kernel runs by an emulator (kernel: binfmt-misc.rst). */
public final class Emulation {
  private static final Path REGISTERED = Path.of("/proc/sys/fs/binfmt_misc");

  private Emulation() {}

  /** The emulator that runs programs of this platform, where one is registered and enabled. */
  public static Optional<Path> handlerFor(SystemPlatform platform) {
    return handlerFor(platform, REGISTERED);
  }

  static Optional<Path> handlerFor(SystemPlatform platform, Path registered) {
    if (!platform.value().endsWith("-linux") || !isEnabled(registered.resolve("status"))) {
      return Optional.empty();
    }
    // Debian's and Docker's registrations are named after QEMU's program, NixOS's after the
    // platform
    return List.of("qemu-" + qemuName(platform.machine()), platform.value()).stream()
        .map(registered::resolve)
        .filter(Emulation::isEnabled)
        .flatMap(f -> lines(f).stream())
        .filter(line -> line.startsWith("interpreter "))
        .map(line -> Path.of(line.substring("interpreter ".length())))
        .findFirst();
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
    List<String> lines = lines(file);
    return !lines.isEmpty() && lines.getFirst().equals("enabled");
  }

  private static List<String> lines(Path file) {
    try {
      return Files.isRegularFile(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      return List.of(); // not mounted, or not for us to read: as if there were none
    }
  }
}
