package io.github.flakeferry.fleet;

import io.github.flakeferry.model.HostKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Reads {@code host-key:}, one or a list, each as in {@code known_hosts} with or without host. */
final class HostKeyReader {
  private static final String EXPECTED = "a host key such as 'ssh-ed25519 AAAA…'";

  private final Faults faults;

  HostKeyReader(Faults faults) {
    this.faults = faults;
  }

  /**
   * The keys; a missing one is told, with the command that gets it.
   *
   * @param of whose key: {@code the board 'x'}
   */
  List<HostKey> read(Section section, String of, Endpoint endpoint) {
    String missing =
        of
            + " has no host-key: get it with '"
            + endpoint.keyscan()
            + "' and compare it with /etc/ssh/ssh_host_ed25519_key.pub on the machine itself";
    Optional<Node> found = section.require("host-key", missing);
    var keys = new ArrayList<HostKey>();
    for (Node node : found.map(Faults::oneOrMore).orElse(List.of())) {
      faults.text(node, EXPECTED).ifPresent(text -> keys.addAll(keys(text)));
    }
    return keys;
  }

  // a block may hold all that ssh-keyscan printed, comments too
  private List<HostKey> keys(Node.Text text) {
    List<String> lines =
        text.value().lines().filter(l -> !l.isBlank() && !l.strip().startsWith("#")).toList();
    if (lines.isEmpty()) {
      faults.add(text.place(), "expected " + EXPECTED + ", found only comments");
    }
    if (text.value().contains("PRIVATE KEY")) {
      faults.add(
          text.place(),
          "this is a private key: take it out and make a new one, for it is in the history;"
              + " expected "
              + EXPECTED);
      return List.of();
    }
    return lines.stream().flatMap(line -> key(text.place(), line).stream()).toList();
  }

  private Optional<HostKey> key(Place place, String line) {
    if (line.contains("SHA256:")) {
      faults.add(place, "expected " + EXPECTED + ", found a fingerprint: the key itself is needed");
      return Optional.empty();
    }
    if (line.strip().startsWith("@")) {
      faults.add(
          place,
          "expected "
              + EXPECTED
              + ", found the marker '"
              + line.strip().split("\\s")[0]
              + "': only a board's own keys can be pinned, no authority that signs them");
      return Optional.empty();
    }
    Optional<HostKey> key = parse(line);
    if (key.isEmpty()) {
      faults.add(place, "expected " + EXPECTED);
    } else if (!isWhole(key.get())) {
      faults.add(place, "the host key is damaged: was it cut off? expected " + EXPECTED);
      return Optional.empty();
    }
    return key;
  }

  private static Optional<HostKey> parse(String line) {
    try {
      return Optional.of(HostKey.parse(line));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  // RFC 4253, section 6.6: strings with a length before each, the first one names the type
  private static boolean isWhole(HostKey key) {
    ByteBuffer blob = ByteBuffer.wrap(Base64.getDecoder().decode(key.base64()));
    for (int n = 0; blob.remaining() >= Integer.BYTES; n++) {
      int length = blob.getInt();
      if (length < 0 || length > blob.remaining()) {
        return false;
      }
      byte[] field = new byte[length];
      blob.get(field);
      if (n == 0 && !new String(field, StandardCharsets.US_ASCII).equals(key.type())) {
        return false;
      }
      if (n > 0 && !blob.hasRemaining()) {
        return true;
      }
    }
    return false;
  }
}
