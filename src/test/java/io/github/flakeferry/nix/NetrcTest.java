package io.github.flakeferry.nix;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.model.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class NetrcTest {
  private static SortedMap<String, Secret> logins(String login, String... hosts) {
    var logins = new TreeMap<String, Secret>();
    for (String host : hosts) {
      logins.put(host, new Secret(login));
    }
    return logins;
  }

  @Test
  void onlyItsOwnerReadsItAndItIsGoneWhenClosed() throws IOException {
    Path file;
    try (var netrc = Netrc.write(logins("me:pw", "a.example.org"), "")) {
      file = netrc.file();
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
          .isEqualTo("rwx------");
      assertThat(netrc.toString()).doesNotContain("pw");
    }
    assertThat(file).doesNotExist();
    assertThat(file.getParent()).doesNotExist();
  }

  @Test
  void itHasOurLoginsFirstAndThenTheMachinesOwn() throws IOException {
    var logins = logins("me:p:w", "a.example.org", "::1");
    logins.put("c.example.org", new Secret("you:other"));
    try (var netrc = Netrc.write(logins, "machine b login x password y\n")) {
      assertThat(netrc.file())
          .hasContent(
              """
              machine ::1 login me password p:w
              machine a.example.org login me password p:w
              machine c.example.org login you password other
              machine b login x password y
              """);
    }
  }

  @Test
  void whatCurlWouldTakeApartIsQuoted() throws IOException {
    try (var netrc = Netrc.write(logins("me:say \"\\o/\" é", "a"), "")) {
      assertThat(netrc.file()).hasContent("machine a login me password \"say \\\"\\\\o/\\\" é\"\n");
    }
  }
}
