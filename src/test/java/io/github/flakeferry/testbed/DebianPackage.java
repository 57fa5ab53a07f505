package io.github.flakeferry.testbed;

import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.support.progress.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A package of Debian 12 in a file.
 *
 * @param name the kernel's without its version: it is the same package in each
 * @param dependencies names of packages, the first of each alternative
 */
public record DebianPackage(String name, String version, Set<String> dependencies, Path file) {
  /**
   * Packages as they were released, and as they are with the security updates since then.
   *
   * @param released in the order in which they were asked for
   * @param updated the same ones; without an update of the same version
   */
  public record Pair(List<DebianPackage> released, List<DebianPackage> updated) {
    /** How many have another version. */
    public long updates() {
      return updated.stream().filter(p -> !versions(released).contains(p.version())).count();
    }

    private static Set<String> versions(List<DebianPackage> packages) {
      return packages.stream().map(DebianPackage::version).collect(Collectors.toSet());
    }
  }

  /** Interpreters and libraries, which a path's files refer to. */
  public record Surroundings(
      List<StorePath> libraries, StorePath shell, StorePath perl, StorePath python) {}

  /**
   * Downloads packages with apt, from this machine's mirror and the archive of security updates
   * that lies beside it. None is installed but what unpacks them, compresses and compares.
   *
   * @param folder an empty one
   * @param names of packages; {@code linux} is the kernel for clouds
   * @throws TestbedUnavailable if this machine can't have what it needs for that
   */
  public static Pair download(Path folder, List<String> names) throws IOException {
    Requirements.ofThisMachine(Progress.SILENT)
        .demand(EnumSet.of(Tool.DPKG_DEB, Tool.XZ, Tool.ZSTD, Tool.RSYNC));
    Command.of("/bin/sh", script("debian-packages.sh", folder).toString())
        .and(BoardRoot.mirror(), folder.toString())
        .and(names)
        .run()
        .orThrow();
    return new Pair(
        read(folder.resolve("old/debs"), names), read(folder.resolve("new/debs"), names));
  }

  private static Path script(String name, Path folder) throws IOException {
    return Files.writeString(folder.resolve(name), Resources.read(name));
  }

  private static List<DebianPackage> read(Path folder, List<String> names) throws IOException {
    var all = new ArrayList<DebianPackage>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        all.add(read(file));
      }
    }
    all.sort(Comparator.comparingInt(p -> names.indexOf(p.name())));
    return List.copyOf(all);
  }

  private static DebianPackage read(Path file) throws IOException {
    Map<String, String> fields = new HashMap<>();
    Tool.DPKG_DEB
        .command("-f", file.toString(), "Package", "Version", "Depends", "Pre-Depends")
        .run()
        .orThrow()
        .output()
        .lines()
        .map(line -> line.split(": ", 2))
        .forEach(field -> fields.put(field[0], field[1]));
    String name = fields.getOrDefault("Package", "");
    return new DebianPackage(
        name.startsWith("linux-image-") ? "linux" : name,
        fields.getOrDefault("Version", ""),
        Stream.of("Depends", "Pre-Depends")
            .flatMap(key -> Stream.of(fields.getOrDefault(key, "").split(",")))
            .map(words -> words.strip().split("[ :|]")[0])
            .collect(Collectors.toSet()),
        file);
  }

  /**
   * Unpacks it into a folder that could be a store path's.
   *
   * @param own what its files call the folder
   */
  public void unpack(Path target, StorePath own, Surroundings others) throws IOException {
    Command.of("/bin/sh", script("debian-path.sh", file.resolveSibling("..")).toString())
        .and(file.toString(), target.toString(), own.toString())
        .and(
            others.libraries().stream().map(path -> path + "/lib").collect(Collectors.joining(":")))
        .and(others.shell().toString(), others.perl().toString(), others.python().toString())
        .run()
        .orThrow();
  }
}
