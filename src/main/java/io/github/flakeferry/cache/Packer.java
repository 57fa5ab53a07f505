package io.github.flakeferry.cache;

import com.github.luben.zstd.RecyclingBufferPool;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import io.github.flakeferry.model.CacheFormat;
import io.github.flakeferry.model.Compression;
import io.github.flakeferry.model.ContentSource;
import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.Sha256;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** Makes the compressed NAR of a path, in a file, since its hash is part of its name. */
final class Packer {
  // a third larger than xz, fifteen times as fast
  private static final int LEVEL = 3;

  // half the memory of xz's own default, for each processor
  private static final int XZ_PRESET = 4;

  private final CacheFormat format;
  private final ContentSource contents;
  private final Path folder;
  private final String cache;

  /**
   * @param folder where the files go, under names that nobody else takes
   * @param cache for whom, to be named in failures
   */
  Packer(CacheFormat format, ContentSource contents, Path folder, String cache) {
    this.format = format;
    this.contents = contents;
    this.folder = folder;
    this.cache = cache;
  }

  /**
   * A file and what the cache is to say of it.
   *
   * @param listing what is in it, where the cache is to say that, too
   */
  record Packed(Path file, NarInfo narInfo, Optional<String> listing) implements AutoCloseable {
    /** Removes the file. */
    @Override
    public void close() {
      file.toFile().delete();
    }
  }

  /**
   * @throws PublishFailed if the path can't be read, is not what the store's database says, or
   *     there is no room
   */
  Packed pack(PathInfo info) {
    Path file = Leftovers.partial(folder.resolve(info.path().hash()));
    boolean done = false;
    try {
      Packed packed = pack(info, file);
      done = true;
      return packed;
    } catch (IOException e) {
      throw PublishFailed.temporary(
          PublishFailed.Extent.PATH,
          cache,
          info.path().toString(),
          "pack %s into %s".formatted(info.path(), folder),
          e);
    } finally {
      if (!done) {
        file.toFile().delete();
      }
    }
  }

  private Packed pack(PathInfo info, Path file) throws IOException {
    try (var packed = new Measured(created(file))) {
      var listing = format.listings() ? Optional.of(new Listing()) : Optional.<Listing>empty();
      compress(
          info,
          packed,
          listing.map(to -> (OutputStream) to).orElseGet(OutputStream::nullOutputStream));
      Sha256 hash = packed.hash();
      return new Packed(file, narInfo(info, hash, packed.size), listing.flatMap(Listing::text));
    }
  }

  private OutputStream created(Path file) throws IOException {
    Files.createDirectories(folder);
    return Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  /** The name in a cache of the file with this hash. */
  static String url(Sha256 fileHash, Compression compression) {
    return "nar/" + fileHash.base32() + ".nar" + compression.suffix();
  }

  private NarInfo narInfo(PathInfo info, Sha256 hash, long size) {
    Compression compression = format.compression();
    return new NarInfo(info, url(hash, compression), compression.word(), hash, size);
  }

  private void compress(PathInfo info, OutputStream to, OutputStream listing) throws IOException {
    try (var compressed = compressed(new BufferedOutputStream(to, 1 << 16), info.narSize());
        var nar = new Measured(new Both(compressed, listing))) {
      contents.writeNar(info.path(), nar);
      if (nar.size != info.narSize() || !nar.hash().equals(info.narHash())) {
        throw damaged(info);
      }
    }
  }

  private OutputStream compressed(OutputStream to, long size) throws IOException {
    return switch (format.compression()) {
      case ZSTD -> new ZstdOutputStreamNoFinalizer(to, RecyclingBufferPool.INSTANCE, LEVEL);
      case XZ -> {
        var options = new LZMA2Options(XZ_PRESET);
        long enough = Math.clamp(size, LZMA2Options.DICT_SIZE_MIN, options.getDictSize());
        options.setDictSize((int) enough);
        yield new XZOutputStream(to, options);
      }
      case NONE -> to;
    };
  }

  private PublishFailed damaged(PathInfo info) {
    return PublishFailed.of(
        FailureCode.CACHE_PATH,
        PublishFailed.Extent.PATH,
        cache,
        info.path().toString(),
        "%s is not what the store's database says it is.".formatted(info.path()),
        "Files of the store were changed: `nix-store --repair-path " + info.path() + "` mends it.");
  }

  /** Counts and hashes what goes through. */
  private static final class Measured extends FilterOutputStream {
    private final MessageDigest digest;
    private long size;

    Measured(OutputStream out) {
      super(out);
      try {
        digest = MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("this Java has no SHA-256", e);
      }
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      digest.update(bytes, offset, length);
      size += length;
      out.write(bytes, offset, length);
    }

    Sha256 hash() {
      return Sha256.of(digest.digest());
    }
  }
}
