package io.github.flakeferry.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class NarInfoTest {
  private static final String HASH = "sha256:0mdqa9w1p6cmli6976v4wi0sw9r4p5prkj7lzfd1877wk11c9c73";
  private static final String TEXT =
      """
      StorePath: /nix/store/10s5j3mfdg22k1597x580qrhprnzcjwb-hello-2.12
      URL: nar/0mdqa9w1p6cmli6976v4wi0sw9r4p5prkj7lzfd1877wk11c9c73.nar.zst
      Compression: zstd
      FileHash: %1$s
      FileSize: 50
      NarHash: %1$s
      NarSize: 120
      References: 10s5j3mfdg22k1597x580qrhprnzcjwb-hello-2.12 ij2qd05qxxr6kpls95a7kx4agsxlfm4h-a-1.0
      Deriver: ky7ji06xy1r5xnpmn41hw8mz3ma5a75j-a-1.0.drv
      Sig: cache-1:%2$s
      Sig: other-1:%2$s
      """
          .formatted(HASH, "A".repeat(86) + "==");

  @Test
  void whatIsReadIsWrittenAlike() {
    NarInfo narInfo = NarInfo.parse(TEXT);
    assertThat(narInfo.info().references()).hasSize(2);
    assertThat(narInfo.info().signatures()).hasSize(2);
    assertThat(narInfo.text()).isEqualTo(TEXT);
  }

  @Test
  void whatHasAContentAddressIsWrittenAlike() {
    String text = TEXT + "CA: fixed:r:" + HASH + "\n";
    assertThat(NarInfo.parse(text).info().contentAddress()).hasValue("fixed:r:" + HASH);
    assertThat(NarInfo.parse(text).text()).isEqualTo(text);
  }

  @Test
  void hashesOfOtherFormsAreWrittenInNixsBase32() {
    for (String form :
        new String[] {
          "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
          "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
        }) {
      assertThat(NarInfo.parse(TEXT.replace(HASH, form)).text()).isEqualTo(TEXT);
    }
  }

  @Test
  void aPathWithoutReferencesHasAnEmptyLine() {
    String text = TEXT.replaceFirst("References: .*\n", "References: \n");
    assertThat(NarInfo.parse(text).info().references()).isEmpty();
    assertThat(NarInfo.parse(text).text()).isEqualTo(text);
    assertThat(NarInfo.parse(text.replace("References: \n", "References:\n")).text())
        .isEqualTo(text);
  }

  @Test
  void anUnknownKeyIsPassedOverAndAnUnknownDeriverIsNone() {
    String text =
        TEXT.replaceFirst("Deriver: .*\n", "Deriver: unknown-deriver\n") + "System: x86_64-linux\n";
    assertThat(NarInfo.parse(text).info().deriver()).isEmpty();
  }

  @Test
  void whatLacksAFactOrHasItTwiceIsRefused() {
    for (String bad :
        new String[] {
          "",
          "<html></html>",
          TEXT.replaceFirst("NarHash: .*\n", ""),
          TEXT + "NarSize: 120\n",
          TEXT.replace("NarSize: 120", "NarSize: many"),
          TEXT.replace("hello-2.12\nURL", "../../etc\nURL")
        }) {
      assertThatThrownBy(() -> NarInfo.parse(bad)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
