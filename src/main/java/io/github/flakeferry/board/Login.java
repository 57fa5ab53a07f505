package io.github.flakeferry.board;

import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.FailureReason;
import io.github.flakeferry.model.HostKey;
import io.github.flakeferry.model.SshKey;
import java.io.IOException;
import java.security.KeyPair;
import java.util.Base64;
import net.schmizz.sshj.DefaultConfig;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.KeyType;
import net.schmizz.sshj.userauth.password.PasswordUtils;

/** The private key that logs in, read once. */
final class Login {
  private final KeyPair pair;

  /**
   * @throws KeyUnreadable if it is no key that OpenSSH writes, or the passphrase is missing or
   *     wrong
   */
  Login(SshKey key) {
    var finder =
        key.passphrase()
            .map(p -> PasswordUtils.createOneOff(p.reveal().toCharArray()))
            .orElse(null);
    try (var client = new SSHClient(new DefaultConfig())) {
      // OpenSSH wants a line end after the last line, and secrets often have lost it
      var keys = client.loadKeys(key.text().reveal().strip() + "\n", null, finder);
      this.pair = new KeyPair(keys.getPublic(), keys.getPrivate());
    } catch (IOException | RuntimeException e) {
      throw new KeyUnreadable(key.passphrase().isPresent());
    }
  }

  KeyPair pair() {
    return pair;
  }

  /** The public half, for people: type and fingerprint. */
  String shown() {
    byte[] wire = new Buffer.PlainBuffer().putPublicKey(pair.getPublic()).getCompactData();
    var key =
        new HostKey(
            KeyType.fromKey(pair.getPublic()).toString(), Base64.getEncoder().encodeToString(wire));
    return key.type() + " " + key.fingerprint();
  }

  /** The key is none. Says nothing of what it holds. */
  static final class KeyUnreadable extends Failure {
    KeyUnreadable(boolean withPassphrase) {
      super(
          FailureReason.CONFIG_INVALID,
          withPassphrase
              ? "the SSH key can't be read with this passphrase"
              : "the SSH key can't be read",
          "Give a private key as ssh-keygen writes it (ed25519, ecdsa or rsa), whole, with its"
              + " BEGIN and END lines, and its passphrase if it has one.");
    }
  }
}
