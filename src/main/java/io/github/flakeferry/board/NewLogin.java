package io.github.flakeferry.board;

import io.github.flakeferry.model.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.util.Base64;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.util.OpenSSHPrivateKeyUtil;
import org.bouncycastle.crypto.util.OpenSSHPublicKeyUtil;

/**
 * A new ed25519 key to log in on boards with.
 *
 * @param privateKey as {@code ssh-keygen} writes it (OpenSSH: PROTOCOL.key), without a passphrase
 * @param publicLine for {@code authorized_keys}, without a comment
 */
public record NewLogin(Secret privateKey, String publicLine) {
  /** Makes one. */
  public static NewLogin generate() {
    var key = new Ed25519PrivateKeyParameters(new SecureRandom());
    try {
      String lines =
          Base64.getMimeEncoder(70, new byte[] {'\n'})
              .encodeToString(OpenSSHPrivateKeyUtil.encodePrivateKey(key));
      return new NewLogin(
          new Secret(
              "-----BEGIN OPENSSH PRIVATE KEY-----\n"
                  + lines
                  + "\n-----END OPENSSH PRIVATE KEY-----\n"),
          "ssh-ed25519 "
              + Base64.getEncoder()
                  .encodeToString(OpenSSHPublicKeyUtil.encodePublicKey(key.generatePublicKey())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
