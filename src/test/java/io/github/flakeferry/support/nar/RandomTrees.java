package io.github.flakeferry.support.nar;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;

/**
 * Files, folders and links with all that a file system allows: names and targets of any bytes,
 * names that differ in case only, sizes around what is padded or buffered. The same seed makes the
 * same.
 */
final class RandomTrees {
  private static final int[] SIZES = {
    0, 1, 7, 8, 9, 15, 16, 17, 4095, 4096, 4097, 65_535, 65_536, 65_537, 131_079
  };
  // whose order by bytes differs from the one by characters or by locale
  private static final String[] WORDS = {
    "a",
    "A",
    "-",
    ".",
    "_",
    "Z",
    "ä",
    "語",
    "\uD83D\uDE00",
    "\uFF21",
    "~",
    "%2F",
    "?",
    "\n",
    "~nix~case~hack~1"
  };
  private static final int LONGEST_NAME = 255;
  private static final int DEPTH = 4;
  private static final int DEEPEST = 60;

  private final Random random;

  private RandomTrees(long seed) {
    this.random = new Random(seed);
  }

  /** Makes a folder of this name, with something in it. */
  static Path make(Path path, long seed) throws IOException {
    new RandomTrees(seed).folder(path, DEPTH);
    return path;
  }

  private void folder(Path path, int depth) throws IOException {
    Files.createDirectory(path);
    Set<String> names = new HashSet<>();
    for (int left = random.nextInt(6); left > 0; left--) {
      byte[] name = name(depth);
      entry(path, name, names, depth - 1);
      entry(path, upperCase(name), names, depth - 1);
    }
  }

  private void entry(Path folder, byte[] name, Set<String> names, int depth) throws IOException {
    String encoded = encoded(name);
    if (names.add(encoded)) {
      node(Path.of(URI.create(folder.toUri() + encoded)), depth);
    }
  }

  private void node(Path path, int depth) throws IOException {
    int kind = random.nextInt(depth > 0 ? 12 : 7);
    switch (kind) {
      case 0 -> Files.createSymbolicLink(path, target());
      case 1 -> file(path, SIZES[random.nextInt(SIZES.length)]);
      case 7 -> chain(path);
      default -> {
        if (kind > 7) {
          folder(path, depth);
        } else {
          file(path, random.nextInt(40));
        }
      }
    }
  }

  private void chain(Path top) throws IOException {
    Path deep = top;
    for (int depth = random.nextInt(DEEPEST); depth > 0; depth--) {
      deep = deep.resolve("d");
    }
    Files.createDirectories(deep);
  }

  private void file(Path path, int size) throws IOException {
    byte[] content = new byte[size];
    random.nextBytes(content);
    Files.write(path, content);
    var permissions = EnumSet.of(PosixFilePermission.OWNER_READ);
    for (PosixFilePermission other : PosixFilePermission.values()) {
      if (random.nextInt(3) == 0) {
        permissions.add(other);
      }
    }
    Files.setPosixFilePermissions(path, permissions);
  }

  // Java makes paths of bytes from URIs only, and those are absolute
  private Path target() {
    Path absolute = Path.of(URI.create("file:///" + encoded(name(1)) + "/" + encoded(name(1))));
    return random.nextBoolean() ? absolute : Path.of("/").relativize(absolute);
  }

  private byte[] name(int depth) {
    if (random.nextBoolean()) {
      String word = WORDS[random.nextInt(WORDS.length)] + WORDS[random.nextInt(WORDS.length)];
      return (word + random.nextInt(10)).getBytes(StandardCharsets.UTF_8);
    }
    boolean longest = depth == DEPTH && random.nextInt(8) == 0;
    byte[] name = new byte[longest ? LONGEST_NAME : 1 + random.nextInt(20)];
    random.nextBytes(name);
    for (int i = 0; i < name.length; i++) {
      if (name[i] == 0 || name[i] == '/' || name[i] == '.') {
        name[i] = 'x';
      }
    }
    return name;
  }

  private static byte[] upperCase(byte[] name) {
    byte[] upper = name.clone();
    for (int i = 0; i < upper.length; i++) {
      if (upper[i] >= 'a' && upper[i] <= 'z') {
        upper[i] = (byte) (upper[i] - 'a' + 'A');
      }
    }
    return upper;
  }

  private static String encoded(byte[] name) {
    var text = new StringBuilder();
    for (byte b : name) {
      text.append("%%%02x".formatted(b & 0xff));
    }
    return text.toString();
  }
}
