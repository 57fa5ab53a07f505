package io.github.flakeferry.board.delta;

import static io.github.flakeferry.board.delta.Paths.old;
import static io.github.flakeferry.board.delta.Paths.path;
import static io.github.flakeferry.board.delta.Paths.wanted;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReferencesTest {
  private static final long MOST = 100_000_000;

  private static Optional<String> chosen(String wanted, long size, OldPath... old) {
    return new References(List.of(old), MOST)
        .of(wanted(wanted, size))
        .map(reference -> reference.path().name());
  }

  @Test
  void theSameNameComesFirst() {
    assertThat(chosen("glibc-2.40", 1000, old("glibc-2.41", 1000), old("glibc-2.40", 5)))
        .contains("glibc-2.40");
  }

  @Test
  void ofSeveralWithTheSameNameTheOneOfNearestSizeIsTaken() {
    OldPath small = new OldPath(path("source", '1'), 10);
    OldPath large = new OldPath(path("source", '2'), 1000);

    assertThat(new References(List.of(small, large), MOST).of(wanted("source", 900)))
        .contains(large);
    assertThat(new References(List.of(large, small), MOST).of(wanted("source", 20)))
        .contains(small);
  }

  @Test
  void thenTheSameNameWithTheNearestVersion() {
    assertThat(
            chosen(
                "openssl-3.0.14",
                1000,
                old("openssl-1.1.1", 1000),
                old("openssl-3.0.13", 1000),
                old("openssl-3.0.13-bin", 1000),
                old("openssh-3.0.14", 1000)))
        .contains("openssl-3.0.13");
  }

  @Test
  void aVersionMayBePartOfAWord() {
    assertThat(chosen("libssl3t64", 1000, old("libssl3", 1000), old("libcrypt", 1000)))
        .contains("libssl3");
    assertThat(chosen("python3.12-numpy-2.1", 9, old("python3.11-numpy-1.26", 9)))
        .contains("python3.11-numpy-1.26");
  }

  @Test
  void anOutputIsComparedWithTheSameOutput() {
    assertThat(chosen("curl-8.9-dev", 50, old("curl-8.8", 50), old("curl-8.8-dev", 50)))
        .contains("curl-8.8-dev");
    assertThat(
            chosen(
                "linux-6.12.7-modules",
                50,
                old("linux-6.12.5", 50),
                old("linux-6.12.5-modules", 9)))
        .contains("linux-6.12.5-modules");
  }

  @Test
  void thenALargeOneWithTheMostWordsInCommon() {
    assertThat(
            chosen(
                "python-minimal-unwrapped",
                1_000_000,
                old("perl-minimal", 1_000_000),
                old("python-unwrapped", 2_000_000)))
        .contains("python-unwrapped");
  }

  @Test
  void aSmallOneIsNotComparedWithWhatIsOnlyAlike() {
    assertThat(chosen("unit-sshd.service", 900, old("unit-getty.service", 900))).isEmpty();
  }

  @Test
  void whatIsOfAnotherNameIsNoReference() {
    assertThat(chosen("firefox-140.0", 1_000_000, old("gcc-14.3", 1_000_000))).isEmpty();
  }

  @Test
  void whatIsTooLargeTogetherGivesWayToTheNextBest() {
    assertThat(chosen("linux-6.12", 60_000_000, old("linux-6.12", 40_000_000)))
        .contains("linux-6.12");
    assertThat(chosen("linux-6.12", 60_000_000, old("linux-6.12", 40_000_001))).isEmpty();
    assertThat(
            chosen(
                "linux-6.12",
                60_000_000,
                old("linux-6.12", 40_000_001),
                old("linux-6.11", 30_000_000)))
        .contains("linux-6.11");
  }

  @Test
  void theOrderInWhichABoardListsDoesNotMatter() {
    OldPath one = new OldPath(path("source", '1'), 10);
    OldPath other = new OldPath(path("source", '2'), 10);

    assertThat(new References(List.of(one, other), MOST).of(wanted("source", 10)))
        .isEqualTo(new References(List.of(other, one), MOST).of(wanted("source", 10)));
  }
}
