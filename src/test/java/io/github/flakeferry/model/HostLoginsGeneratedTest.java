package io.github.flakeferry.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is written in any way that the format knows is read, and nothing is shown of the rest. */
final class HostLoginsGeneratedTest {
  private static final int TIMES = 300;
  private static final List<String> PARTS =
      List.of("a", "Z9", "#", "\"", "\\", ":", " ", "é", "machine", "login", "\t", "=", "/", "🔑");

  static Stream<Integer> seeds() {
    return IntStream.range(0, 10).boxed();
  }

  private static <T> T any(Random random, List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  private static String text(Random random, List<String> parts, int most) {
    return IntStream.range(0, 1 + random.nextInt(most))
        .mapToObj(_ -> any(random, parts))
        .collect(Collectors.joining());
  }

  private static String cased(Random random, String word) {
    return random.nextInt(4) == 0 ? word.toUpperCase(java.util.Locale.ROOT) : word;
  }

  private static String lineEnd(Random random) {
    return any(random, List.of("\n", "\r\n", "\r"));
  }

  /** White space between a key and its value. */
  private static String gap(Random random) {
    return any(random, List.of(" ", "\t", "  ", " \t "));
  }

  /** White space between a value and the next key. */
  private static String rest(Random random) {
    String end = lineEnd(random);
    return any(
        random,
        List.of(
            gap(random),
            end,
            gap(random) + end + gap(random),
            gap(random) + "# machine x \"login" + end,
            end + "#password y" + end + end));
  }

  private static String written(Random random, String value) {
    boolean plain =
        value.matches("[^\\s\"#]\\S*")
            && !value.matches("(?i)machine|default|login|password|account");
    return plain && random.nextBoolean()
        ? value
        : "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  private static String pair(Random random, String key, String value) {
    return cased(random, key) + gap(random) + written(random, value) + rest(random);
  }

  /** The lines of a host, and what they mean. */
  private static String entry(Random random, String begin, Optional<String> user, String password) {
    var pairs = new ArrayList<String>();
    user.ifPresent(name -> pairs.add(pair(random, "login", name)));
    pairs.add(pair(random, "password", password));
    if (random.nextBoolean()) {
      pairs.add(pair(random, "account", text(random, PARTS, 3)));
    }
    java.util.Collections.shuffle(pairs, random);
    return begin + String.join("", pairs);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void whatIsWrittenIsRead(int seed) {
    var random = new Random(seed);
    for (int n = 0; n < TIMES; n++) {
      var netrc = new StringBuilder(random.nextBoolean() ? "\uFEFF" : "");
      netrc.append(random.nextBoolean() ? "# all " + lineEnd(random) : "");
      var expected = new LinkedHashMap<String, String>();
      int hosts = 1 + random.nextInt(4);
      for (int host = 0; host <= hosts; host++) {
        boolean last = host == hosts;
        Optional<String> user =
            random.nextBoolean()
                ? Optional.of(text(random, PARTS, 4).replace(":", ""))
                : Optional.empty();
        String password =
            user.isPresent() ? text(random, PARTS, 6) : text(random, List.of("a", "#", "-"), 6);
        String name = last ? "other" : "h" + host + ".example.org";
        String begin =
            last
                ? cased(random, "default") + rest(random)
                : cased(random, "machine") + gap(random) + cased(random, name) + rest(random);
        netrc.append(entry(random, begin, user, password));
        expected.put(name, user.map(u -> u + ":").orElse("") + password);
      }
      var logins = HostLogins.parse(new Secret(netrc.toString()));
      expected.forEach(
          (name, login) ->
              assertThat(logins.of(URI.create("https://" + name + ":8443/x")).map(Secret::reveal))
                  .as(netrc.toString())
                  .contains(login));
      assertThat(logins.secrets().stream().map(Secret::reveal).toList())
          .containsAll(expected.values().stream().filter(login -> !login.isBlank()).toList());
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void anythingElseIsTakenInOneLineOrRefusedWithoutAWordOfIt(int seed) {
    var random = new Random(seed);
    var words =
        List.of(
            "machine",
            "default",
            "login",
            "password",
            "account",
            "macdef",
            "#",
            "\"",
            "\\",
            "\n",
            "\r",
            " ",
            "\t",
            " ",
            "\0",
            "\uFEFF",
            ":",
            "hid1",
            "hid2.hid",
            "https://hid3/",
            "é");
    int refused = 0;
    for (int n = 0; n < 10 * TIMES; n++) {
      String text = text(random, words, 14);
      try {
        HostLogins.parse(new Secret(text))
            .of(URI.create("http://hid2.hid"))
            .ifPresent(
                login -> assertThat(login.reveal()).as(text).doesNotContainPattern("[\r\n\0]"));
      } catch (IllegalArgumentException e) {
        refused++;
        assertThat(e).as(text).hasMessageNotContaining("hid").hasNoCause();
      }
    }
    assertThat(refused).isPositive();
  }
}
