package io.github.flakeferry.model;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What opens servers: one login ({@code user:password}) or bearer token for all of them, or one for
 * each host in lines as a netrc file has them, {@code machine HOST login USER password WORD}
 * (curl.se/docs/manpage.html, {@code --netrc}). A password without a login is a token.
 */
public final class HostLogins {
  private static final Pattern START =
      Pattern.compile("\\s*(machine|default)\\s.*", Pattern.DOTALL);
  private static final Pattern WORD = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"|(\\S+)");

  private static final class Entry {
    private final Predicate<String> host;
    private Optional<String> user = Optional.empty();
    private Optional<String> password = Optional.empty();

    Entry(Predicate<String> host) {
      this.host = host;
    }

    private Optional<Secret> secret() {
      return password.map(word -> new Secret(user.map(name -> name + ":").orElse("") + word));
    }
  }

  private HostLogins() {}

  /**
   * What opens a server.
   *
   * @param credentials of either form
   * @return {@code user:password} or a bearer token; absent where there is none for it
   */
  public static Optional<Secret> of(Secret credentials, URI server) {
    if (!isNetrc(credentials)) {
      return Optional.of(credentials);
    }
    String host =
        Optional.ofNullable(server.getHost())
            .orElse("")
            .replaceAll("[\\[\\]]", "")
            .toLowerCase(Locale.ROOT);
    return entries(credentials).stream()
        .filter(entry -> entry.host.test(host))
        .findFirst()
        .flatMap(Entry::secret);
  }

  /** All that must not be seen of them. */
  public static List<Secret> secrets(Secret credentials) {
    return isNetrc(credentials)
        ? entries(credentials).stream()
            .flatMap(entry -> entry.password.stream())
            .map(Secret::new)
            .toList()
        : List.of(credentials);
  }

  private static boolean isNetrc(Secret credentials) {
    return START.matcher(credentials.reveal()).matches();
  }

  private static List<Entry> entries(Secret credentials) {
    var entries = new ArrayList<Entry>();
    var words = words(credentials.reveal()).iterator();
    while (words.hasNext()) {
      String key = words.next();
      if (key.equals("default")) {
        entries.add(new Entry(_ -> true));
      } else if (words.hasNext()) {
        String value = words.next();
        switch (key) {
          case "machine" -> entries.add(new Entry(value.toLowerCase(Locale.ROOT)::equals));
          case "login" -> entries.getLast().user = Optional.of(value);
          case "password" -> entries.getLast().password = Optional.of(value);
          default -> {} // such as "account"
        }
      }
    }
    return entries;
  }

  private static Stream<String> words(String text) {
    return WORD.matcher(text).results().map(HostLogins::word);
  }

  private static String word(MatchResult found) {
    return Optional.ofNullable(found.group(1))
        .map(quoted -> quoted.replaceAll("\\\\(.)", "$1"))
        .orElseGet(() -> found.group(2));
  }
}
