package io.github.flakeferry.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HostLoginsTest {
  private static Optional<String> of(String credentials, String server) {
    return HostLogins.of(new Secret(credentials), URI.create(server)).map(Secret::reveal);
  }

  @ParameterizedTest
  @ValueSource(strings = {"user:pass word", "a-token\n", "machine", "machinery x", "default:x y"})
  void anythingElseIsForAll(String credentials) {
    assertThat(of(credentials, "https://a.example.org/x")).contains(credentials);
    assertThat(HostLogins.secrets(new Secret(credentials)))
        .containsExactly(new Secret(credentials));
  }

  @Test
  void eachHostHasItsOwn() {
    String netrc =
        """

        machine a.example.org login ferry password p:w
        machine B.example.org
          login me account x password "say \\"\\\\o/\\" to it"
        machine c.example.org password a-token
        machine ::1 login six password 6
        machine d.example.org login nobody
        """;
    assertThat(of(netrc, "https://a.example.org/cache")).contains("ferry:p:w");
    assertThat(of(netrc, "http://b.EXAMPLE.org:8080")).contains("me:say \"\\o/\" to it");
    assertThat(of(netrc, "https://c.example.org")).contains("a-token");
    assertThat(of(netrc, "http://[::1]:80/")).contains("six:6");
    assertThat(of(netrc, "https://d.example.org")).isEmpty();
    assertThat(of(netrc, "https://example.org")).isEmpty();
    assertThat(of(netrc, "file:///folder")).isEmpty();
    assertThat(HostLogins.secrets(new Secret(netrc)))
        .extracting(Secret::reveal)
        .containsExactly("p:w", "say \"\\o/\" to it", "a-token", "6");
  }

  @Test
  void theFirstThatFitsCountsAndTheDefaultForTheRest() {
    String netrc =
        "machine a login x password 1 machine a login y password 2 default login z password 3";
    assertThat(of(netrc, "http://a")).contains("x:1");
    assertThat(of(netrc, "http://b")).contains("z:3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"machine ", "machine a login", "default password"})
  void halfOfOneIsNone(String credentials) {
    assertThat(of(credentials, "http://a")).isEmpty();
  }
}
