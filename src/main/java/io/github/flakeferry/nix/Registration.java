package io.github.flakeferry.nix;

import io.github.flakeferry.model.SystemPlatform;
import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.support.process.Finished;
import io.github.flakeferry.support.process.SearchPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Function;

/**
 * Registers QEMU's emulators with the kernel, which has them until the machine is started again. No
 * handler that is there is replaced. One line does it: {@code
 * :name:M:offset:magic:mask:interpreter:flags} (kernel: binfmt-misc.rst).
 */
public final class Registration {
  // F: the emulator is opened now, and so it is there in sandboxes and containers; O: it is given
  // programs that can't be read. Not C, by which setuid would count for foreign programs, too.
  private static final String FLAGS = "OF";
  private static final HexFormat ESCAPED = HexFormat.of().withPrefix("\\x");

  private final Path registered;
  private final Function<String, Optional<Path>> programs;

  /** The kernel's own list, and the programs in the PATH. */
  public Registration() {
    this(Emulation.REGISTERED, SearchPath.OURS::find);
  }

  /**
   * @param registered where the kernel's list is to be mounted
   * @param programs finds one by its name
   */
  Registration(Path registered, Function<String, Optional<Path>> programs) {
    this.registered = registered;
    this.programs = programs;
  }

  /**
   * Has the kernel run this platform's programs, which it does not do yet.
   *
   * @return the emulator
   * @throws RegistrationFailed if there is no emulator, we may not, or a handler is there that was
   *     disabled
   */
  public Path register(SystemPlatform platform) {
    Processor processor =
        Processor.of(platform).orElseThrow(() -> RegistrationFailed.noSuchEmulator(platform));
    Path emulator =
        programs
            .apply(processor.qemu())
            .orElseThrow(() -> RegistrationFailed.noEmulator(processor.qemu()));
    mount();
    for (String name : Processor.handlers(platform)) {
      if (Files.exists(registered.resolve(name))) {
        throw RegistrationFailed.disabled(registered.resolve(name));
      }
    }
    if (!Emulation.isEnabled(registered.resolve("status"))) {
      throw RegistrationFailed.disabled(registered.resolve("status"));
    }
    try {
      Files.writeString(
          registered.resolve("register"), line(processor, emulator), StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw RegistrationFailed.refused(platform, String.valueOf(e.getMessage()));
    }
    return emulator;
  }

  static String line(Processor processor, Path emulator) {
    return ":%s:M::%s:%s:%s:%s"
        .formatted(
            processor.handler(),
            ESCAPED.formatHex(processor.magic()),
            ESCAPED.formatHex(processor.mask()),
            emulator,
            FLAGS);
  }

  private void mount() {
    if (Files.exists(registered.resolve("register"))) {
      return;
    }
    try {
      Finished finished =
          Command.of("mount", "-t", "binfmt_misc", "binfmt_misc", registered.toString()).run();
      if (!finished.exit().succeeded()) {
        throw RegistrationFailed.noList(registered, String.join(" ", finished.lastErrorLines()));
      }
    } catch (IOException e) {
      throw RegistrationFailed.noList(registered, String.valueOf(e.getMessage()));
    }
  }
}
