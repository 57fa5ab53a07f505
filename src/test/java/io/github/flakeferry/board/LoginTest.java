package io.github.flakeferry.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.flakeferry.model.Secret;
import io.github.flakeferry.model.SshKey;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LoginTest {
  @Test
  void aTextThatIsNoKeyIsToldWithoutShowingIt() {
    assertThatExceptionOfType(KeyLogin.KeyUnreadable.class)
        .isThrownBy(() -> Login.of(new SshKey(new Secret("correct horse"), Optional.empty())))
        .satisfies(
            e -> {
              assertThat(e.problem()).doesNotContain("horse");
              assertThat(e.advice()).contains("ssh-keygen");
            });
  }
}
