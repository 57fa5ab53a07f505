package io.github.flakeferry.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class SigningKeyTest {
  // RFC 8032, section 7.1, test 1: the signature of nothing
  private static final byte[] BOTH =
      HexFormat.of()
          .parseHex(
              "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
                  + "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  private static final byte[] SIGNATURE =
      HexFormat.of()
          .parseHex(
              "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b");

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  @Test
  void signsAsTheRfcSays() {
    var key = SigningKey.parse("cache-1:" + base64(BOTH) + "\n");
    assertThat(key.sign("")).isEqualTo(new PathSignature("cache-1", base64(SIGNATURE)));
    assertThat(key.export().reveal()).isEqualTo("cache-1:" + base64(BOTH));
  }

  @Test
  void halvesOfTwoKeysAreNone() {
    byte[] damaged = BOTH.clone();
    damaged[63] ^= 1;
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SigningKey.parse("cache-1:" + base64(damaged)))
        .withMessage("the signing key is damaged: its two halves don't belong together");
  }

  @Test
  void whatItSignsIsRightForItsPublicHalfAndNoOther() {
    var key = SigningKey.generate("cache-1");
    var info = info(List.of());
    var signed = info(List.of(key.sign(info.fingerprint())));
    assertThat(key.publicKey().hasSigned(signed)).isTrue();
    assertThat(key.publicKey().hasSigned(info)).isFalse();
    assertThat(SigningKey.generate("cache-1").publicKey().hasSigned(signed)).isFalse();
    for (int last : new int[] {0, 2, 255}) {
      byte[] none = new byte[32];
      none[0] = 2;
      none[31] = (byte) last;
      assertThat(new PublicKey("cache-1", base64(none)).hasSigned(signed)).isFalse();
    }
  }

  private static PathInfo info(List<PathSignature> signatures) {
    return new PathInfo(
        StorePath.parse("/nix/store/0000000000000000000000000000000a-x"),
        Sha256.of(new byte[32]),
        120,
        new TreeSet<>(),
        Optional.empty(),
        Optional.empty(),
        signatures);
  }
}
