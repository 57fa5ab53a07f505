package io.github.flakeferry.nix;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.model.SystemPlatform;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a board runs first of a new system, and can't do without: {@code init}, {@code activate},
 * {@code switch-to-configuration}. Each must be for the board's processor, or name an interpreter
 * that is (execve(2), "Interpreter scripts").
 */
final class FirstPrograms {
  private static final List<String> NAMES =
      List.of("init", "activate", "bin/switch-to-configuration");

  /** As many scripts may stand before a program (kernel: fs/exec.c). */
  private static final int DEEPEST = 4;

  /** As much of a script's first line is read (kernel: binfmts.h, BINPRM_BUF_SIZE). */
  private static final int FIRST_BYTES = 256;

  private final Path system;
  private final SystemPlatform platform;
  private final List<String> troubles = new ArrayList<>();

  private FirstPrograms(Path system, SystemPlatform platform) {
    this.system = system;
    this.platform = platform;
  }

  /** What is amiss in a system of this machine's store; empty where all is well. */
  static List<String> troubles(Path system, SystemPlatform platform) {
    var programs = new FirstPrograms(system, platform);
    for (String name : NAMES) {
      programs.look(name, programs.system.resolve(name), 0);
    }
    return programs.troubles;
  }

  private void look(String name, Path file, int depth) {
    if (!Files.isRegularFile(file)) {
      trouble(name, "%s is missing".formatted(file));
    } else if (!Files.isExecutable(file)) {
      trouble(name, "%s is not executable".formatted(file));
    } else {
      try {
        byte[] begin = begin(file);
        Optional<Elf> program = Elf.of(file, begin);
        Optional<Path> interpreter = interpreter(begin);
        if (program.isPresent()) {
          look(name, program.get());
        } else if (interpreter.isPresent()) {
          lookAtInterpreter(name, interpreter.get(), depth);
        } else {
          trouble(name, "%s is neither a program nor a script".formatted(file));
        }
      } catch (IOException e) {
        trouble(name, "%s can't be read: %s".formatted(file, e.getMessage()));
      }
    }
  }

  private void look(String name, Elf program) throws IOException {
    if (Processor.of(platform).filter(p -> !program.isFor(p)).isPresent()) {
      trouble(name, "%s is not for %s".formatted(program.file(), platform.machine()));
      return;
    }
    program
        .loader()
        .filter(loader -> isOutside(loader) || Files.notExists(loader))
        .ifPresent(
            loader ->
                trouble(
                    name,
                    "%s wants the loader %s, which no NixOS has"
                        .formatted(program.file(), loader)));
  }

  // of what is outside of the store a board of NixOS has its own /bin/sh
  private void lookAtInterpreter(String name, Path interpreter, int depth) {
    if (interpreter.equals(Path.of("/bin/sh"))) {
      return;
    }
    if (isOutside(interpreter)) {
      trouble(name, "it is a script for %s, which no NixOS has".formatted(interpreter));
    } else if (depth == DEEPEST) {
      trouble(name, "its interpreter is a script, and so is that one's, and so on");
    } else {
      look(name, interpreter, depth + 1);
    }
  }

  private static boolean isOutside(Path file) {
    return !file.startsWith(StorePath.STORE);
  }

  private void trouble(String name, String what) {
    troubles.add(name + ": " + what);
  }

  private static byte[] begin(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(FIRST_BYTES);
    }
  }

  private static Optional<Path> interpreter(byte[] begin) {
    String text = new String(begin, ISO_8859_1);
    return text.startsWith("#!")
        ? Optional.of(Path.of(text.substring(2).strip().split("[ \t\n\0]", 2)[0]))
        : Optional.empty();
  }
}
