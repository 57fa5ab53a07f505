package io.github.flakeferry.pipeline;

import io.github.flakeferry.board.Wanted;
import io.github.flakeferry.fleet.Audience;
import io.github.flakeferry.fleet.BoardPolicy;
import io.github.flakeferry.fleet.CachePolicy;
import io.github.flakeferry.fleet.Policy;
import io.github.flakeferry.model.SigningKey;
import io.github.flakeferry.nix.EvaluatedSystem;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The built systems as boards want them: signed, and with the places where they can be had. Boards
 * of one configuration share all of it.
 */
final class Targets {
  private final Systems systems;
  private final Optional<SigningKey> key;
  private final List<URI> caches;
  private final Map<EvaluatedSystem, Wanted.Incoming> made = new HashMap<>();

  private Targets(Systems systems, Optional<SigningKey> key, List<URI> caches) {
    this.systems = systems;
    this.key = key;
    this.caches = List.copyOf(caches);
  }

  /**
   * @param key signs all that a board gets
   */
  static Targets of(Systems systems, Optional<SigningKey> key, Policy policy, Audience audience) {
    return new Targets(
        systems,
        key,
        policy.cachesFor(audience).stream()
            .map(CachePolicy::url)
            .filter(Targets::isReachable)
            .toList());
  }

  /** What this board is to get. Not for more than one thread. */
  Wanted.Incoming of(BoardPolicy board) {
    return made.computeIfAbsent(systems.of(board.configuration()), this::make);
  }

  private Wanted.Incoming make(EvaluatedSystem system) {
    var closure =
        systems.closure(system).stream().map(info -> key.map(info::signedBy).orElse(info)).toList();
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
