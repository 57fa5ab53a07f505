package io.github.flakeferry.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class Sha256Test {
  /** As {@code nix hash to-base32} has it. */
  @ParameterizedTest
  @CsvSource({
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855,"
        + " 0mdqa9w1p6cmli6976v4wi0sw9r4p5prkj7lzfd1877wk11c9c73",
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff,"
        + " 1zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz",
    "0000000000000000000000000000000000000000000000000000000000000001,"
        + " 0080000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000,"
        + " 0000000000000000000000000000000000000000000000000001"
  })
  void base32IsNixs(String hex, String base32) {
    assertThat(Sha256.parse("sha256:" + hex).base32()).isEqualTo(base32);
    assertThat(Sha256.parse("sha256:" + base32).hex()).isEqualTo(hex);
  }

  @Test
  void allFormsOfAnyHashAreTheSame() {
    var random = new Random(1);
    for (int i = 0; i < 1000; i++) {
      byte[] bytes = new byte[32];
      random.nextBytes(bytes);
      Sha256 hash = Sha256.of(bytes);
      assertThat(Sha256.parse(hash.toString())).isEqualTo(hash);
      assertThat(Sha256.parse("sha256:" + hash.hex())).isEqualTo(hash);
      assertThat(Sha256.parse("sha256-" + java.util.Base64.getEncoder().encodeToString(bytes)))
          .isEqualTo(hash);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0mdqa9w1p6cmli6976v4wi0sw9r4p5prkj7lzfd1877wk11c9c73",
        "sha512:0mdqa9w1p6cmli6976v4wi0sw9r4p5prkj7lzfd1877wk11c9c73",
        "sha256:0mdqa9w1p6cmli6976v4wi0sw9r4p5prkj7lzfd1877wk11c9c7",
        "sha256:emdqa9w1p6cmli6976v4wi0sw9r4p5prkj7lzfd1877wk11c9c73",
        "sha256:zmdqa9w1p6cmli6976v4wi0sw9r4p5prkj7lzfd1877wk11c9c73",
        "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85g",
        "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hS"
      })
  void whatIsNoHashIsRefused(String text) {
    assertThatThrownBy(() -> Sha256.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
