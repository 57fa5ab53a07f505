package io.github.flakeferry.board;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.board.KnownHosts.Standing;
import io.github.flakeferry.model.HostKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class KnownHostsTest {
  private static final HostKey SHOWN =
      HostKey.parse(
          "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ3rXxKf1GGk8DxlZhYe1hKHlZ5M3wYm3Pj1fZr0v7mO");
  private static final HostKey OTHER =
      HostKey.parse(
          "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl");

  @TempDir private Path folder;

  private Standing of(String host, int port, String... lines) throws IOException {
    Path file = folder.resolve("known_hosts");
    Files.writeString(file, String.join("\n", lines).replace("SHOWN", SHOWN.toString()));
    return new KnownHosts(List.of(folder.resolve("none"), file)).of(host, port, SHOWN);
  }

  @ParameterizedTest
  @CsvSource({
    "desk.lan, desk.lan, 22, KNOWN",
    "desk.lan, DESK.lan, 22, KNOWN",
    "Desk.lan, desk.lan, 22, KNOWN",
    "'a.lan,desk.lan,10.0.0.2', 10.0.0.2, 22, KNOWN",
    "*.lan, desk.lan, 22, KNOWN",
    "d?sk.lan, desk.lan, 22, KNOWN",
    "'*.lan,!desk.lan', desk.lan, 22, NEW",
    "'!desk.lan,*.lan', desk.lan, 22, NEW",
    "!other.lan, desk.lan, 22, NEW",
    "desk.lan, esk.lan, 22, NEW",
    "d.sk.lan, desk.lan, 22, NEW",
    "[desk.lan]:2222, desk.lan, 2222, KNOWN",
    "[desk.lan]:2222, desk.lan, 22, NEW",
    "[desk.lan]:2222, desk.lan, 2223, NEW",
    "desk.lan, desk.lan, 2222, KNOWN",
    "[fe80::1]:2222, fe80::1, 2222, KNOWN",
    "fe80::1, fe80::1, 22, KNOWN",
  })
  void hostsAreNamedAsInOpenSsh(String hosts, String host, int port, Standing standing)
      throws IOException {
    assertThat(of(host, port, hosts + " SHOWN me@here")).isEqualTo(standing);
  }

  // by `ssh-keygen -H`
  @Test
  void namesMayBeHashed() throws IOException {
    assertThat(
            of(
                "desk.lan",
                22,
                "|1|aXgv+MygzvgMS6ru55vakeHTUI8=|Kj/UkrAuKAaHhBT/S3Zbh+AR2Jk= SHOWN"))
        .isEqualTo(Standing.KNOWN);
    assertThat(
            of(
                "desk.lan",
                2222,
                "|1|6hsvRGEE5iPUxsTH0RDvcLkKxpE=|eOhcID4+hfRFDdWsJCyxUx6mPfQ= SHOWN"))
        .isEqualTo(Standing.KNOWN);
    assertThat(
            of(
                "other.lan",
                22,
                "|1|aXgv+MygzvgMS6ru55vakeHTUI8=|Kj/UkrAuKAaHhBT/S3Zbh+AR2Jk= SHOWN"))
        .isEqualTo(Standing.NEW);
    assertThat(of("desk.lan", 22, "|1|AA|AA SHOWN", "|1|%|% SHOWN", "|2|a|b SHOWN"))
        .isEqualTo(Standing.NEW);
  }

  @Test
  void aRevokedKeyIsRevokedWhateverElseIsThere() throws IOException {
    assertThat(of("desk.lan", 22, "desk.lan SHOWN", "@revoked * SHOWN"))
        .isEqualTo(Standing.REVOKED);
    assertThat(of("desk.lan", 2222, "@revoked desk.lan SHOWN")).isEqualTo(Standing.REVOKED);
    assertThat(
            of(
                "desk.lan",
                22,
                "@revoked |1|aXgv+MygzvgMS6ru55vakeHTUI8=|Kj/UkrAuKAaHhBT/S3Zbh+AR2Jk= SHOWN"))
        .isEqualTo(Standing.REVOKED);
    assertThat(of("desk.lan", 22, "@revoked other.lan SHOWN", "desk.lan SHOWN"))
        .isEqualTo(Standing.KNOWN);
    assertThat(of("desk.lan", 22, "@revoked * " + OTHER, "desk.lan SHOWN"))
        .isEqualTo(Standing.KNOWN);
  }

  @Test
  void theKeyOfAnAuthorityIsNoHosts() throws IOException {
    assertThat(of("desk.lan", 22, "@cert-authority *.lan SHOWN")).isEqualTo(Standing.NEW);
    assertThat(of("desk.lan", 22, "@cert-authority *.lan " + OTHER)).isEqualTo(Standing.NEW);
    assertThat(of("desk.lan", 22, "@new *.lan SHOWN")).isEqualTo(Standing.NEW);
  }

  @Test
  void anotherKeyOfItsTypeIsTold() throws IOException {
    assertThat(of("desk.lan", 22, "desk.lan " + OTHER)).isEqualTo(Standing.OTHER);
    assertThat(of("desk.lan", 22, "desk.lan " + OTHER, "desk.lan SHOWN")).isEqualTo(Standing.KNOWN);
    assertThat(of("desk.lan", 2222, "desk.lan " + OTHER)).isEqualTo(Standing.NEW);
    assertThat(of("desk.lan", 22, "desk.lan ssh-rsa " + OTHER.base64())).isEqualTo(Standing.NEW);
  }

  @Test
  void whatIsNoLineIsPassedOver() throws IOException {
    assertThat(of("desk.lan", 22, "", "#desk.lan SHOWN", "desk.lan", "desk.lan ssh-rsa %%%", "@"))
        .isEqualTo(Standing.NEW);
    assertThat(of("desk.lan", 22, "  desk.lan\t SHOWN\r")).isEqualTo(Standing.KNOWN);
  }
}
