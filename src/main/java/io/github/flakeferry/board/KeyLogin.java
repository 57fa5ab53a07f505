package io.github.flakeferry.board;

import com.hierynomus.sshj.userauth.certificate.Certificate;
import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.HostKey;
import io.github.flakeferry.model.SshKey;
import java.io.IOException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.KeyType;
import net.schmizz.sshj.userauth.method.AuthMethod;
import net.schmizz.sshj.userauth.password.PasswordUtils;

/**
 * The private key that logs in, read once. A certificate of it may stand beside it, as a line of
 * its own: what OpenSSH keeps in {@code …-cert.pub} (OpenSSH: PROTOCOL.certkeys).
 */
final class KeyLogin implements Login {
  private static final Pattern CERTIFICATE =
      Pattern.compile("(?m)^[a-z0-9-]+-cert-v01@openssh\\.com\\s+(AAAA\\S+).*$");

  private final PublicKey key;
  private final KeyPair pair;

  /**
   * @throws KeyUnreadable if it is no key that OpenSSH writes, or the passphrase is missing or
   *     wrong, or the certificate is another key's
   */
  KeyLogin(SshKey key) {
    var finder =
        key.passphrase()
            .map(p -> PasswordUtils.createOneOff(p.reveal().toCharArray()))
            .orElse(null);
    String text = key.text().reveal();
    Matcher certificate = CERTIFICATE.matcher(text);
    Optional<String> certified =
        certificate.find() ? Optional.of(certificate.group(1)) : Optional.empty();
    try (var client = new SSHClient(SshConfig.create())) {
      // OpenSSH wants a line end after the last line, and secrets often have lost it
      String alone = certificate.replaceAll("").strip() + "\n";
      var keys = client.loadKeys(alone, null, finder);
      this.key = keys.getPublic();
      this.pair =
          new KeyPair(
              certified.isPresent() ? certificate(certified.get()) : this.key, keys.getPrivate());
    } catch (IOException | RuntimeException e) {
      throw new KeyUnreadable(key.passphrase().isPresent());
    }
    if (pair.getPublic() instanceof Certificate<?> of && !of.getKey().equals(this.key)) {
      throw new KeyUnreadable("the certificate beside the SSH key is not this key's");
    }
  }

  private static PublicKey certificate(String base64) throws IOException {
    return new Buffer.PlainBuffer(Base64.getDecoder().decode(base64)).readPublicKey();
  }

  @Override
  public List<AuthMethod> methods() {
    return List.of(new EagerPublickey(pair));
  }

  @Override
  public String shown() {
    var shown = new HostKey(KeyType.fromKey(key).toString(), base64(key));
    return shown.type()
        + " "
        + shown.fingerprint()
        + (pair.getPublic() instanceof Certificate<?> ? " with a certificate" : "");
  }

  @Override
  public Optional<String> authorizedKey() {
    return Optional.of(KeyType.fromKey(key) + " " + base64(key));
  }

  private static String base64(PublicKey key) {
    return Base64.getEncoder()
        .encodeToString(new Buffer.PlainBuffer().putPublicKey(key).getCompactData());
  }

  /** The key is none. Says nothing of what it holds. */
  static final class KeyUnreadable extends Failure {
    KeyUnreadable(boolean withPassphrase) {
      this(
          withPassphrase
              ? "the SSH key can't be read with this passphrase"
              : "the SSH key can't be read");
    }

    KeyUnreadable(String problem) {
      super(
          FailureCode.SSH_KEY,
          problem,
          "Give a private key as ssh-keygen writes it (ed25519, ecdsa or rsa), whole, with its"
              + " BEGIN and END lines, and its passphrase if it has one. Its certificate may follow"
              + " as a line.");
    }
  }
}
