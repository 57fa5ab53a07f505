package io.github.flakeferry.nix;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.model.StorePath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What several versions of Nix print. */
final class ForecastTest {
  private static Forecast of(String said) {
    var reader = new Forecast.Reader();
    said.lines().forEach(reader);
    return reader.forecast();
  }

  @Test
  void whatNix28SaysIsUnderstood() {
    var forecast =
        of(
            """
            warning: the group 'nixbld' specified in 'build-users-group' does not exist
            these 2 derivations will be built:
              /nix/store/kvv1x18nci0padq1b8lx3sy4bpczvwkh-un.drv
              /nix/store/288id9gdav3piazgwqby34qdcn1k91qz-three.drv
            these 2 paths will be fetched (0.00 MiB download, 5.74 MiB unpacked):
              /nix/store/6an49wri6dgakssfp7c0j2d3lvhrjwin-two
              /nix/store/f3lc89psxrs4chjq88b4gnl63537af9h-a
            don't know how to build these paths:
              /nix/store/f3lc89psxrs4chjq88b4gnl63537af9x-nosuch
            """);
    assertThat(forecast.toBuild())
        .extracting(StorePath::name)
        .containsExactly("un.drv", "three.drv");
    assertThat(forecast.toFetch()).isEqualTo(2);
    assertThat(forecast.fetchedBytes()).hasValue((long) (5.74 * 1024 * 1024));
    assertThat(forecast.isNothing()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "'this path will be fetched (0.00 MiB download, 2.00 MiB unpacked):', 2097152", // 2.26
    "'this path will be fetched (0.6 KiB download, 2.5 MiB unpacked):', 2621440", // 2.34
    "'this path will be fetched (1.2 GiB download, 2.5 GiB unpacked):', 2684354560",
    "'this path will be fetched (0.1 KiB download, 0.5 KiB unpacked):', 512",
  })
  void theUnitsOfLaterVersionsAreUnderstood(String heading, long bytes) {
    var forecast = of(heading + "\n  /nix/store/f3lc89psxrs4chjq88b4gnl63537af9h-a\n");
    assertThat(forecast.toFetch()).isEqualTo(1);
    assertThat(forecast.toBuild()).isEmpty();
    assertThat(forecast.fetchedBytes()).hasValue(bytes);
  }

  @Test
  void ofOtherWordsNothingIsMade() {
    String path = "\n  /nix/store/f3lc89psxrs4chjq88b4gnl63537af9h-a\n";
    assertThat(of("these 3 paths will be fetched:" + path).fetchedBytes()).isEmpty();
    assertThat(of("2 pebibytes are to be fetched, 3 MiB unpacked:" + path).isNothing()).isTrue();
    assertThat(of("these paths will be fetched (9 PiB unpacked):" + path).isNothing()).isTrue();
    assertThat(of("").isNothing()).isTrue();
  }
}
