package io.github.flakeferry.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostKeyTest {
  private static final String BASE64 =
      "AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ssh-ed25519 " + BASE64,
        "ssh-ed25519 " + BASE64 + " root@board",
        "board.lan ssh-ed25519 " + BASE64,
        "board.lan,192.0.2.7 ssh-ed25519 " + BASE64 + " a comment of words",
        "[board.lan]:2222 ssh-ed25519 " + BASE64,
        "[2001:db8::7]:2222,2001:db8::7 ssh-ed25519 " + BASE64,
        "|1|F1E1KeoE/eEWhi10WpGv4OdiO6Y=|3988QV0VE8wmZL7suNrYQLITLCg= ssh-ed25519 " + BASE64,
        "  board.lan\tssh-ed25519\t" + BASE64 + "\n",
      })
  void aLineOfKnownHostsIsTakenAsItIs(String line) {
    assertThat(HostKey.parse(line)).isEqualTo(new HostKey("ssh-ed25519", BASE64));
  }

  @Test
  void whatIsNoKeyIsToldWithWhatWasFound() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HostKey.parse("board.lan ssh-ed25519"))
        .withMessageContaining("board.lan ssh-ed25519");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HostKey.parse("@cert-authority *.lan ssh-ed25519 " + BASE64));
  }
}
