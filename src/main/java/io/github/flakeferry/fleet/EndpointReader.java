package io.github.flakeferry.fleet;

import java.util.Optional;

/** Reads {@code host:}, {@code port:} and {@code user:} of a board or a jump host. */
final class EndpointReader {
  private final Faults faults;

  EndpointReader(Faults faults) {
    this.faults = faults;
  }

  /** What is there; the fallback stands for a host that is missing or wrong. */
  Endpoint read(Section section, String fallback) {
    String host =
        section.text("host", "a host's name or address").flatMap(this::host).orElse(fallback);
    String user = section.text("user", "a user's name").flatMap(this::user).orElse(Endpoint.ROOT);
    return new Endpoint(host, section.integer("port", Endpoint.SSH, 1, 65535), user);
  }

  private Optional<String> host(Node.Text text) {
    Optional<String> host = Endpoint.host(text.value());
    if (host.isEmpty()) {
      String hint =
          Endpoint.parse(text.value()).isPresent()
              ? "; 'user' and 'port' are keys of their own"
              : "";
      faults.wrongType(text, "a host's name or address" + hint);
    }
    return host;
  }

  private Optional<String> user(Node.Text text) {
    if (Endpoint.isUser(text.value())) {
      return Optional.of(text.value());
    }
    faults.wrongType(text, "a user's name");
    return Optional.empty();
  }
}
