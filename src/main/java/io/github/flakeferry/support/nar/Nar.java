package io.github.flakeferry.support.nar;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes a file, folder or link as a NAR (Nix manual, "Nix Archive (NAR) format"): what {@code
 * nix-store --dump} prints, byte for byte. No file is held in memory.
 */
public final class Nar {
  private static final int BUFFER = 1 << 16;

  private final OutputStream out;
  private final byte[] buffer = new byte[BUFFER];

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
    var buffered = new BufferedOutputStream(to, BUFFER);
    var nar = new Nar(buffered);
    nar.string("nix-archive-1");
    nar.node(root);
    buffered.flush();
  }

  private void node(Path path) throws IOException {
    var attributes =
        Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    string("(");
    string("type");
    if (attributes.isRegularFile()) {
      string("regular");
      if (attributes.permissions().contains(PosixFilePermission.OWNER_EXECUTE)) {
        string("executable");
        string("");
      }
      string("contents");
      contents(path, attributes.size());
    } else if (attributes.isSymbolicLink()) {
      string("symlink");
      string("target");
      string(RawNames.target(path));
    } else if (attributes.isDirectory()) {
      string("directory");
      entries(path);
    } else {
      throw new IOException("neither a file, a folder nor a link: " + path);
    }
    string(")");
  }

  private void entries(Path folder) throws IOException {
    var entries = new TreeMap<byte[], Path>(Arrays::compareUnsigned);
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      stream.forEach(path -> entries.put(RawNames.name(path), path));
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    for (Map.Entry<byte[], Path> entry : entries.entrySet()) {
      string("entry");
      string("(");
      string("name");
      string(entry.getKey());
      string("node");
      node(entry.getValue());
      string(")");
    }
  }

  private void contents(Path file, long size) throws IOException {
    number(size);
    long left = size;
    try (InputStream in = Files.newInputStream(file)) {
      while (left > 0) {
        int read = in.read(buffer, 0, (int) Math.min(BUFFER, left));
        if (read < 0) {
          throw new IOException("became shorter while it was read: " + file);
        }
        out.write(buffer, 0, read);
        left -= read;
      }
    }
    pad(size);
  }

  private void string(String text) throws IOException {
    string(text.getBytes(StandardCharsets.US_ASCII));
  }

  private void string(byte[] bytes) throws IOException {
    number(bytes.length);
    out.write(bytes);
    pad(bytes.length);
  }

  // 64 bits, little-endian
  private void number(long value) throws IOException {
    for (int shift = 0; shift < 64; shift += 8) {
      out.write((int) (value >>> shift) & 0xff);
    }
  }

  // to a multiple of 8
  private void pad(long length) throws IOException {
    out.write(new byte[(int) ((8 - length % 8) % 8)]);
  }
}
