package io.github.flakeferry.pipeline.setup;

import io.github.flakeferry.board.BoardFacts;
import io.github.flakeferry.fleet.Endpoint;
import io.github.flakeferry.model.BoardAddress;
import io.github.flakeferry.model.HostKey;
import io.github.flakeferry.model.StorePath;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A board that was looked at.
 *
 * @param hostKey that somebody has confirmed
 * @param facts what it told; absent where nothing of ours could log in
 */
record SeenBoard(Endpoint endpoint, HostKey hostKey, Optional<BoardFacts> facts) {
  // nixos/modules/system/activation/top-level.nix: nixos-system-${hostName}-${nixos.label}
  private static final Pattern SYSTEM = Pattern.compile("nixos-system-(.+?)-\\d+\\.\\d.*");
  private static final String UNNAMED = "nixos";

  BoardAddress address() {
    return new BoardAddress(
        endpoint.host(), endpoint.port(), endpoint.user(), List.of(), List.of(hostKey));
  }

  /** {@code riscv64}, as far as it told. */
  Optional<String> machine() {
    return facts.map(BoardFacts::machine).filter(m -> m.matches("[a-z0-9_]+"));
  }

  /** Its host name by the system that it runs, where somebody gave it one. */
  Optional<String> hostName() {
    return facts
        .flatMap(BoardFacts::current)
        .map(StorePath::name)
        .map(SYSTEM::matcher)
        .filter(Matcher::matches)
        .map(found -> found.group(1))
        .filter(name -> !name.equals(UNNAMED));
  }
}
