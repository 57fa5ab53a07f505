package io.github.flakeferry.pipeline.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SpaceCheckTest {
  @ParameterizedTest
  @CsvSource({
    "63, WRONG, 63.0 MiB",
    "64, WARNING, 64.0 MiB",
    "2047, WARNING, 2.0 GiB",
    "2048, OK, 2.0 GiB"
  })
  void lessRoomIsWorse(long mebibytes, Finding.State state, String told) {
    Finding finding = SpaceCheck.of(Path.of("/nix/store"), mebibytes << 20);
    assertThat(finding.state()).isEqualTo(state);
    assertThat(finding.message()).isEqualTo(told + " are free in /nix/store");
    assertThat(finding.advice().isEmpty()).isEqualTo(state == Finding.State.OK);
  }
}
