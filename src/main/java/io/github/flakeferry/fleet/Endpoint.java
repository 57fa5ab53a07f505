package io.github.flakeferry.fleet;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A host, a port and a user.
 *
 * @param host IPv6 without brackets
 */
public record Endpoint(String host, int port, String user) {
  /** The port, where none is given. */
  public static final int SSH = 22;

  /** The user, where none is given. */
  public static final String ROOT = "root";

  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9._-]{0,251}[A-Za-z0-9_.])?");
  private static final Pattern DOTTED = Pattern.compile("[0-9.]+");
  private static final Pattern ZONE = Pattern.compile("%[A-Za-z0-9._-]+$");
  private static final Pattern USER = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,62}\\$?");
  private static final Pattern URL_LIKE =
      Pattern.compile("(?:([^@\\s]+)@)?(\\[[^\\]\\s]+\\]|[^:@\\s]+)(?::([0-9]{1,5}))?");

  /** Reads {@code [user@]host[:port]}, an IPv6 host in brackets; absent if it is none. */
  public static Optional<Endpoint> parse(String text) {
    Matcher matcher = URL_LIKE.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String user = matcher.group(1) == null ? ROOT : matcher.group(1);
    int port = matcher.group(3) == null ? SSH : Integer.parseInt(matcher.group(3));
    return isUser(user) && port >= 1 && port <= 65535
        ? host(matcher.group(2)).map(host -> new Endpoint(host, port, user))
        : Optional.empty();
  }

  /** A name or an address, without the brackets of an IPv6 one; absent if it is neither. */
  static Optional<String> host(String text) {
    boolean bracketed = text.startsWith("[") && text.endsWith("]");
    String host = bracketed ? text.substring(1, text.length() - 1) : text;
    boolean good =
        host.indexOf(':') >= 0
            ? isIpv6(ZONE.matcher(host).replaceFirst(""))
            : !bracketed
                && NAME.matcher(host).matches()
                && (!DOTTED.matcher(host).matches() || isIpv4(host));
    return good ? Optional.of(host) : Optional.empty();
  }

  /** Whether it can be the name of a user on a board. */
  public static boolean isUser(String text) {
    return USER.matcher(text).matches();
  }

  /** The same for all that reach the same port of the same host. */
  public String socket() {
    return host.toLowerCase(Locale.ROOT) + " " + port;
  }

  /** How to ask for the host key. */
  String keyscan() {
    return "ssh-keyscan -t ed25519 " + (port == SSH ? "" : "-p " + port + " ") + host;
  }

  private static boolean isIpv4(String host) {
    try {
      // "10.1" is an address for some programs, a name for others
      return Inet4Address.ofLiteral(host).getHostAddress().equals(host);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean isIpv6(String host) {
    try {
      return !Inet6Address.ofLiteral(host).isAnyLocalAddress();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  @Override
  public String toString() {
    String shown = host.contains(":") ? "[" + host + "]" : host;
    return user + "@" + shown + (port == SSH ? "" : ":" + port);
  }
}
