package io.github.flakeferry.model;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What the store knows of a path, as {@code nix path-info --json} tells it.
 *
 * @param narSize bytes of the path's NAR
 * @param references what its files name, itself included when they do
 * @param contentAddress the {@code ca} field, where the path is content-addressed
 */
public record PathInfo(
    StorePath path,
    Sha256 narHash,
    long narSize,
    SortedSet<StorePath> references,
    Optional<StorePath> deriver,
    Optional<String> contentAddress,
    List<PathSignature> signatures) {

  public PathInfo {
    references = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(references));
    signatures = List.copyOf(signatures);
    if (narSize < 0) {
      throw new IllegalArgumentException("a NAR of " + narSize + " bytes: " + path);
    }
  }

  /** What a signature signs: Nix's {@code ValidPathInfo::fingerprint}. */
  public String fingerprint() {
    return "1;%s;%s;%d;%s"
        .formatted(
            path,
            narHash,
            narSize,
            references.stream()
                .sorted(Comparator.naturalOrder())
                .map(StorePath::toString)
                .collect(Collectors.joining(",")));
  }

  /** The same without signatures. */
  public PathInfo unsigned() {
    return new PathInfo(path, narHash, narSize, references, deriver, contentAddress, List.of());
  }

  /** The same with one more signature, in place of an older one by the same key. */
  public PathInfo signedBy(SigningKey key) {
    PathSignature added = key.sign(fingerprint());
    var all = new java.util.ArrayList<PathSignature>();
    signatures.stream().filter(s -> !s.keyName().equals(added.keyName())).forEach(all::add);
    all.add(added);
    return new PathInfo(path, narHash, narSize, references, deriver, contentAddress, all);
  }
}
