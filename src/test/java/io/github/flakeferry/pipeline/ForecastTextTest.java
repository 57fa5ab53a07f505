package io.github.flakeferry.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.nix.Forecast;
import io.github.flakeferry.nix.StoreRoom;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class ForecastTextTest {
  private static final StorePath DERIVATION =
      StorePath.parse("/nix/store/kvv1x18nci0padq1b8lx3sy4bpczvwkh-un.drv");

  @Test
  void itSaysWhatIsBuiltAndFetchedAndWhatIsFree() {
    var room = new StoreRoom(Path.of("/nix/store"), 3L << 30, 3L << 30, true);
    assertThat(
            ForecastText.of(
                new Forecast(List.of(DERIVATION), 2, OptionalLong.of(6L << 20)), Optional.of(room)))
        .isEqualTo(
            "will build 1 derivation and fetch 2 paths, 6.0 MiB unpacked;"
                + " 3.0 GiB are free in /nix/store");
  }

  @Test
  void whatIsNotKnownIsLeftOut() {
    assertThat(ForecastText.of(new Forecast(List.of(), 1, OptionalLong.empty()), Optional.empty()))
        .isEqualTo("will fetch 1 path");
    assertThat(
            ForecastText.of(
                new Forecast(List.of(DERIVATION), 0, OptionalLong.empty()), Optional.empty()))
        .isEqualTo("will build 1 derivation");
  }
}
