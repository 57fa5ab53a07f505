package io.github.flakeferry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What counts as the output that a page shows. */
final class ShownOutputTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "commit 1f0c2a9b on unmatched-1, unmatched-2: +1.2 MiB # commit abcdefab on unmatched-1, unmatched-2: +17 KiB",
        "  linux (kernel): 6.12.1 → 6.18.3                     # linux (kernel): 6.12.1 → 6.18",
        "ok       nix       flakes are enabled                 # ok  nix  flakes are enabled",
        "wrong cache FF-0701: no answer …                      # wrong cache FF-0701: no answer within 3 s",
        "  to /nix/store/26wk5-nixos-system-unmatched-26.05    # to /nix/store/8a-nixos-system-unmatched-25.11.pre",
      })
  void whatDiffersInEachRunMayBeOther(String shown, String printed) {
    assertThat(ShownOutput.fault(List.of(shown), List.of(printed))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "commit 1f0c2a9b on unmatched-1  # commit 1f0c2a9b on unmatched-2",
        "3 packages, the kernel          # 3 packages, not the kernel",
        "1 unit restarted                # 1 unit is restarted",
        "wrong cache FF-0701: no answer  # wrong cache FF-0702: no answer",
        "ok nix flakes are enabled       # ok nix flakes are enabled now",
        "linux (kernel): 6.12.1          # linux [kernel]: 6.12.1",
      })
  void theWordsAreTheSame(String shown, String printed) {
    assertThat(ShownOutput.fault(List.of(shown), List.of(printed))).contains(shown);
  }

  @Test
  void linesAreLeftOutWhereThePageSaysSo() {
    List<String> printed = List.of("a", "b", "c", "d");
    assertThat(ShownOutput.fault(List.of("a", "…", "c", "…"), printed)).isEmpty();
    assertThat(ShownOutput.fault(List.of("…", "d"), printed)).isEmpty();
    assertThat(ShownOutput.fault(List.of("a", "c", "…"), printed)).contains("c");
    assertThat(ShownOutput.fault(List.of("a", "…", "c"), printed))
        .contains("nothing more, and there is: d");
    assertThat(ShownOutput.fault(List.of("…", "c", "b"), printed)).contains("b");
    assertThat(ShownOutput.fault(List.of("a", "…", "e"), printed)).contains("e");
    assertThat(ShownOutput.fault(List.of("a"), List.of())).isEqualTo(Optional.of("a"));
  }

  @Test
  void aFailureThatIsShownGivesTheExitCode() {
    assertThat(ShownOutput.exitCode(List.of("ok  nix  flakes are enabled"))).isZero();
    assertThat(ShownOutput.exitCode(List.of("ok  nix", "wrong    cache     FF-0701: no")))
        .isEqualTo(7);
    assertThat(ShownOutput.exitCode(List.of("error FF-1101: it is another"))).isEqualTo(11);
    assertThat(ShownOutput.exitCode(List.of("FF-1101: another machine answers"))).isZero();
  }
}
