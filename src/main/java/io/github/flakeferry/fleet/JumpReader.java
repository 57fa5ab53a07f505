package io.github.flakeferry.fleet;

import io.github.flakeferry.model.HostKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads {@code jump:}, one or a list: a map with a host key, or {@code user@host:port} for a host
 * whose key stands elsewhere in the file.
 */
final class JumpReader {
  static final List<String> KEYS = List.of("host", "user", "port", "host-key");

  private static final String EXPECTED =
      "a jump host such as {host: gate.example.org, user: ops, host-key: ssh-ed25519 AAAA…}";

  private final Faults faults;

  JumpReader(Faults faults) {
    this.faults = faults;
  }

  List<Jump> read(Node node) {
    var jumps = new ArrayList<Jump>();
    for (Node item : Faults.oneOrMore(node)) {
      jump(item).ifPresent(jumps::add);
    }
    return jumps;
  }

  private Optional<Jump> jump(Node node) {
    return switch (node) {
      case Node.Text text -> {
        Optional<Endpoint> endpoint = Endpoint.parse(text.value());
        if (endpoint.isEmpty()) {
          faults.wrongType(text, EXPECTED + " or ops@gate.example.org:22");
        }
        yield endpoint.map(e -> new Jump(text.place(), e, List.of()));
      }
      case Node.Fields fields ->
          Section.of(fields.place(), fields, "a jump host", KEYS, faults).flatMap(this::pinned);
      case Node.Numeral _, Node.Flag _, Node.Nothing _, Node.Items _, Node.Broken _ -> {
        faults.wrongType(node, EXPECTED);
        yield Optional.empty();
      }
    };
  }

  private Optional<Jump> pinned(Section section) {
    Optional<Node> host =
        section.require("host", "the jump host has no host: expected " + EXPECTED);
    Endpoint endpoint = new EndpointReader(faults).read(section, "HOST");
    List<HostKey> keys = new HostKeyReader(faults).read(section, "the jump host", endpoint);
    return host.isEmpty() || keys.isEmpty()
        ? Optional.empty()
        : Optional.of(new Jump(section.owner(), endpoint, keys));
  }
}
