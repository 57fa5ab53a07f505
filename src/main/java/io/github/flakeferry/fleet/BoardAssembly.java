package io.github.flakeferry.fleet;

import io.github.flakeferry.model.BoardAddress;
import io.github.flakeferry.model.HostKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes boards of drafts, with the keys of jump hosts that are pinned elsewhere in the file. */
final class BoardAssembly {
  private final Map<String, List<HostKey>> pins = new HashMap<>();
  private final Faults faults;

  BoardAssembly(List<BoardDraft> drafts, Faults faults) {
    this.faults = faults;
    for (BoardDraft draft : drafts) {
      pin(draft.endpoint(), draft.keys());
      draft.jumps().forEach(jump -> pin(jump.endpoint(), jump.keys()));
    }
  }

  /** Absent where something that it needs is missing or wrong. */
  Optional<BoardPolicy> board(BoardDraft draft) {
    var jumps = new ArrayList<BoardAddress>();
    for (Jump jump : draft.jumps()) {
      address(jump).ifPresent(jumps::add);
    }
    if (draft.keys().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new BoardPolicy(
            draft.name(),
            draft.configuration(),
            address(draft.endpoint(), jumps, draft.keys()),
            draft.tags()));
  }

  private Optional<BoardAddress> address(Jump jump) {
    List<HostKey> keys =
        jump.keys().isEmpty()
            ? pins.getOrDefault(jump.endpoint().socket(), List.of())
            : jump.keys();
    if (keys.isEmpty()) {
      faults.add(
          jump.place(),
          "no host-key for the jump host "
              + Shown.quoted(jump.endpoint().toString())
              + ": write {host: …, user: …, host-key: …} here or for another board; get the key with '"
              + jump.endpoint().keyscan()
              + "'");
      return Optional.empty();
    }
    return Optional.of(address(jump.endpoint(), List.of(), keys));
  }

  private static BoardAddress address(
      Endpoint endpoint, List<BoardAddress> jumps, List<HostKey> keys) {
    return new BoardAddress(endpoint.host(), endpoint.port(), endpoint.user(), jumps, keys);
  }

  private void pin(Endpoint endpoint, List<HostKey> keys) {
    if (!keys.isEmpty()) {
      pins.putIfAbsent(endpoint.socket(), keys);
    }
  }
}
