package io.github.flakeferry.model;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * The secret half of a cache's key, as {@code nix key generate-secret} writes it: {@code
 * <name>:<base-64 of seed and public key, 64 bytes>}. Never printed: {@link #toString} shows the
 * public half.
 */
public final class SigningKey {
  // the fixed header of an ed25519 seed in PKCS #8 form (RFC 8410, section 7)
  private static final byte[] PKCS8 = HexFormat.of().parseHex("302e020100300506032b657004220420");

  private final PublicKey publicKey;
  private final PrivateKey privateKey;
  private final byte[] seed;

  private SigningKey(String name, byte[] seed, byte[] publicHalf) {
    this.publicKey = new PublicKey(name, Base64.getEncoder().encodeToString(publicHalf));
    this.seed = seed;
    byte[] encoded = Arrays.copyOf(PKCS8, PKCS8.length + seed.length);
    System.arraycopy(seed, 0, encoded, PKCS8.length, seed.length);
    try {
      this.privateKey =
          KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(encoded));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no ed25519", e);
    }
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
    return new SigningKey(
        trimmed.substring(0, colon), Arrays.copyOf(bytes, 32), Arrays.copyOfRange(bytes, 32, 64));
  }

  /** A new key with this name. */
  public static SigningKey generate(String name) {
    try {
      var pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
      byte[] seed = ((EdECPrivateKey) pair.getPrivate()).getBytes().orElseThrow();
      byte[] encoded = pair.getPublic().getEncoded();
      return new SigningKey(
          name, seed, Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no ed25519", e);
    }
  }

  /** The half that may be shown. */
  public PublicKey publicKey() {
    return publicKey;
  }

  /** Signs a fingerprint (see {@link PathInfo#fingerprint}). */
  public PathSignature sign(String fingerprint) {
    try {
      var signer = Signature.getInstance("Ed25519");
      signer.initSign(privateKey);
      signer.update(fingerprint.getBytes(StandardCharsets.UTF_8));
      return new PathSignature(publicKey.name(), Base64.getEncoder().encodeToString(signer.sign()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("ed25519 failed to sign", e);
    }
  }

  /** The key as text, for the file or the environment that keeps it. */
  public Secret export() {
    byte[] both = Arrays.copyOf(seed, 64);
    System.arraycopy(Base64.getDecoder().decode(publicKey.base64()), 0, both, 32, 32);
    return new Secret(publicKey.name() + ":" + Base64.getEncoder().encodeToString(both));
  }

  @Override
  public String toString() {
    return "the signing key of " + publicKey;
  }
}
