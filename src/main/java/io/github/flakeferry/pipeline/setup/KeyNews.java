package io.github.flakeferry.pipeline.setup;

import io.github.flakeferry.fleet.Audience;
import io.github.flakeferry.fleet.CachePolicy;
import io.github.flakeferry.fleet.Policy;
import io.github.flakeferry.model.PublicKey;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which keys runs log in and sign with, for people.
 *
 * @param policy absent where there is no fleet yet
 */
record KeyNews(CiKeys keys, Path folder, Optional<Policy> policy) {
  /** One or more sentences. */
  String text() {
    return whichAreNew()
        + (mayBeOthers()
            ? " If runs of this fleet have others, leave the secrets as they are, and name the folder"
                + " of those with --keys next time."
            : "")
        + otherSigner().map(" "::concat).orElse("");
  }

  /** Whether the fleet's runs may log in and sign with others already. */
  boolean mayBeOthers() {
    return policy.isPresent() && keys.areSomeNew();
  }

  private String whichAreNew() {
    if (keys.hasNewLogin() && keys.hasNewSigner()) {
      return "There are no keys in %s: new ones are made, which runs log in and sign with."
          .formatted(folder);
    }
    if (keys.hasNewLogin()) {
      return "Runs sign with the key that is in %s, and log in with a new one there."
          .formatted(folder);
    }
    return keys.hasNewSigner()
        ? "Runs log in with the key that is in %s, and sign with a new one there.".formatted(folder)
        : "Runs log in and sign with the keys that are in %s.".formatted(folder);
  }

  private Optional<String> otherSigner() {
    List<PublicKey> wanted =
        policy.map(there -> there.cachesFor(Audience.TRUSTED)).orElse(List.of()).stream()
            .filter(cache -> cache.through().isEmpty())
            .map(CachePolicy::publicKey)
            .flatMap(Optional::stream)
            .distinct()
            .toList();
    return wanted.isEmpty() || wanted.contains(keys.publicKey())
        ? Optional.empty()
        : Optional.of(
            "The one that signs is %s, and the policy's caches have %s: boards that trust that one alone refuse what it signs."
                .formatted(
                    keys.publicKey(),
                    wanted.stream().map(PublicKey::toString).collect(Collectors.joining(", "))));
  }
}
