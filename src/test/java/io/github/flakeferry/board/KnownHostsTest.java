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
    "desk.lan, desk.lan, 22, true",
    "desk.lan, DESK.lan, 22, true",
    "Desk.lan, desk.lan, 22, true",
    "'a.lan,desk.lan,10.0.0.2', 10.0.0.2, 22, true",
    "*.lan, desk.lan, 22, true",
    "d?sk.lan, desk.lan, 22, true",
    "'*.lan,!desk.lan', desk.lan, 22, false",
    "'!desk.lan,*.lan', desk.lan, 22, false",
    "!other.lan, desk.lan, 22, false",
    "desk.lan, esk.lan, 22, false",
    "d.sk.lan, desk.lan, 22, false",
    "[desk.lan]:2222, desk.lan, 2222, true",
    "[desk.lan]:2222, desk.lan, 22, false",
    "[desk.lan]:2222, desk.lan, 2223, false",
    "desk.lan, desk.lan, 2222, true",
    "[fe80::1]:2222, fe80::1, 2222, true",
    "fe80::1, fe80::1, 22, true",
  })
  void hostsAreNamedAsInOpenSsh(String hosts, String host, int port, boolean known)
      throws IOException {
    assertThat(of(host, port, hosts + " SHOWN me@here"))
        .isEqualTo(known ? new Standing.Known() : new Standing.New());
  }

  // by `ssh-keygen -H`
  @Test
  void namesMayBeHashed() throws IOException {
    assertThat(
            of(
                "desk.lan",
                22,
                "|1|aXgv+MygzvgMS6ru55vakeHTUI8=|Kj/UkrAuKAaHhBT/S3Zbh+AR2Jk= SHOWN"))
        .isEqualTo(new Standing.Known());
    assertThat(
            of(
                "desk.lan",
                2222,
                "|1|6hsvRGEE5iPUxsTH0RDvcLkKxpE=|eOhcID4+hfRFDdWsJCyxUx6mPfQ= SHOWN"))
        .isEqualTo(new Standing.Known());
    assertThat(
            of(
                "other.lan",
                22,
                "|1|aXgv+MygzvgMS6ru55vakeHTUI8=|Kj/UkrAuKAaHhBT/S3Zbh+AR2Jk= SHOWN"))
        .isEqualTo(new Standing.New());
    assertThat(of("desk.lan", 22, "|1|AA|AA SHOWN", "|1|%|% SHOWN", "|2|a|b SHOWN"))
        .isEqualTo(new Standing.New());
  }

  @Test
  void aRevokedKeyIsRevokedWhateverElseIsThere() throws IOException {
    assertThat(of("desk.lan", 22, "desk.lan SHOWN", "@revoked * SHOWN"))
        .isEqualTo(new Standing.Revoked());
    assertThat(of("desk.lan", 2222, "@revoked desk.lan SHOWN")).isEqualTo(new Standing.Revoked());
    assertThat(
            of(
                "desk.lan",
                22,
                "@revoked |1|aXgv+MygzvgMS6ru55vakeHTUI8=|Kj/UkrAuKAaHhBT/S3Zbh+AR2Jk= SHOWN"))
        .isEqualTo(new Standing.Revoked());
    assertThat(of("desk.lan", 22, "@revoked other.lan SHOWN", "desk.lan SHOWN"))
        .isEqualTo(new Standing.Known());
    assertThat(of("desk.lan", 22, "@revoked * " + OTHER, "desk.lan SHOWN"))
        .isEqualTo(new Standing.Known());
  }

  @Test
  void theKeyOfAnAuthorityIsNoHosts() throws IOException {
    assertThat(of("desk.lan", 22, "@cert-authority *.lan SHOWN")).isEqualTo(new Standing.New());
    assertThat(of("desk.lan", 22, "@cert-authority *.lan " + OTHER)).isEqualTo(new Standing.New());
    assertThat(of("desk.lan", 22, "@new *.lan SHOWN")).isEqualTo(new Standing.New());
  }

  @Test
  void anotherKeyOfItsTypeIsTold() throws IOException {
    assertThat(of("desk.lan", 22, "desk.lan " + OTHER)).isEqualTo(new Standing.Other());
    assertThat(of("desk.lan", 22, "desk.lan " + OTHER, "desk.lan SHOWN"))
        .isEqualTo(new Standing.Known());
    assertThat(of("desk.lan", 2222, "desk.lan " + OTHER)).isEqualTo(new Standing.New());
  }

  @Test
  void keysOfOtherTypesAloneAreTold() throws IOException {
    String rsa = "desk.lan ssh-rsa " + OTHER.base64();
    String ecdsa = "desk.lan ecdsa-sha2-nistp256 " + OTHER.base64();
    assertThat(of("desk.lan", 22, rsa, ecdsa, rsa))
        .isEqualTo(new Standing.OtherKind(List.of("ecdsa-sha2-nistp256", "ssh-rsa")));
    assertThat(of("desk.lan", 22, rsa, "desk.lan " + OTHER)).isEqualTo(new Standing.Other());
    assertThat(of("desk.lan", 22, rsa, "desk.lan SHOWN")).isEqualTo(new Standing.Known());
    assertThat(of("desk.lan", 2222, rsa)).isEqualTo(new Standing.New());
  }

  // seen of OpenSSH 9.2
  @Test
  void theNameWithoutThePortCountsOnlyWhereNoneWithItIsThere() throws IOException {
    String plain = "desk.lan SHOWN";
    String port = "[desk.lan]:2222 ";
    assertThat(of("desk.lan", 2222, plain, port + OTHER)).isEqualTo(new Standing.Other());
    assertThat(of("desk.lan", 2222, port + OTHER, plain)).isEqualTo(new Standing.Other());
    assertThat(of("desk.lan", 2222, port + "ssh-rsa " + OTHER.base64(), plain))
        .isEqualTo(new Standing.OtherKind(List.of("ssh-rsa")));
    assertThat(of("desk.lan", 2222, plain, port + OTHER, port + "SHOWN"))
        .isEqualTo(new Standing.Known());
    assertThat(of("desk.lan", 2222, plain, "[desk.lan]:2223 " + OTHER))
        .isEqualTo(new Standing.Known());
    assertThat(of("desk.lan", 2222, plain, "@cert-authority " + port + OTHER))
        .isEqualTo(new Standing.Known());
    assertThat(of("desk.lan", 2222, plain, "@revoked " + port + OTHER))
        .isEqualTo(new Standing.Known());
    assertThat(of("desk.lan", 2222, "@revoked " + plain, port + "SHOWN"))
        .isEqualTo(new Standing.Revoked());
  }

  @Test
  void whatIsNoLineIsPassedOver() throws IOException {
    assertThat(of("desk.lan", 22, "", "#desk.lan SHOWN", "desk.lan", "desk.lan ssh-rsa %%%", "@"))
        .isEqualTo(new Standing.New());
    assertThat(of("desk.lan", 22, "  desk.lan\t SHOWN\r")).isEqualTo(new Standing.Known());
  }
}
