package io.github.flakeferry.board;

import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.Sha256;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.support.nar.Nar;
import io.github.flakeferry.testbed.DebianPackage;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Debian packages as a system's closure: a store path for each, and a last one that refers to all.
 * Each generation has other hashes, in its paths' names and in the files that refer to them.
 */
final class DebianClosure extends MadeClosure {
  private final Map<StorePath, Path> nars = new LinkedHashMap<>();
  private final Map<String, StorePath> byName = new LinkedHashMap<>();
  private final Path folder;
  private final Path narFolder;
  private final String generation;

  /**
   * Unpacks packages.
   *
   * @param packages what others depend on before these
   * @param generation a word
   * @param folder for the files; each path's has the name of its package
   */
  DebianClosure(List<DebianPackage> packages, String generation, Path folder) throws IOException {
    this.folder = Files.createDirectories(folder.resolve(generation));
    this.narFolder = Files.createDirectories(folder.resolve(generation + ".nars"));
    this.generation = generation;
    for (DebianPackage each : packages) {
      StorePath own = path(each.name(), each.version());
      List<StorePath> needed =
          each.dependencies().stream()
              .flatMap(name -> Optional.ofNullable(byName.get(name)).stream())
              .sorted()
              .toList();
      Path tree = this.folder.resolve(each.name());
      each.unpack(
          tree,
          own,
          new DebianPackage.Surroundings(
              needed,
              path("bash", packages, own),
              path("perl-base", packages, own),
              path("python3.11-minimal", packages, own)));
      byName.put(each.name(), own);
      add(own, tree, needed);
    }
    Path system = Files.createDirectory(this.folder.resolve("system"));
    Files.writeString(
        system.resolve("closure"),
        String.join("\n", byName.values().stream().map(StorePath::toString).toList()));
    add(path("nixos-system-board", generation), system, List.copyOf(byName.values()));
  }

  private StorePath path(String name, List<DebianPackage> packages, StorePath otherwise) {
    return packages.stream()
        .filter(p -> p.name().equals(name))
        .map(p -> path(name, p.version()))
        .findFirst()
        .orElse(otherwise);
  }

  private StorePath path(String name, String version) {
    return new StorePath(
        hash(new Random((generation + name).hashCode())),
        name + "-" + version.replaceAll("[^0-9a-zA-Z+.]", "-"));
  }

  private void add(StorePath path, Path tree, List<StorePath> references) throws IOException {
    Path nar = narFolder.resolve(tree.getFileName().toString());
    try (var out =
        new DigestOutputStream(Files.newOutputStream(nar), MessageDigest.getInstance("SHA-256"))) {
      Nar.write(tree, out);
      nars.put(path, nar);
      add(path, Sha256.of(out.getMessageDigest().digest()), Files.size(nar), references);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The paths of its packages. */
  Map<String, StorePath> byPackage() {
    return Collections.unmodifiableMap(byName);
  }

  /** The NARs in files. */
  List<Path> narFiles() {
    return List.copyOf(nars.values());
  }

  /** Where the files of all paths lie, in folders with the packages' names. */
  Path trees() {
    return folder;
  }

  @Override
  public void writeNar(StorePath path, OutputStream to) throws IOException {
    Path nar = nars.get(path);
    if (nar == null) {
      throw new IOException("no such path: " + path);
    }
    Files.copy(nar, to);
  }

  /** What a {@code nix-store --serve --write} reads that shall have all of it. */
  Path requests() throws IOException {
    Path file = folder.resolveSibling(generation + ".requests");
    if (!Files.exists(file)) {
      try (var out = new BufferedOutputStream(Files.newOutputStream(file))) {
        var protocol = new ServeProtocol(InputStream.nullInputStream(), out);
        protocol.greet();
        for (PathInfo info : infos()) {
          protocol.announce(info);
          writeNar(info.path(), out);
        }
      }
    }
    return file;
  }
}
