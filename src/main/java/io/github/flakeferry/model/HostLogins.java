package io.github.flakeferry.model;

import java.net.Inet6Address;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What opens servers: one login ({@code user:password}) or bearer token for all of them, or one for
 * each host in lines as a netrc file has them, {@code machine HOST login USER password WORD}
 * (curl.se/docs/manpage.html, {@code --netrc}). A password without a login is a token.
 */
public final class HostLogins {
  /**
   * What a line says.
   *
   * @param host in its {@link #usual} form; absent: all others
   * @param login absent: it is open
   */
  record Entry(Optional<String> host, Optional<HostLogin> login) {}

  /** The words that a line begins with. */
  static final Set<String> BEGINNINGS = Set.of("machine", "default");

  private static final Pattern MANY_LINES = Pattern.compile("[\\r\\n]");
  private static final Pattern WHITE_SPACE =
      Pattern.compile("\\s+", Pattern.UNICODE_CHARACTER_CLASS);
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private final List<Entry> entries;

  private HostLogins(List<Entry> entries) {
    this.entries = List.copyOf(entries);
  }

  /**
   * Of either form: a single line without the words {@code machine} and {@code default} is one
   * login or token, any other text is lines for hosts.
   *
   * @throws IllegalArgumentException if it is neither: with the line and what is expected there,
   *     and nothing of the text
   */
  public static HostLogins parse(Secret credentials) {
    String text = credentials.reveal();
    if (text.startsWith(BYTE_ORDER_MARK)) {
      text = text.substring(BYTE_ORDER_MARK.length());
    }
    return new HostLogins(
        isOne(text.strip()) ? List.of(one(text)) : new NetrcEntries(NetrcWord.all(text)).all());
  }

  private static boolean isOne(String text) {
    return !MANY_LINES.matcher(text).find()
        && WHITE_SPACE
            .splitAsStream(text)
            .map(word -> word.toLowerCase(Locale.ROOT))
            .noneMatch(BEGINNINGS::contains);
  }

  private static Entry one(String text) {
    String line = text.strip();
    if (NetrcWord.CONTROL.matcher(line).find()) {
      throw new IllegalArgumentException("it has a control character");
    }
    return HostLogin.parse(line)
        .map(login -> new Entry(Optional.empty(), Optional.of(login)))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "expected USER:PASSWORD, a token in ASCII without white space, or lines that"
                        + " begin with `machine HOST` or `default`"));
  }

  /**
   * What opens a server.
   *
   * @return {@code user:password} or a bearer token, in one line; absent where there is none for it
   */
  public Optional<Secret> of(URI server) {
    String host = usual(Optional.ofNullable(server.getHost()).orElse(""));
    return entries.stream()
        .filter(entry -> entry.host().map(host::equals).orElse(true))
        .findFirst()
        .flatMap(Entry::login)
        .map(HostLogin::text);
  }

  /** All that must not be seen of them: each password or token, also with its user. */
  public List<Secret> secrets() {
    return entries.stream()
        .flatMap(entry -> entry.login().stream())
        .flatMap(HostLogin::secrets)
        .distinct()
        .toList();
  }

  /** The same for all ways to write a host. */
  static String usual(String host) {
    String plain = host.replaceAll("[\\[\\]]", "");
    return address(plain).orElseGet(() -> plain.toLowerCase(Locale.ROOT));
  }

  /** An IPv6 address in its one form, where it is one. */
  static Optional<String> address(String host) {
    try {
      return host.contains(":")
          ? Optional.of(Inet6Address.ofLiteral(host).getHostAddress())
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
