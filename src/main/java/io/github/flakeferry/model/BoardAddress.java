package io.github.flakeferry.model;

import java.util.List;

/**
 * Where a board is reached by SSH and which keys prove that it is the one.
 *
 * @param host name or address, IPv6 without brackets
 * @param port 1 to 65535
 * @param jumps the hosts to go through, the first one first; each with pinned keys of its own
 * @param hostKeys at least one; any of them proves the board
 */
public record BoardAddress(
    String host, int port, String user, List<BoardAddress> jumps, List<HostKey> hostKeys) {
  public BoardAddress {
    jumps = List.copyOf(jumps);
    hostKeys = List.copyOf(hostKeys);
    if (host.isBlank() || host.startsWith("-") || user.isBlank() || user.startsWith("-")) {
      throw new IllegalArgumentException("not an address: '" + user + "@" + host + "'");
    }
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("not a port: " + port);
    }
    if (hostKeys.isEmpty()) {
      throw new IllegalArgumentException("no pinned host key for " + host);
    }
  }

  @Override
  public String toString() {
    String shown = host.contains(":") ? "[" + host + "]" : host;
    return user + "@" + shown + (port == 22 ? "" : ":" + port);
  }
}
