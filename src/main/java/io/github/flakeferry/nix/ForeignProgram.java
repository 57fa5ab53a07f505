package io.github.flakeferry.nix;

import io.github.flakeferry.support.TemporaryFolder;
import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.support.process.Exit;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The smallest program of a machine: it ends with {@value #EXIT_CODE}, and so tells that it was
 * run. An executable with one segment and no sections (elf(5)).
 *
 * @param elfMachine {@code e_machine}
 * @param code three words: the exit code, the number of the system call, the call
 */
record ForeignProgram(int elfMachine, List<Integer> code) {
  private static final int EXIT_CODE = 42;
  private static final int HEADER = 64;
  private static final int PROGRAM_HEADER = 56;
  private static final long ADDRESS = 0x10000;

  /** Known for 64-bit machines that boards and runners have. */
  static Optional<ForeignProgram> of(String machine) {
    return switch (machine) {
      // li a0, 42; li a7, 93; ecall
      case "riscv64" -> program(243, 0x02a00513, 0x05d00893, 0x00000073);
      // mov x0, 42; mov x8, 93; svc 0
      case "aarch64" -> program(183, 0xd2800540, 0xd2800ba8, 0xd4000001);
      // mov edi, 42; mov eax, 60; syscall
      case "x86_64" -> program(62, 0x00002abf, 0x003cb800, 0x050f0000);
      default -> Optional.empty();
    };
  }

  private static Optional<ForeignProgram> program(int elfMachine, Integer... code) {
    return Optional.of(new ForeignProgram(elfMachine, List.of(code)));
  }

  byte[] bytes() {
    int codeAt = HEADER + PROGRAM_HEADER;
    int size = codeAt + code.size() * Integer.BYTES;
    var elf = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    elf.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1}).position(16); // 64 bits, little endian
    elf.putShort((short) 2).putShort((short) elfMachine).putInt(1); // ET_EXEC
    elf.putLong(ADDRESS + codeAt).putLong(HEADER).putLong(0).putInt(0);
    elf.putShort((short) HEADER).putShort((short) PROGRAM_HEADER).putShort((short) 1);
    elf.position(HEADER);
    elf.putInt(1).putInt(5).putLong(0); // PT_LOAD, to be read and executed
    elf.putLong(ADDRESS).putLong(ADDRESS).putLong(size).putLong(size).putLong(ADDRESS);
    for (int word : code) {
      elf.putInt(word);
    }
    return elf.array();
  }

  /** Runs it, here and now. */
  boolean runs() {
    try (var folder = TemporaryFolder.create("program")) {
      Path file = Files.write(folder.path().resolve("program"), bytes());
      return file.toFile().setExecutable(true)
          && Command.of(file.toString()).run().exit() instanceof Exit.Code(int ended)
          && ended == EXIT_CODE;
    } catch (InterruptedIOException e) {
      throw new UncheckedIOException(e);
    } catch (IOException e) {
      return false; // what the kernel says of a format that it does not know
    }
  }
}
