package io.github.flakeferry.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;

/**
 * The secret half of a cache's key, as {@code nix key generate-secret} writes it: {@code
 * <name>:<base-64 of seed and public key, 64 bytes>}. Never printed: {@link #toString} shows the
 * public half.
 */
public final class SigningKey {
  private final PublicKey publicKey;
  // not Java's own, which needs ten times as long for a signature
  private final Ed25519PrivateKeyParameters privateKey;

  private SigningKey(String name, Ed25519PrivateKeyParameters privateKey) {
    byte[] publicHalf = privateKey.generatePublicKey().getEncoded();
    this.publicKey = new PublicKey(name, Base64.getEncoder().encodeToString(publicHalf));
    this.privateKey = privateKey;
  }

  /**
   * Reads {@code name:base64}, white space around it ignored.
   *
   * @throws IllegalArgumentException if it is not of that form; the message holds nothing of it
   */
  public static SigningKey parse(String text) {
    String trimmed = text.strip();
    int colon = trimmed.indexOf(':');
    byte[] bytes = new byte[0];
    if (colon > 0) {
      try {
        bytes = Base64.getDecoder().decode(trimmed.substring(colon + 1));
      } catch (IllegalArgumentException e) {
        // said below, without the text
      }
    }
    if (bytes.length != 64) {
      throw new IllegalArgumentException(
          "the signing key is not of the form NAME:BASE64 with 64 bytes, as"
              + " `nix key generate-secret --key-name NAME` prints it");
    }
    var key =
        new SigningKey(trimmed.substring(0, colon), new Ed25519PrivateKeyParameters(bytes, 0));
    if (!Arrays.equals(key.both(), bytes)) {
      throw new IllegalArgumentException(
          "the signing key is damaged: its two halves don't belong together");
    }
    return key;
  }

  /** A new key with this name. */
  public static SigningKey generate(String name) {
    return new SigningKey(name, new Ed25519PrivateKeyParameters(new SecureRandom()));
  }

  /** The half that may be shown. */
  public PublicKey publicKey() {
    return publicKey;
  }

  /** Signs a fingerprint (see {@link PathInfo#fingerprint}). */
  public PathSignature sign(String fingerprint) {
    var signer = new Ed25519Signer();
    signer.init(true, privateKey);
    byte[] message = fingerprint.getBytes(UTF_8);
    signer.update(message, 0, message.length);
    return new PathSignature(
        publicKey.name(), Base64.getEncoder().encodeToString(signer.generateSignature()));
  }

  /** The key as text, for the file or the environment that keeps it. */
  public Secret export() {
    return new Secret(publicKey.name() + ":" + Base64.getEncoder().encodeToString(both()));
  }

  private byte[] both() {
    byte[] both = Arrays.copyOf(privateKey.getEncoded(), 64);
    System.arraycopy(Base64.getDecoder().decode(publicKey.base64()), 0, both, 32, 32);
    return both;
  }

  @Override
  public String toString() {
    return "the signing key of " + publicKey;
  }
}
