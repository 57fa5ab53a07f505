package io.github.flakeferry.nix;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.model.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;

final class NetrcTest {
  @Test
  void onlyItsOwnerReadsItAndItIsGoneWhenClosed() throws IOException {
    Path file;
    try (var netrc = Netrc.write(List.of("a.example.org"), new Secret("me:pw\n"), "")) {
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
    var hosts = List.of("a.example.org", "::1");
    try (var netrc = Netrc.write(hosts, new Secret("me:p:w"), "machine b login x password y\n")) {
      assertThat(netrc.file())
          .hasContent(
              """
              machine a.example.org login me password p:w
              machine ::1 login me password p:w
              machine b login x password y
              """);
    }
  }

  @Test
  void whatCurlWouldTakeApartIsQuoted() throws IOException {
    try (var netrc = Netrc.write(List.of("a"), new Secret("me:say \"\\o/\" é"), "")) {
      assertThat(netrc.file()).hasContent("machine a login me password \"say \\\"\\\\o/\\\" é\"\n");
    }
  }
}
