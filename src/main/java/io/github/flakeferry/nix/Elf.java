package io.github.flakeferry.nix;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** The header of a program (System V ABI, "ELF Header" and "Program Header"). */
final class Elf {
  /** As many bytes of a file tell whether it is one. */
  static final int HEADER = 64;

  private static final byte[] MAGIC = {0x7f, 'E', 'L', 'F'};
  private static final int LOADER = 3; // PT_INTERP
  private static final int LONGEST_PATH = 4096;

  private final Path file;
  private final byte[] header;

  private Elf(Path file, byte[] header) {
    this.file = file;
    this.header = header;
  }

  /** Of a file that begins with these bytes; absent where it is no program. */
  static Optional<Elf> of(Path file, byte[] begin) {
    return begin.length >= HEADER && Arrays.mismatch(begin, MAGIC) == MAGIC.length
        ? Optional.of(new Elf(file, Arrays.copyOf(begin, HEADER)))
        : Optional.empty();
  }

  Path file() {
    return file;
  }

  boolean isFor(Processor processor) {
    byte[] magic = processor.magic();
    byte[] mask = processor.mask();
    for (int i = 0; i < magic.length; i++) {
      if (((header[i] ^ magic[i]) & mask[i]) != 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * The dynamic loader that it names; absent where it needs none.
   *
   * @throws IOException if the file can't be read, or is cut off
   */
  Optional<Path> loader() throws IOException {
    boolean wide = header[4] == 2;
    var order = header[5] == 1 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    var fields = ByteBuffer.wrap(header).order(order);
    long table = wide ? fields.getLong(32) : Integer.toUnsignedLong(fields.getInt(28));
    int size = Short.toUnsignedInt(fields.getShort(wide ? 54 : 42));
    int count = Short.toUnsignedInt(fields.getShort(wide ? 56 : 44));
    if (size < (wide ? 56 : 32)) {
      return Optional.empty();
    }
    try (var channel = FileChannel.open(file)) {
      for (int i = 0; i < count; i++) {
        ByteBuffer entry =
            ByteBuffer.wrap(read(channel, table + (long) i * size, size)).order(order);
        if (entry.getInt(0) == LOADER) {
          long offset = wide ? entry.getLong(8) : Integer.toUnsignedLong(entry.getInt(4));
          long length = wide ? entry.getLong(32) : Integer.toUnsignedLong(entry.getInt(16));
          return Optional.of(path(read(channel, offset, Math.clamp(length, 0, LONGEST_PATH))));
        }
      }
    }
    return Optional.empty();
  }

  private static Path path(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int end = text.indexOf('\0');
    return Path.of(end < 0 ? text : text.substring(0, end));
  }

  private static byte[] read(FileChannel from, long offset, int length) throws IOException {
    byte[] all = new byte[length];
    var bytes = ByteBuffer.wrap(all);
    while (bytes.hasRemaining()) {
      if (offset < 0 || from.read(bytes, offset + bytes.position()) < 0) {
        throw new IOException("it is cut off");
      }
    }
    return all;
  }
}
