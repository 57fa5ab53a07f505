package io.github.flakeferry.pipeline;

import io.github.flakeferry.board.Wanted;
import io.github.flakeferry.fleet.Audience;
import io.github.flakeferry.fleet.BoardPolicy;
import io.github.flakeferry.fleet.CachePolicy;
import io.github.flakeferry.fleet.Policy;
import io.github.flakeferry.model.SigningKey;
import io.github.flakeferry.nix.EvaluatedSystem;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * The built systems as boards want them: signed, and with the places where they can be had.
 *
 * @param key signs all that a board gets
 * @param caches that a board may ask
 */
record Targets(Systems systems, Optional<SigningKey> key, List<URI> caches) {

  static Targets of(Systems systems, Optional<SigningKey> key, Policy policy, Audience audience) {
    return new Targets(
        systems,
        key,
        policy.cachesFor(audience).stream()
            .map(CachePolicy::url)
            .filter(Targets::isReachable)
            .toList());
  }

  Wanted.Incoming of(BoardPolicy board) {
    EvaluatedSystem system = systems.of(board.configuration());
    var closure =
        systems.nix().closure(system.toplevel()).stream()
            .map(info -> key.map(info::signedBy).orElse(info))
            .toList();
    return new Wanted.Incoming(
        system.toplevel(),
        system.hostPlatform(),
        closure,
        BootFiles.of(system.toplevel()),
        caches,
        key.map(SigningKey::publicKey).stream().toList());
  }

  /** Not this machine's disk, nor this machine by the name that each has for itself. */
  static boolean isReachable(URI cache) {
    String host = String.valueOf(cache.getHost());
    return ("http".equals(cache.getScheme()) || "https".equals(cache.getScheme()))
        && !host.equals("localhost")
        && !host.startsWith("127.")
        && !host.equals("[::1]");
  }
}
