package io.github.flakeferry.nix;

import io.github.flakeferry.model.SystemPlatform;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A kind of processor that QEMU emulates for programs: how the kernel tells such a program by its
 * first bytes, and the least that is one (System V ABI, "ELF Header" and "Program Header"; machines
 * as in elf.h, the call of exit as in syscall(2)).
 */
enum Processor {
  AARCH64("aarch64", 64, ByteOrder.LITTLE_ENDIAN, 183, 0, "d2800540 d2800ba8 d4000001"),
  ARM("arm", 32, ByteOrder.LITTLE_ENDIAN, 40, 0x05000000, "e3a0002a e3a07001 ef000000"),
  I386("i386", 32, ByteOrder.LITTLE_ENDIAN, 3, 0, "000001b8 002abb00 80cd0000"),
  LOONGARCH64("loongarch64", 64, ByteOrder.LITTLE_ENDIAN, 258, 0, "0380a804 0381740b 002b0000"),
  PPC64("ppc64", 64, ByteOrder.BIG_ENDIAN, 21, 2, "38000001 3860002a 44000002"),
  PPC64LE("ppc64le", 64, ByteOrder.LITTLE_ENDIAN, 21, 2, "38000001 3860002a 44000002"),
  RISCV32("riscv32", 32, ByteOrder.LITTLE_ENDIAN, 243, 0, "02a00513 05d00893 00000073"),
  RISCV64("riscv64", 64, ByteOrder.LITTLE_ENDIAN, 243, 0, "02a00513 05d00893 00000073"),
  S390X("s390x", 64, ByteOrder.BIG_ENDIAN, 22, 0, "a729002a 0a010707"),
  X86_64("x86_64", 64, ByteOrder.LITTLE_ENDIAN, 62, 0, "00002abf 003cb800 050f0000");

  /** What {@link #smallest} exits with: nothing ends like this by mistake. */
  static final int EXIT_CODE = 42;

  private static final int IDENTIFICATION = 16;
  private static final int OS_ABI = 7;
  private static final int EXECUTABLE = 2;
  private static final int RECOGNISED = 20;
  private static final int LOAD = 1;
  private static final int READ_AND_EXECUTE = 5;
  private static final int BASE = 0x400000;
  private static final int PAGE = 0x10000;

  private final String emulator;
  private final int bits;
  private final ByteOrder order;
  private final int machine;
  private final int flags;
  private final String code;

  /**
   * @param emulator what QEMU calls it
   * @param flags of the processor's own, in the header
   * @param code exits with {@link #EXIT_CODE}; words in hexadecimal
   */
  Processor(String emulator, int bits, ByteOrder order, int machine, int flags, String code) {
    this.emulator = emulator;
    this.bits = bits;
    this.order = order;
    this.machine = machine;
    this.flags = flags;
    this.code = code;
  }

  /** The one of a platform, where QEMU has it and programs for Linux run on it. */
  static Optional<Processor> of(SystemPlatform platform) {
    if (!platform.value().endsWith("-linux")) {
      return Optional.empty();
    }
    String name =
        switch (platform.machine()) {
          case "armv5tel", "armv6l", "armv7l", "armv8l" -> ARM.emulator;
          case "i486", "i586", "i686" -> I386.emulator;
          case "powerpc64le" -> PPC64LE.emulator;
          case "powerpc64" -> PPC64.emulator;
          default -> platform.machine();
        };
    return Stream.of(values()).filter(p -> p.emulator.equals(name)).findFirst();
  }

  /** The names under which its handler may be registered: Debian's and Docker's, then NixOS's. */
  static List<String> handlers(SystemPlatform platform) {
    return Stream.concat(of(platform).map(Processor::handler).stream(), Stream.of(platform.value()))
        .toList();
  }

  /** The one that Nix calls so; of several that count for this processor, the newest. */
  SystemPlatform platform() {
    String name =
        switch (this) {
          case ARM -> "armv7l";
          case I386 -> "i686";
          case PPC64 -> "powerpc64";
          case PPC64LE -> "powerpc64le";
          default -> emulator;
        };
    return new SystemPlatform(name + "-linux");
  }

  String handler() {
    return "qemu-" + emulator;
  }

  /** QEMU's program without libraries, which needs nothing of the root that it is started in. */
  String qemu() {
    return handler() + "-static";
  }

  /** The first bytes of its programs. */
  byte[] magic() {
    return Arrays.copyOf(header(), RECOGNISED);
  }

  /**
   * Those bits of {@link #magic} that count: not the system's ABI, nor whether it is relocatable.
   */
  byte[] mask() {
    var mask = ByteBuffer.allocate(RECOGNISED).order(order);
    Arrays.fill(mask.array(), (byte) 0xff);
    mask.put(OS_ABI, (byte) 0);
    mask.putShort(IDENTIFICATION, (short) ~1);
    return mask.array();
  }

  /** A whole program, which does nothing but exit: one segment, from the file's first byte on. */
  byte[] smallest() {
    byte[] header = header();
    int size = fileBytes();
    var file = ByteBuffer.allocate(size).order(order).put(header).putInt(LOAD);
    if (bits == 64) {
      file.putInt(READ_AND_EXECUTE);
    }
    words(file, 0, BASE, BASE, size, size);
    if (bits == 32) {
      file.putInt(READ_AND_EXECUTE);
    }
    words(file, PAGE);
    instructions().forEach(file::putInt);
    return file.array();
  }

  private byte[] header() {
    var header = ByteBuffer.allocate(headerBytes()).order(order);
    header.put(new byte[] {0x7f, 'E', 'L', 'F', (byte) (bits / 32)});
    header.put((byte) (order == ByteOrder.LITTLE_ENDIAN ? 1 : 2)).put((byte) 1);
    header.position(IDENTIFICATION);
    header.putShort((short) EXECUTABLE).putShort((short) machine).putInt(1);
    words(header, BASE + headerBytes() + segmentBytes(), headerBytes(), 0);
    header.putInt(flags).putShort((short) headerBytes()).putShort((short) segmentBytes());
    return header.putShort((short) 1).array();
  }

  private IntStream instructions() {
    return Stream.of(code.split(" ", -1)).mapToInt(word -> Integer.parseUnsignedInt(word, 16));
  }

  private int headerBytes() {
    return bits == 64 ? 64 : 52;
  }

  private int segmentBytes() {
    return bits == 64 ? 56 : 32;
  }

  private int fileBytes() {
    return headerBytes() + segmentBytes() + Integer.BYTES * (int) instructions().count();
  }

  private void words(ByteBuffer to, int... values) {
    for (int value : values) {
      if (bits == 64) {
        to.putLong(value);
      } else {
        to.putInt(value);
      }
    }
  }
}
