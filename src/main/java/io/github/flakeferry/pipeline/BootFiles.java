package io.github.flakeferry.pipeline;

import io.github.flakeferry.board.Wanted.BootFile;
import io.github.flakeferry.model.RestartParts;
import io.github.flakeferry.model.StorePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a system's boot loader will copy to {@code /boot}: kernel, initrd, device trees. As NixOS
 * lays a system out: {@code nixos/modules/system/activation/top-level.nix} and {@code
 * boot/loader/generic-extlinux-compatible}.
 */
final class BootFiles {
  private static final List<String> NAMES = List.of("kernel", "initrd", "dtbs");
  private static final Path STORE = Path.of("/nix/store");

  private BootFiles() {}

  /** Of a system in this machine's store; a folder counts with all that is in it. */
  static List<BootFile> of(StorePath system) {
    return of(Path.of(system.toString()), STORE);
  }

  static List<BootFile> of(Path system, Path store) {
    var files = new ArrayList<BootFile>();
    for (String name : NAMES) {
      Path link = system.resolve(name);
      try {
        // what was built may have any link in it
        if (Files.exists(link) && link.toRealPath().startsWith(store)) {
          Path real = link.toRealPath();
          files.add(new BootFile(real.toString(), size(real)));
        }
      } catch (IOException e) {
        // how large it is can't be told: then nothing is demanded for it
      }
    }
    return files;
  }

  /** Where the links of {@link RestartParts} lead to, those that a system has, by name. */
  static Map<String, String> parts(StorePath system) {
    var parts = new HashMap<String, String>();
    for (String name : RestartParts.ALL) {
      try {
        Path real = system.path().resolve(name).toRealPath();
        if (real.startsWith(STORE)) {
          parts.put(name, real.toString());
        }
      } catch (IOException e) {
        // it has none, as a container has no kernel
      }
    }
    return parts;
  }

  private static long size(Path root) throws IOException {
    long bytes = 0;
    try (Stream<Path> all = Files.walk(root)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        bytes += Files.size(file);
      }
    }
    return bytes;
  }
}
