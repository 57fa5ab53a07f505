package io.github.flakeferry.support.nar;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Writes a file, folder or link as a NAR (Nix manual, "Nix Archive (NAR) format"): what {@code
 * nix-store --dump} prints, byte for byte. No file is held in memory.
 */
public final class Nar {
  private static final int BUFFER = 1 << 16;
  private static final int WORD = 8;

  // what stands between names and contents, as it is written: few words for Java to go through for
  // each of the many small files that a system has
  private static final byte[] MAGIC = strings("nix-archive-1");
  private static final byte[] FILE = strings("(", "type", "regular");
  private static final byte[] EXECUTABLE = strings("executable", "");
  private static final byte[] CONTENTS = strings("contents");
  private static final byte[] LINK = strings("(", "type", "symlink", "target");
  private static final byte[] FOLDER = strings("(", "type", "directory");
  private static final byte[] ENTRY = strings("entry", "(", "name");
  private static final byte[] NODE = strings("node");
  private static final byte[] END = strings(")");
  private static final byte[] PADDING = new byte[WORD];

  private final OutputStream out;
  private final byte[] buffer = new byte[BUFFER];
  private final ByteBuffer numbers = ByteBuffer.wrap(buffer).order(ByteOrder.LITTLE_ENDIAN);
  private int filled;

  private Nar(OutputStream out) {
    this.out = out;
  }

  /**
   * Writes one NAR. The stream is flushed and stays open.
   *
   * @throws IOException if something can't be read, changes while it is read, or is neither file,
   *     folder nor link; or if the stream can't be written
   */
  public static void write(Path root, OutputStream to) throws IOException {
    var nar = new Nar(to);
    nar.put(MAGIC);
    nar.node(root);
    nar.drain();
    to.flush();
  }

  private void node(Path path) throws IOException {
    var attributes =
        Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (attributes.isRegularFile()) {
      put(FILE);
      if (attributes.permissions().contains(PosixFilePermission.OWNER_EXECUTE)) {
        put(EXECUTABLE);
      }
      put(CONTENTS);
      contents(path, attributes.size());
    } else if (attributes.isSymbolicLink()) {
      put(LINK);
      string(RawNames.target(path));
    } else if (attributes.isDirectory()) {
      put(FOLDER);
      for (Map.Entry<byte[], Path> entry : entries(path)) {
        put(ENTRY);
        string(entry.getKey());
        put(NODE);
        node(entry.getValue());
        put(END);
      }
    } else {
      throw new IOException("neither a file, a folder nor a link: " + path);
    }
    put(END);
  }

  private static List<Map.Entry<byte[], Path>> entries(Path folder) throws IOException {
    var entries = new ArrayList<Map.Entry<byte[], Path>>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      for (Path path : stream) {
        entries.add(Map.entry(RawNames.name(path), path));
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    entries.sort(Map.Entry.comparingByKey(Arrays::compareUnsigned));
    return entries;
  }

  private void contents(Path file, long size) throws IOException {
    number(size);
    long left = size;
    try (InputStream in = Files.newInputStream(file)) {
      while (left > 0) {
        need(1);
        int read = in.read(buffer, filled, (int) Math.min(BUFFER - filled, left));
        if (read < 0) {
          throw new IOException("became shorter while it was read: " + file);
        }
        filled += read;
        left -= read;
      }
    }
    pad(size);
  }

  private static byte[] strings(String... words) {
    ByteBuffer all = ByteBuffer.allocate(words.length * 3 * WORD).order(ByteOrder.LITTLE_ENDIAN);
    for (String word : words) {
      all.putLong(word.length()).put(word.getBytes(StandardCharsets.US_ASCII));
      all.position(all.position() + padding(word.length()));
    }
    return Arrays.copyOf(all.array(), all.position());
  }

  private void string(byte[] bytes) throws IOException {
    number(bytes.length);
    put(bytes);
    pad(bytes.length);
  }

  // 64 bits, little-endian
  private void number(long value) throws IOException {
    need(WORD);
    numbers.putLong(filled, value);
    filled += WORD;
  }

  private void pad(long length) throws IOException {
    put(PADDING, padding(length));
  }

  // to a multiple of 8
  private static int padding(long length) {
    return (int) (-length & (WORD - 1));
  }

  private void put(byte[] bytes) throws IOException {
    put(bytes, bytes.length);
  }

  /** No more than the buffer holds: a link's target or a name, at most. */
  private void put(byte[] bytes, int length) throws IOException {
    need(length);
    System.arraycopy(bytes, 0, buffer, filled, length);
    filled += length;
  }

  private void need(int room) throws IOException {
    if (BUFFER - filled < room) {
      drain();
    }
  }

  private void drain() throws IOException {
    out.write(buffer, 0, filled);
    filled = 0;
  }
}
