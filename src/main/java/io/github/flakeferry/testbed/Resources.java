package io.github.flakeferry.testbed;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** The scripts and sources that lie beside the classes of this package. */
final class Resources {
  /** What makes a board's root and boots it. */
  static final List<String> ROOT =
      List.of(
          "root/base.nix",
          "root/boot-board.sh",
          "root/boot-entry.sh",
          "root/customize.sh",
          "root/first-system.sh",
          "root/make-riscv64-root.sh",
          "root/make-root.sh",
          "root/mounts.sh",
          "root/slowlink.c");

  /** What unpacks the programs of a whole machine. */
  static final String EXTRACTION = "machine/extract.sh";

  /** What makes the image of a whole machine, and boots it. */
  static final List<String> MACHINE =
      List.of(
          EXTRACTION,
          "machine/boot-loader.sh",
          "machine/customize.sh",
          "machine/make-image.sh",
          "machine/qemu-options");

  /** The stand-in for NixOS, shared by the boards' first system and the demo flake. */
  static final List<String> NIXOS =
      Stream.of(
              "activate.sh",
              "bootctl.sh",
              "default.nix",
              "init.sh",
              "network-setup.sh",
              "switch-to-configuration.sh",
              "tools")
          .map("flake/nixos/"::concat)
          .toList();

  /** The rest of the demo flake. */
  static final List<String> FLAKE =
      Stream.of(
              "flake.nix",
              "hosts/board-amd64.nix",
              "hosts/common.nix",
              "hosts/unmatched.nix",
              "packages/hello/default.nix",
              "packages/hello/hello.c",
              "packages/motd/default.nix",
              "packages/motd/motd")
          .map("flake/"::concat)
          .toList();

  private Resources() {}

  static String read(String name) {
    try (InputStream in = Resources.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the resource " + name + " is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Writes them below a folder, under their own names. */
  static void unpack(List<String> names, Path folder) throws IOException {
    for (String name : names) {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, read(name));
    }
  }

  /** Changes with any of them: names a cache of what is made by them. */
  static String version(List<String> names) {
    var all = new StringBuilder();
    names.forEach(n -> all.append(n).append('\n').append(read(n)));
    return HexFormat.of().formatHex(sha256(all.toString())).substring(0, 12);
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
