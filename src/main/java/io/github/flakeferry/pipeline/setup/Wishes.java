package io.github.flakeferry.pipeline.setup;

import io.github.flakeferry.fleet.Endpoint;
import io.github.flakeferry.model.SshIdentity;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the user has said beforehand.
 *
 * @param boards to begin with, each host and port once
 * @param hostKeys of any of the boards
 * @param login looks at the boards
 * @param knownHosts the user's own, and the machine's
 * @param keys the folder for what runs log in and sign with
 * @param keysNamed whether the user has named that folder
 */
public record Wishes(
    List<Endpoint> boards,
    List<NamedKey> hostKeys,
    Optional<SshIdentity> login,
    List<Path> knownHosts,
    Path keys,
    boolean keysNamed) {
  public Wishes {
    boards = List.copyOf(boards);
    hostKeys = List.copyOf(hostKeys);
    knownHosts = List.copyOf(knownHosts);
    Map<String, Endpoint> seen = new HashMap<>();
    for (Endpoint board : boards) {
      Endpoint first = seen.putIfAbsent(board.socket(), board);
      if (first != null) {
        throw SetupRefused.sameBoard(first, board);
      }
    }
  }
}
