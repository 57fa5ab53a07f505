package io.github.flakeferry.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.flakeferry.model.Secret;
import io.github.flakeferry.model.SshKey;
import io.github.flakeferry.support.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys as OpenSSH's own ssh-keygen writes them. */
class LoginIT {
  @TempDir Path folder;

  private Path generate(String type, String passphrase, String form) throws IOException {
    Path file = folder.resolve("key");
    Command.of("ssh-keygen", "-q", "-t", type, "-N", passphrase, "-m", form, "-f", file.toString())
        .run()
        .orThrow();
    return file;
  }

  private static Login login(Path file, String passphrase) throws IOException {
    return Login.of(
        new SshKey(
            // as it comes out of a secret that has lost its last line end
            new Secret(Files.readString(file).stripTrailing()),
            passphrase.isEmpty() ? Optional.empty() : Optional.of(new Secret(passphrase))));
  }

  @ParameterizedTest
  @CsvSource({
    "ed25519, '', RFC4716",
    "ed25519, secret, RFC4716",
    "ecdsa, '', RFC4716",
    "ecdsa, secret, PEM",
    "rsa, secret, RFC4716",
    "rsa, '', PEM",
    "rsa, '', PKCS8",
  })
  void aKeyIsReadAndItsPublicHalfShown(String type, String passphrase, String form)
      throws IOException {
    Path file = generate(type, passphrase, form);
    String listed = Command.of("ssh-keygen", "-l", "-f", file + ".pub").run().orThrow().output();

    assertThat(login(file, passphrase).shown()).endsWith(" " + listed.split(" ")[1]);
  }

  @Test
  void aMissingPassphraseIsTold() throws IOException {
    Path file = generate("ed25519", "secret", "RFC4716");

    assertThatExceptionOfType(KeyLogin.KeyUnreadable.class).isThrownBy(() -> login(file, ""));
    assertThatExceptionOfType(KeyLogin.KeyUnreadable.class)
        .isThrownBy(() -> login(file, "wrong"))
        .withMessageContaining("with this passphrase");
  }
}
