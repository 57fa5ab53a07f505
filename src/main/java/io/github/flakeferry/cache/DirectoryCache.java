package io.github.flakeferry.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A cache in a folder, as Nix reads it from a {@code file://} URL. A file is written beside its
 * place, forced to the disk and then renamed: not even a power cut leaves half of one.
 */
final class DirectoryCache implements BinaryCache {
  private final Path folder;
  private final Leftovers leftovers = new Leftovers();
  private final Map<Path, FolderEntries> entries = new ConcurrentHashMap<>();

  /** The folder is made when the first file is written. */
  DirectoryCache(Path folder) {
    this.folder = folder;
  }

  @Override
  public String url() {
    return "file://" + folder;
  }

  @Override
  public Optional<String> read(String name) {
    Path file = folder.resolve(name);
    try {
      return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
    } catch (IOException e) {
      throw PublishFailed.local(PublishFailed.Extent.CACHE, url(), name, "read " + file, e);
    }
  }

  @Override
  public boolean has(String name) {
    return Files.exists(folder.resolve(name));
  }

  @Override
  public boolean has(String name, long bytes) {
    Path file = folder.resolve(name);
    try {
      return Files.exists(file) && Files.size(file) == bytes;
    } catch (IOException e) {
      throw PublishFailed.local(PublishFailed.Extent.CACHE, url(), name, "look at " + file, e);
    }
  }

  @Override
  public void write(String name, String text) {
    put(name, text, DirectoryCache::replace);
  }

  @Override
  public boolean create(String name, String text) {
    return put(name, text, DirectoryCache::take);
  }

  @Override
  public Path workshop(Path otherwise) {
    return folder.resolve("nar");
  }

  /** Takes the file itself, which is on the same disk. */
  @Override
  public void upload(String name, Path file) {
    Path target = folder.resolve(name);
    try {
      FolderEntries beside = prepared(target);
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      replace(file, target);
      beside.keep();
    } catch (IOException e) {
      throw PublishFailed.local(PublishFailed.Extent.CACHE, url(), name, "write " + target, e);
    }
  }

  private interface Placing {
    boolean place(Path partial, Path target) throws IOException;
  }

  private static boolean replace(Path partial, Path target) throws IOException {
    Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
    return true;
  }

  private static boolean take(Path partial, Path target) throws IOException {
    try {
      Files.createLink(target, partial);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (UnsupportedOperationException | FileSystemException e) {
      // no links here: the best that is left
      return !Files.exists(target) && replace(partial, target);
    }
  }

  private boolean put(String name, String text, Placing placing) {
    Path target = folder.resolve(name);
    try {
      FolderEntries beside = prepared(target);
      Path partial = Leftovers.partial(target);
      boolean placed;
      try {
        try (FileChannel channel =
            FileChannel.open(partial, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
          ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
          while (bytes.hasRemaining()) {
            channel.write(bytes);
          }
          channel.force(true);
        }
        placed = placing.place(partial, target);
      } finally {
        Files.deleteIfExists(partial);
      }
      beside.keep();
      return placed;
    } catch (IOException e) {
      throw PublishFailed.local(PublishFailed.Extent.CACHE, url(), name, "write " + target, e);
    }
  }

  /** The folder of a file that is to be written. */
  private FolderEntries prepared(Path target) throws IOException {
    Path parent = target.resolveSibling(".").normalize();
    FolderEntries known = entries.get(parent);
    if (known != null) {
      return known;
    }
    Files.createDirectories(parent);
    leftovers.clear(parent);
    return entries.computeIfAbsent(parent, FolderEntries::of);
  }

  @Override
  public void close() {}
}
