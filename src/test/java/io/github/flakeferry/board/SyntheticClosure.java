package io.github.flakeferry.board;

import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.Sha256;
import io.github.flakeferry.model.SigningKey;
import io.github.flakeferry.model.StorePath;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;

/**
 * Store paths that nobody has built: files of random bytes, made while they are read, each with
 * some of those before it as references. A store can't tell them from others.
 */
final class SyntheticClosure extends MadeClosure {
  private static final int CHUNK = 1 << 16;

  private final long seed;

  /**
   * So many files of so many bytes, a multiple of eight; the last one refers to all that nothing
   * else refers to.
   */
  SyntheticClosure(long seed, int count, long bytes) {
    this.seed = seed;
    var random = new Random(seed);
    var unreferenced = new TreeSet<StorePath>();
    for (int i = 0; i < count; i++) {
      var references = new TreeSet<StorePath>();
      for (int n = 0; n < 2 && i > 0; n++) {
        references.add(infos().get(random.nextInt(i)).path());
      }
      if (i == count - 1) {
        references.addAll(unreferenced);
      }
      unreferenced.removeAll(references);
      var path = new StorePath(hash(random), "file-" + i);
      unreferenced.add(path);
      add(path, digest(path, bytes), narSize(bytes), references);
    }
  }

  private Sha256 digest(StorePath path, long bytes) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      write(path, bytes, new DigestOutputStream(OutputStream.nullOutputStream(), digest));
      return Sha256.of(digest.digest());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The same, signed. */
  SyntheticClosure signed(SigningKey key) {
    sign(key);
    return this;
  }

  @Override
  public void writeNar(StorePath path, OutputStream to) throws IOException {
    for (PathInfo info : infos()) {
      if (info.path().equals(path)) {
        write(path, info.narSize() - narSize(0), to);
        return;
      }
    }
    throw new IOException("no such path: " + path);
  }

  private static long narSize(long bytes) {
    return 112 + bytes; // all strings of the frame and their lengths
  }

  // Nix manual, "Nix Archive (NAR) format"; a number of bytes that needs no padding
  private void write(StorePath path, long bytes, OutputStream to) throws IOException {
    for (String word : List.of("nix-archive-1", "(", "type", "regular", "contents")) {
      string(word, to);
    }
    number(bytes, to);
    var random = new Random(seed ^ path.hash().hashCode());
    byte[] chunk = new byte[CHUNK];
    for (long left = bytes; left > 0; left -= CHUNK) {
      random.nextBytes(chunk);
      to.write(chunk, 0, (int) Math.min(left, CHUNK));
    }
    string(")", to);
  }

  private static void string(String word, OutputStream to) throws IOException {
    number(word.length(), to);
    to.write(
        ByteBuffer.allocate((word.length() + 7) / 8 * 8)
            .put(word.getBytes(StandardCharsets.US_ASCII))
            .array());
  }

  private static void number(long number, OutputStream to) throws IOException {
    to.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(number).array());
  }
}
