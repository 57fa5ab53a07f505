package io.github.flakeferry.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flakeferry.Docs;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HostLoginsTest {
  private static HostLogins parsed(String text) {
    return HostLogins.parse(new Secret(text));
  }

  private static Optional<String> of(String text, String server) {
    return parsed(text).of(URI.create(server)).map(Secret::reveal);
  }

  private static List<String> secrets(String text) {
    return parsed(text).secrets().stream().map(Secret::reveal).toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "user:pass word",
        "user:machines #1 \"",
        "  a-token\r\n",
        "\uFEFFa-token",
        "machinery",
        "default:x y",
        ":pw",
        "#1"
      })
  void aSingleLineIsForAll(String text) {
    String one = text.replace("\uFEFF", "").strip();
    assertThat(of(text, "https://a.example.org/x")).contains(one);
    assertThat(of(text, "http://b")).contains(one);
  }

  @Test
  void eachHostHasItsOwn() {
    String netrc =
        """

        machine a.example.org login ferry password p:w
        machine B.example.org
          login me account x password "say \\"\\\\o/\\" to it"
        Machine c.example.org PASSWORD a-token
        machine ::1 login six password 6
        machine [::2] login six password 2
        machine d.example.org
        default login "" password ""
        """;
    assertThat(of(netrc, "https://a.example.org/cache")).contains("ferry:p:w");
    assertThat(of(netrc, "http://b.EXAMPLE.org:8080")).contains("me:say \"\\o/\" to it");
    assertThat(of(netrc, "https://c.example.org")).contains("a-token");
    assertThat(of(netrc, "http://[0:0::1]:80/")).contains("six:6");
    assertThat(of(netrc, "http://[::0002]/")).contains("six:2");
    assertThat(of(netrc, "https://d.example.org")).isEmpty();
    assertThat(of(netrc, "https://example.org")).contains(":");
  }

  @Test
  void whatHasNoLineGetsNone() {
    String netrc = "machine a.example.org password x";
    assertThat(of(netrc, "https://b.a.example.org")).isEmpty();
    assertThat(of(netrc, "https://example.org")).isEmpty();
    assertThat(of(netrc, "file:///folder")).isEmpty();
  }

  @Test
  void theFirstThatFitsCountsAndTheDefaultForTheRest() {
    String netrc =
        "machine a login x password 1 machine a login y password 2 default login z password 3";
    assertThat(of(netrc, "http://a")).contains("x:1");
    assertThat(of(netrc, "http://b")).contains("z:3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"# our caches\n%s", "\uFEFF%s", "\uFEFF# our\r\n\r\n%s", "\t%s\n#\n"})
  void whatStandsBeforeAndAroundMakesItNoSingleLogin(String frame) {
    String netrc = frame.formatted("machine a login x password y");
    assertThat(of(netrc, "http://a")).contains("x:y");
    assertThat(of(netrc, "http://b")).isEmpty();
    assertThat(secrets(netrc)).containsExactly("x:y", "y");
  }

  @Test
  void aCommentIsWhereAWordBeginsWithIt() {
    String netrc =
        """
        machine a # for previews, login password machine
          login u#1 #login x
          # password "z
          password p#w# # end
        machine b login x password "# no comment" #"
        """;
    assertThat(of(netrc, "http://a")).contains("u#1:p#w#");
    assertThat(of(netrc, "http://b")).contains("x:# no comment");
  }

  @Test
  void allThatMustNotBeSeenIsNamedAlsoAlone() {
    assertThat(secrets("user:pass word\n")).containsExactly("user:pass word", "pass word");
    assertThat(secrets("a-token\n")).containsExactly("a-token");
    assertThat(secrets("user:")).containsExactly("user:");
    assertThat(secrets("machine a login x password y machine b password z machine c\ndefault"))
        .containsExactly("x:y", "y", "z");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          in line 3 expected `machine HOST`                | # a\\n\\nmachin hidden login hidden password hidden
          in line 1 expected `machine HOST`                | hidden:hidden\\n# my login
          in line 1 expected `machine HOST`                | hidden\\nhidden
          in line 1 expected `machine HOST`                | login hidden password hidden machine a
          in line 2 expected `machine`, `default`, `login` | machine a login hidden\\npasword hidden
          double quotes                                    | machine a password hidden hidden
          in line 1 expected `machine`, `default`, `login` | machine a "login" hidden password hidden
          in line 2 expected no `macdef`                   | machine a\\nmacdef hidden\\nhidden
          a value after `machine`                          | machine
          a value after `login`                            | machine a login
          a value after `password`                         | machine a login hidden password
          a value after `account`                          | machine a account
          a value after `login`                            | machine a login password hidden
          a value after `password`                         | machine a password #hidden
          in line 1 expected a value after `password`      | machine a login x password\\nhidden
          a `password` with this `login`                   | machine a login hidden
          a `login` without a colon                        | machine a login hid:den password hidden
          a `login` with this `password`                   | machine a password "hidden hidden"
          a `login` with this `password`                   | machine a password hidden:hidden
          a `login` with this `password`                   | machine a password ""
          in line 2 expected one `login`                   | machine a login x\\nlogin hidden password hidden
          one `password`                                   | machine a password hidden password hidden
          without its port                                 | machine hidden:8443 password x
          without its port                                 | machine [::1]:80 password x
          no URL, but its host alone                       | machine https://hidden:80/ password x
          no URL, but its host alone                       | machine hidden/x password x
          a host's name or address                         | machine "" password x
          a host's name or address                         | machine *.hidden password x
          a host's name or address                         | machine a:b:80 password x
          nothing after `default`                          | default password x machine hidden password hidden
          in line 2 expected nothing after `default`       | default password x\\ndefault password hidden
          the end of what is in double quotes              | machine a login x password "hidden
          the end of what is in double quotes              | machine a login x password "hidden"hidden
          the end of what is in double quotes              | machine a login x password "hid\\\\nden"
          in line 2 expected no control character          | machine a\\rpassword hid\\0den
          no line that begins with `machine`               | # machine hidden password hidden
          expected USER:PASSWORD                           | # hidden\\n
          expected USER:PASSWORD                           | hidden hidden
          expected USER:PASSWORD                           | login hidden password hidden
          expected USER:PASSWORD                           | hiddén
          control character                                | hid\\7:den
          """)
  void whatDoesNotParseIsRefusedInWordsThatHoldNothingOfIt(String told, String escaped) {
    assertThatThrownBy(() -> parsed(escaped.translateEscapes()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(told)
        .hasMessageNotContainingAny("hid", "den")
        .hasNoCause();
  }

  @Test
  void anEmptyTextIsRefused() {
    assertThatThrownBy(() -> parsed(" \n")).hasMessageContaining("expected USER:PASSWORD");
    assertThatThrownBy(() -> parsed("\uFEFF")).hasMessageContaining("expected USER:PASSWORD");
  }

  @Test
  void theExampleInThePageIsTaken() {
    Matcher example = Pattern.compile("(?s)```netrc\n(.*?)```").matcher(Docs.text(Docs.POLICY));
    assertThat(example.find()).isTrue();
    assertThat(of(example.group(1), "https://cache.example.org")).contains("ferry:correct-horse");
    assertThat(of(example.group(1), "https://previews.example.org")).contains("a-bearer-token");
  }
}
