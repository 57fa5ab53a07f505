package io.github.flakeferry.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class StorePathTest {
  private static final String HELLO = "/nix/store/10s5j3mfdg22k1597x580qrhprnzcjwb-hello-2.12";

  @Test
  void readsAWholePathAndItsLastPart() {
    assertThat(StorePath.parse(HELLO).toString()).isEqualTo(HELLO);
    assertThat(StorePath.parse("10s5j3mfdg22k1597x580qrhprnzcjwb-hello-2.12"))
        .isEqualTo(StorePath.parse(HELLO));
  }

  @Test
  void refusesWhatCouldLeaveTheStore() {
    for (String bad :
        List.of(
            "/nix/store/../etc/passwd",
            HELLO + "/bin/hello",
            "/nix/store/10s5j3mfdg22k1597x580qrhprnzcjwe-hello",
            HELLO + "; reboot",
            "")) {
      assertThatThrownBy(() -> StorePath.parse(bad)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void hashesReadInEveryFormAreTheSame() {
    // the SHA-256 of nothing, as `nix hash` prints it in each form
    var hex =
        Sha256.parse("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assertThat(hex.toString())
        .isEqualTo("sha256:0mdqa9w1p6cmli6976v4wi0sw9r4p5prkj7lzfd1877wk11c9c73");
    assertThat(Sha256.parse(hex.toString())).isEqualTo(hex);
    assertThat(Sha256.parse("sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")).isEqualTo(hex);
  }

  @Test
  void aSignatureHoldsForItsFingerprintOnly() {
    var key = SigningKey.generate("test-1");
    var hash = Sha256.parse("sha256:0mdqa9w1p6cmli6976v4wi0sw9r4p5prkj7lzfd1877wk11c9c73");
    var info =
        new PathInfo(
            StorePath.parse(HELLO),
            hash,
            120,
            new TreeSet<>(),
            Optional.empty(),
            Optional.empty(),
            List.of());
    var signed = SigningKey.parse(key.export().reveal()).publicKey();
    assertThat(signed).isEqualTo(key.publicKey());
    assertThat(signed.hasSigned(info.signedBy(key))).isTrue();
    assertThat(signed.hasSigned(info)).isFalse();
    assertThat(signed.hasSigned(info.signedBy(SigningKey.generate("test-1")))).isFalse();
  }
}
