package io.github.flakeferry.model;

import io.github.flakeferry.model.HostLogins.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads what the words of a netrc file say, and takes nothing that could mean something else. */
final class NetrcEntries {
  private static final Set<String> KEYS =
      Set.of("machine", "default", "login", "password", "account");

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]*");
  private static final Pattern WITH_PORT = Pattern.compile("(?:[^:]+|\\[.*]):[0-9]*");

  private final List<NetrcWord> words;
  private int next;

  NetrcEntries(List<NetrcWord> words) {
    this.words = List.copyOf(words);
  }

  /**
   * All of them, in their order.
   *
   * @throws IllegalArgumentException if it is something else; with nothing of the text
   */
  List<Entry> all() {
    var entries = new ArrayList<Entry>();
    while (next < words.size()) {
      NetrcWord word = words.get(next++);
      entries.add(
          switch (word.key()) {
            case "machine" -> entry(Optional.of(host(value(word))));
            case "default" -> last(entry(Optional.empty()));
            default ->
                throw word.expected(
                    "`machine HOST` or `default`; one login or token for all hosts is a single"
                        + " line, without other lines");
          });
    }
    if (entries.isEmpty()) {
      throw new IllegalArgumentException("it has no line that begins with `machine` or `default`");
    }
    return entries;
  }

  private Entry last(Entry forAll) {
    if (next < words.size()) {
      throw words.get(next).expected("nothing after `default`, which is for all other hosts");
    }
    return forAll;
  }

  private Entry entry(Optional<String> host) {
    Optional<NetrcWord> login = Optional.empty();
    Optional<NetrcWord> password = Optional.empty();
    while (next < words.size() && !HostLogins.BEGINNINGS.contains(words.get(next).key())) {
      NetrcWord word = words.get(next++);
      switch (word.key()) {
        case "login" -> login = once(login, word);
        case "password" -> password = once(password, word);
        case "account" -> value(word);
        case "macdef" -> throw word.expected("no `macdef`: leave the macro out");
        default ->
            throw word.expected(
                "`machine`, `default`, `login`, `password` or `account`; a value with white space"
                    + " in it is in double quotes");
      }
    }
    return new Entry(host, login(login, password));
  }

  private static Optional<HostLogin> login(
      Optional<NetrcWord> login, Optional<NetrcWord> password) {
    login.ifPresent(
        user -> {
          if (password.isEmpty()) {
            throw user.expected("a `password` with this `login`");
          }
          if (user.text().reveal().contains(":")) {
            throw user.expected("a `login` without a colon");
          }
        });
    password.ifPresent(
        word -> {
          if (login.isEmpty() && !HostLogin.isToken(word.text().reveal())) {
            throw word.expected(
                "a `login` with this `password`: without one it is a token, in ASCII and without"
                    + " white space or a colon");
          }
        });
    return password.map(
        word -> new HostLogin(login.map(user -> user.text().reveal()), word.text()));
  }

  private Optional<NetrcWord> once(Optional<NetrcWord> earlier, NetrcWord key) {
    if (earlier.isPresent()) {
      throw key.expected("one `%s` for a host, and this is the second".formatted(key.key()));
    }
    return Optional.of(value(key));
  }

  // one on the next line may be the next key, where this one was forgotten
  private NetrcWord value(NetrcWord key) {
    if (next < words.size()) {
      NetrcWord value = words.get(next);
      if (value.line() == key.line() && !KEYS.contains(value.key())) {
        next++;
        return value;
      }
    }
    throw key.expected(
        "a value after `%s`, on the same line; one that begins with # or is a word such as `login`"
                .formatted(key.key())
            + " is in double quotes");
  }

  private static String host(NetrcWord word) {
    String host = word.text().reveal();
    if (NAME.matcher(host).matches() || HostLogins.address(host).isPresent()) {
      return HostLogins.usual(host);
    }
    throw word.expected(
        "after `machine` "
            + (host.contains("/")
                ? "no URL, but its host alone: what is between // and the next : or /"
                : WITH_PORT.matcher(host).matches()
                    ? "the host alone, without its port: the login is for all ports of the host"
                    : "a host's name or address as URLs have it"));
  }
}
