package io.github.flakeferry.model;

import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A user with a password (RFC 7617), or a bearer token (RFC 6750), fit for an HTTP header.
 *
 * @param user absent: the password is a token
 */
record HostLogin(Optional<String> user, Secret password) {
  private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e&&[^:]]+");

  /** Whether this can be a token. */
  static boolean isToken(String text) {
    return TOKEN.matcher(text).matches();
  }

  /** Of {@code user:password} or a token; absent where it is neither. */
  static Optional<HostLogin> parse(String text) {
    int colon = text.indexOf(':');
    if (colon >= 0) {
      var password = new Secret(text.substring(colon + 1));
      return Optional.of(new HostLogin(Optional.of(text.substring(0, colon)), password));
    }
    return Optional.of(text)
        .filter(HostLogin::isToken)
        .map(token -> new HostLogin(Optional.empty(), new Secret(token)));
  }

  /** The form that {@link #parse} takes. */
  Secret text() {
    return new Secret(user.map(name -> name + ":").orElse("") + password.reveal());
  }

  /** All that must not be seen of it; an empty password can't be hidden. */
  Stream<Secret> secrets() {
    return Stream.of(text(), password).distinct().filter(secret -> !secret.reveal().isBlank());
  }
}
