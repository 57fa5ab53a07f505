package io.github.flakeferry.nix;

import io.github.flakeferry.model.SystemPlatform;
import io.github.flakeferry.support.TemporaryFolder;
import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.support.process.Exit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which foreign programs this machine's kernel runs by an emulator (kernel: binfmt-misc.rst). */
public final class Emulation {
  static final Path REGISTERED = Path.of("/proc/sys/fs/binfmt_misc");

  private static final Duration LONGEST = Duration.ofSeconds(30);

  private Emulation() {}

  /**
   * What runs a platform's programs.
   *
   * @param interpreter the emulator; absent where the kernel's list is not to be seen, as in a
   *     container, but such programs run
   * @param everywhere whether it runs them in a sandbox or another root, too: it was opened when it
   *     was registered (flag F)
   */
  public record Handler(Optional<Path> interpreter, boolean everywhere) {}

  /** Whether programs of this platform run. */
  public static boolean runs(SystemPlatform platform) {
    return handlerFor(platform).isPresent();
  }

  /** Whether QEMU emulates programs of this platform, be there a handler for it or not. */
  public static boolean isPossible(SystemPlatform platform) {
    return Processor.of(platform).isPresent();
  }

  /** All platforms whose programs run by an emulator. */
  public static Set<SystemPlatform> platforms() {
    return Stream.of(Processor.values())
        .map(Processor::platform)
        .filter(Emulation::runs)
        .collect(Collectors.toSet());
  }

  /** The handler for programs of this platform, where the kernel has one that is enabled. */
  public static Optional<Handler> handlerFor(SystemPlatform platform) {
    return handlerFor(platform, REGISTERED)
        .or(
            () ->
                Processor.of(platform)
                    .filter(Emulation::runs)
                    .map(_ -> new Handler(Optional.empty(), true)));
  }

  static Optional<Handler> handlerFor(SystemPlatform platform, Path registered) {
    if (!platform.value().endsWith("-linux") || !isEnabled(registered.resolve("status"))) {
      return Optional.empty();
    }
    return Processor.handlers(platform).stream()
        .map(registered::resolve)
        .filter(Emulation::isEnabled)
        .map(Emulation::lines)
        .map(
            lines ->
                new Handler(
                    after("interpreter ", lines).map(Path::of),
                    after("flags: ", lines).orElse("").contains("F")))
        .findFirst();
  }

  /** What to do so that there is one. */
  public static String advice(SystemPlatform platform) {
    return ("In a workflow, before this step: `- uses: docker/setup-qemu-action@v4`. On a machine:"
            + " `apt-get install qemu-user-static binfmt-support` on Debian and Ubuntu,"
            + " boot.binfmt.emulatedSystems = [ \"%s\" ]; on NixOS, or where qemu-user-static is"
            + " there already `flakeferry check --register` as root.")
        .formatted(platform);
  }

  /** Tries it: that tells also where nothing shows what the kernel has. */
  private static boolean runs(Processor processor) {
    try (var folder = TemporaryFolder.create("trial")) {
      Path program = Files.write(folder.path().resolve("exit"), processor.smallest());
      Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
      Exit exit = Command.of(program.toString()).within(LONGEST).run().exit();
      return exit.equals(new Exit.Code(Processor.EXIT_CODE));
    } catch (IOException e) {
      return false; // the kernel does not take it for a program
    }
  }

  static boolean isEnabled(Path file) {
    List<String> lines = lines(file);
    return !lines.isEmpty() && lines.getFirst().equals("enabled");
  }

  private static Optional<String> after(String start, List<String> lines) {
    return lines.stream()
        .filter(line -> line.startsWith(start))
        .map(line -> line.substring(start.length()))
        .findFirst();
  }

  private static List<String> lines(Path file) {
    try {
      return Files.isRegularFile(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      return List.of(); // not mounted, or not for us to read: as if there were none
    }
  }
}
