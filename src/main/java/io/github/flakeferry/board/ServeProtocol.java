package io.github.flakeferry.board;

import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.PathSignature;
import io.github.flakeferry.model.StorePath;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What {@code nix-store --serve} speaks (Nix: {@code serve-protocol.hh}, {@code opServe} in {@code
 * nix-store.cc}): little-endian 64-bit numbers, strings with their length before and zeros up to a
 * multiple of eight after them.
 */
final class ServeProtocol {
  private static final long OUR_MAGIC = 0x390c9debL;
  private static final long THEIR_MAGIC = 0x5452eecbL;
  // 2.7; AddToStoreNar came with 2.5, in Nix 2.1
  private static final long VERSION = 2 << 8 | 7;
  private static final long OLDEST_MINOR = 5;
  private static final long QUERY_VALID_PATHS = 1;
  private static final long DUMP_STORE_PATH = 3;
  private static final long ADD_TO_STORE_NAR = 9;
  private static final int MOST_PATHS = 1_000_000;

  private final InputStream in;
  private final OutputStream out;
  private boolean greeted;

  ServeProtocol(InputStream in, OutputStream out) {
    this.in = in;
    this.out = out;
  }

  /** The other side is no such program, or too old. */
  static final class Mismatch extends IOException {
    Mismatch(String message) {
      super(message);
    }
  }

  /** Greets. The answer is read with that to the first request, which needs no round trip. */
  void greet() throws IOException {
    greet(out);
  }

  /** The greeting alone. */
  static void greet(OutputStream to) throws IOException {
    writeNumber(OUR_MAGIC, to);
    writeNumber(VERSION, to);
  }

  /**
   * All that a {@code nix-store --serve} of its own is to read to answer with the NARs of these,
   * one after the other, after its greeting.
   */
  static byte[] dumpRequest(List<StorePath> paths) throws IOException {
    var request = new ByteArrayOutputStream();
    greet(request);
    for (StorePath path : paths) {
      writeNumber(DUMP_STORE_PATH, request);
      writeString(path.toString(), request);
    }
    return request.toByteArray();
  }

  private void expectGreeting() throws IOException {
    if (greeted) {
      return;
    }
    greeted = true;
    long magic = readNumber();
    if (magic != THEIR_MAGIC) {
      throw new Mismatch("the board's nix-store answers with 0x" + Long.toHexString(magic));
    }
    long version = readNumber();
    if ((version & 0xff00) != 0x200 || (version & 0xff) < OLDEST_MINOR) {
      throw new Mismatch(
          "the board's nix-store speaks version %d.%d of its protocol, at least 2.5 is needed"
              .formatted(version >> 8, version & 0xff));
    }
  }

  /**
   * Which of these paths the store has; it keeps them until the connection ends.
   *
   * @throws Mismatch if the other side speaks another protocol
   */
  Set<StorePath> validPaths(Collection<StorePath> asked) throws IOException {
    writeNumber(QUERY_VALID_PATHS, out);
    writeNumber(1, out); // lock
    writeNumber(0, out); // do not substitute
    writeStrings(asked.stream().map(StorePath::toString).toList(), out);
    out.flush();
    expectGreeting();
    long count = readNumber();
    if (count < 0 || count > MOST_PATHS) {
      throw new Mismatch("the board's nix-store lists " + count + " paths");
    }
    var valid = new TreeSet<StorePath>();
    for (long i = 0; i < count; i++) {
      try {
        valid.add(StorePath.parse(readString(400)));
      } catch (IllegalArgumentException e) {
        throw new Mismatch("the board's nix-store lists what is no path");
      }
    }
    return valid;
  }

  /** Announces a path; exactly its NAR must follow on the same stream. */
  void announce(PathInfo info) throws IOException {
    announce(info, out);
  }

  /** The same to another stream. */
  static void announce(PathInfo info, OutputStream to) throws IOException {
    writeNumber(ADD_TO_STORE_NAR, to);
    writeString(info.path().toString(), to);
    writeString(info.deriver().map(StorePath::toString).orElse(""), to);
    writeString(info.narHash().hex(), to);
    writeStrings(info.references().stream().map(StorePath::toString).toList(), to);
    writeNumber(0, to); // registration time: now
    writeNumber(info.narSize(), to);
    writeNumber(0, to); // not ultimate: it was not built there
    writeStrings(info.signatures().stream().map(PathSignature::toString).toList(), to);
    writeString(info.contentAddress().orElse(""), to);
  }

  /**
   * Waits until the path that was announced next is in the store.
   *
   * @throws EOFException if the other side gave up
   */
  void awaitAdded() throws IOException {
    expectGreeting();
    long answer = readNumber();
    if (answer != 1) {
      throw new Mismatch("the board's nix-store answers with " + answer);
    }
  }

  private static void writeNumber(long number, OutputStream to) throws IOException {
    to.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(number).array());
  }

  private static void writeString(String text, OutputStream to) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    writeNumber(bytes.length, to);
    to.write(bytes);
    to.write(new byte[padding(bytes.length)]);
  }

  private static void writeStrings(List<String> all, OutputStream to) throws IOException {
    writeNumber(all.size(), to);
    for (String each : all) {
      writeString(each, to);
    }
  }

  private long readNumber() throws IOException {
    return ByteBuffer.wrap(read(8)).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }

  private String readString(int longest) throws IOException {
    long length = readNumber();
    if (length < 0 || length > longest) {
      throw new Mismatch("the board's nix-store sends a text of " + length + " bytes");
    }
    byte[] bytes = read((int) length);
    read(padding((int) length));
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private byte[] read(int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("the board's nix-store ended");
    }
    return bytes;
  }

  private static int padding(int length) {
    return (8 - length % 8) % 8;
  }
}
