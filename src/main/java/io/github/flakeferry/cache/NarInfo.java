package io.github.flakeferry.cache;

import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.PathSignature;
import io.github.flakeferry.model.Sha256;
import io.github.flakeferry.model.StorePath;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a cache says of a path: the file {@code <hash>.narinfo}, a line {@code Key: value} for each
 * fact (Nix: libstore/nar-info.cc).
 *
 * @param url where its NAR is, relative to the cache
 * @param compression {@code zstd}, {@code xz}, {@code none}, …
 * @param fileHash of the compressed NAR
 * @param fileSize bytes of the compressed NAR
 */
public record NarInfo(
    PathInfo info, String url, String compression, Sha256 fileHash, long fileSize) {

  /** The name in a cache of what it says of this path. */
  public static String fileName(StorePath path) {
    return path.hash() + ".narinfo";
  }

  /** The same with one more signature. */
  NarInfo with(PathInfo signed) {
    return new NarInfo(signed, url, compression, fileHash, fileSize);
  }

  /** As it stands in the cache. */
  public String text() {
    var text = new StringBuilder();
    line(text, "StorePath", info.path().toString());
    line(text, "URL", url);
    line(text, "Compression", compression);
    line(text, "FileHash", fileHash.toString());
    line(text, "FileSize", Long.toString(fileSize));
    line(text, "NarHash", info.narHash().toString());
    line(text, "NarSize", Long.toString(info.narSize()));
    line(
        text,
        "References",
        info.references().stream().map(StorePath::baseName).collect(Collectors.joining(" ")));
    info.deriver().ifPresent(deriver -> line(text, "Deriver", deriver.baseName()));
    info.signatures().forEach(signature -> line(text, "Sig", signature.toString()));
    info.contentAddress().ifPresent(address -> line(text, "CA", address));
    return text.toString();
  }

  private static void line(StringBuilder to, String key, String value) {
    to.append(key).append(": ").append(value).append('\n');
  }

  /**
   * Reads one. Lines with keys that we don't know are passed over, as Nix does.
   *
   * @throws IllegalArgumentException if something that we need is missing, twice there, or not of
   *     its form
   */
  public static NarInfo parse(String text) {
    Map<String, String> values = new LinkedHashMap<>();
    var signatures = new java.util.ArrayList<PathSignature>();
    for (String line : text.lines().toList()) {
      int colon = line.indexOf(": ");
      String key = colon < 0 ? line.strip().replaceFirst(":$", "") : line.substring(0, colon);
      String value = colon < 0 ? "" : line.substring(colon + 2).strip();
      if (key.equals("Sig")) {
        signatures.add(PathSignature.parse(value));
      } else if (values.put(key, value) != null) {
        throw new IllegalArgumentException("a narinfo with two lines " + key);
      }
    }
    var info =
        new PathInfo(
            StorePath.parse(needed(values, "StorePath")),
            Sha256.parse(needed(values, "NarHash")),
            size(values, "NarSize"),
            references(values.getOrDefault("References", "")),
            optional(values, "Deriver").filter(d -> d.endsWith(".drv")).map(StorePath::parse),
            optional(values, "CA"),
            signatures);
    return new NarInfo(
        info,
        needed(values, "URL"),
        optional(values, "Compression").orElse("bzip2"), // Nix's default, from its first years
        Sha256.parse(needed(values, "FileHash")),
        size(values, "FileSize"));
  }

  private static SortedSet<StorePath> references(String value) {
    return Stream.of(value.split(" ", -1))
        .filter(word -> !word.isEmpty())
        .map(StorePath::parse)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Optional<String> optional(Map<String, String> values, String key) {
    return Optional.ofNullable(values.get(key)).filter(value -> !value.isEmpty());
  }

  private static String needed(Map<String, String> values, String key) {
    return optional(values, key)
        .orElseThrow(() -> new IllegalArgumentException("a narinfo without " + key));
  }

  private static long size(Map<String, String> values, String key) {
    try {
      return Long.parseLong(needed(values, key));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("a narinfo whose " + key + " is no number", e);
    }
  }

  /** Those of our facts that a cache must agree about for a path to be the same. */
  boolean agreesWith(PathInfo ours) {
    return List.of(info.path(), info.narHash(), info.narSize(), info.references())
        .equals(List.of(ours.path(), ours.narHash(), ours.narSize(), ours.references()));
  }
}
