package io.github.flakeferry.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.flakeferry.model.RestartParts;
import io.github.flakeferry.model.StorePath;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FactsReaderTest {
  static final String SYSTEM =
      "/nix/store/26wk5k8dgj729bwxwr6xl2a1qz2nm3hd-nixos-system-unmatched-26.05";

  static final String WHOLE =
      """
      {"protocol":3,"machine":"riscv64","userId":0,"mayBeRoot":true,"nixVersion":"2.26.3","current":"%1$s","booted":"%1$s","profile":"",
       "bootDefault":"%1$s","generations":[{"number":7,"system":"%1$s","time":1795200000}],"bootFiles":[],
       "known":true,"readOnly":[],
       "storeFreeBytes":1073741824,"bootFreeBytes":1048576,"memoryBytes":536870912,"clock":1795300000,
       "bootId":"b-1","failedUnits":["a.service"],"trustedKeys":[],
       "lastRun":{"token":"20261122T170000-abcdef12","state":"waiting","reason":"","system":"%1$s","owner":"run 7","commit":"",
                  "since":1795299990,"alive":true,"bootId":"b-1"},
       "lease":{"owner":"owner/repo#12","system":"","commit":"","since":1795299000,"bootId":"b-0"}}
      """
          .formatted(SYSTEM);

  private static final Instant LATER = Instant.ofEpochSecond(1795300000);

  @Test
  void factsAreRead() {
    BoardFacts facts = FactsReader.read(WHOLE);

    assertThat(facts.machine()).isEqualTo("riscv64");
    assertThat(facts.current()).contains(StorePath.parse(SYSTEM));
    assertThat(facts.profile()).isEmpty();
    assertThat(facts.bootFreeBytes()).contains(1048576L);
    assertThat(facts.clock()).isEqualTo(Instant.ofEpochSecond(1795300000));
    assertThat(facts.failedUnits()).containsExactly("a.service");
    assertThat(facts.activating().orElseThrow().owner()).isEqualTo("run 7");
  }

  @Test
  void whatWasBootedIsToldByNewerScripts() {
    String told =
        WHOLE.replace(
            "\"known\"",
            "\"bootedParts\":{\"kernel\":\"/nix/store/x/Image\",\"initrd\":\"\","
                + "\"kernel-modules\":\"\",\"dtbs\":\"\"},\"known\"");

    assertThat(FactsReader.read(WHOLE).bootedParts()).isEmpty();
    assertThat(FactsReader.read(told).bootedParts().orElseThrow())
        .containsEntry("kernel", "/nix/store/x/Image")
        .containsEntry("dtbs", "");
  }

  @Test
  void theScriptLooksAtTheSamePartsAsWeDo() {
    assertThat(BoardScript.text())
        .contains("restart_parts='" + String.join(" ", RestartParts.ALL) + "'");
  }

  @Test
  void aLeaseOfAnotherBootHasEnded() {
    assertThat(worth(WHOLE)).contains(Lease.Worth.LOST);
    assertThat(worth(WHOLE.replace("b-0", "b-1"))).contains(Lease.Worth.HELD);
  }

  @Test
  void aLeaseIsOverFromItsEndOn() {
    String lent = WHOLE.replace("\"bootId\":\"b-0\"", "\"bootId\":\"b-1\",\"until\":%d");

    assertThat(worth(lent.formatted(LATER.getEpochSecond()))).contains(Lease.Worth.OVER);
    assertThat(worth(lent.formatted(LATER.getEpochSecond() + 1))).contains(Lease.Worth.HELD);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"owner\":\"\"",
        "\"owner\":\"owner/repo#12; reboot\"",
        "\"owner\":12",
        "\"owner\":\"o/r#1\",\"until\":-1",
      })
  void aDamagedLeaseIsSomebodysUntilTheBoardRunsItsProfilesSystem(String owner) {
    String damaged = WHOLE.replace("\"owner\":\"owner/repo#12\"", owner);

    assertThat(FactsReader.read(damaged).lease().orElseThrow().told())
        .contains("nobody knows whom");
    assertThat(worth(damaged)).contains(Lease.Worth.HELD);
    assertThat(worth(damaged.replace("\"profile\":\"\"", "\"profile\":\"" + SYSTEM + "\"")))
        .contains(Lease.Worth.LOST);
  }

  private static Optional<Lease.Worth> worth(String facts) {
    return FactsReader.read(facts).leaseWorth(LATER);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "Welcome to my board!",
        "{\"machine\":\"riscv64\"}",
      })
  void whatIsNoFactsIsTold(String json) {
    assertThatExceptionOfType(BoardFailure.class)
        .isThrownBy(() -> FactsReader.read(json))
        .withMessageContaining("can't be understood");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"userId\":\"root\"",
        "\"userId\":-1",
        "\"userId\":true",
      })
  void aWrongTypeIsTold(String field) {
    assertThatExceptionOfType(BoardFailure.class)
        .isThrownBy(() -> FactsReader.read(WHOLE.replace("\"userId\":0", field)))
        .withMessageContaining("userId");
  }

  @Test
  void aPathOutsideTheStoreIsNoSystem() {
    assertThatExceptionOfType(BoardFailure.class)
        .isThrownBy(() -> FactsReader.read(WHOLE.replace(SYSTEM, "/tmp/system; rm -rf /")))
        .withMessageContaining("no store path");
  }

  @Test
  void aLongReasonIsShortenedAndDoesNotKeepTheBoardFromEverybody() {
    String long5000 = "ä".repeat(5000);

    BoardFacts facts =
        FactsReader.read(WHOLE.replace("\"reason\":\"\"", "\"reason\":\"" + long5000 + "\""));

    assertThat(facts.lastRun().orElseThrow().reason())
        .startsWith("ää")
        .endsWith("ä…")
        .hasSize(2000);
  }

  @Test
  void megabytesAreNotRead() {
    assertThatExceptionOfType(BoardFailure.class)
        .isThrownBy(() -> FactsReader.read(WHOLE + " ".repeat(1 << 20)))
        .withMessageContaining("KiB");
  }
}
