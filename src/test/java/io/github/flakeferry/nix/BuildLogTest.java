package io.github.flakeferry.nix;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.nix.BuildFailed.FailedDerivation;
import io.github.flakeferry.support.progress.ProgressEvent;
import io.github.flakeferry.support.progress.ProgressEvent.BuildAdvanced;
import io.github.flakeferry.support.progress.ProgressEvent.BuilderLine;
import io.github.flakeferry.support.progress.ProgressEvent.DerivationBegun;
import io.github.flakeferry.support.progress.ProgressEvent.DerivationEnded;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** With lines as Nix 2.8 and 2.34 write them. */
final class BuildLogTest {
  private static final String A = "/nix/store/ky7ji06xy1r5xnpmn41hw8mz3ma5a75j-a-1.0.drv";
  private static final String B = "/nix/store/gpwkq7wvlqn5h0xqcrr21d4bq5gz2xdy-b-2.0.drv";
  private static final String TOP = "/nix/store/3rkbykhsh75ml3v5c5jlxsb08pckmdq6-c-2.0.drv";
  private final List<ProgressEvent> events = new ArrayList<>();
  private final List<String> ended = new ArrayList<>();
  private final BuildLog log =
      new BuildLog(events::add, derivation -> ended.add(derivation.toString()), () -> 0L);

  private void start(long id, String derivation) {
    log.accept(
        "@nix {\"action\":\"start\",\"fields\":[\"%s\",\"\",1,1],\"id\":%d,\"level\":3,\"parent\":0,\"text\":\"building\",\"type\":105}"
            .formatted(derivation, id));
  }

  private void error(String text) {
    log.accept("@nix {\"action\":\"msg\",\"level\":0,\"msg\":\"%s\"}".formatted(text));
  }

  @Test
  void aBuildIsFollowed() {
    log.accept("@nix {\"action\":\"start\",\"id\":1,\"level\":0,\"text\":\"\",\"type\":104}");
    log.accept("@nix {\"action\":\"result\",\"fields\":[0,2,0,0],\"id\":1,\"type\":105}");
    start(7, A);
    log.accept(
        "@nix {\"action\":\"result\",\"fields\":[\"gcc \\u001b[31mred\"],\"id\":7,\"type\":101}");
    log.accept("@nix {\"action\":\"stop\",\"id\":7}");
    log.accept("@nix {\"action\":\"result\",\"fields\":[1,2,0,0],\"id\":1,\"type\":105}");
    assertThat(events)
        .containsExactly(
            new BuildAdvanced(0, 2, List.of(), 0, 0),
            new DerivationBegun(StorePath.parse(A)),
            new BuildAdvanced(0, 2, List.of("a-1.0"), 0, 0),
            new BuilderLine(StorePath.parse(A), "gcc red"),
            new DerivationEnded(StorePath.parse(A)),
            new BuildAdvanced(0, 2, List.of(), 0, 0),
            new BuildAdvanced(1, 2, List.of(), 0, 0));
    assertThat(log.failed()).isEmpty();
    assertThat(ended).containsExactly(A);
  }

  @Test
  void downloadsAreCountedByTheirOwnSize() {
    log.accept("@nix {\"action\":\"start\",\"id\":1,\"level\":0,\"text\":\"\",\"type\":102}");
    log.accept("@nix {\"action\":\"result\",\"fields\":[101,500],\"id\":1,\"type\":106}");
    log.accept("@nix {\"action\":\"result\",\"fields\":[100,2000],\"id\":1,\"type\":106}");
    log.accept("@nix {\"action\":\"start\",\"fields\":[\"http://x\"],\"id\":2,\"type\":101}");
    log.accept("@nix {\"action\":\"result\",\"fields\":[300,500,0,0],\"id\":2,\"type\":105}");
    log.accept("@nix {\"action\":\"stop\",\"id\":2}");
    start(3, A);
    assertThat(events).last().isEqualTo(new BuildAdvanced(0, 0, List.of("a-1.0"), 300, 500));
  }

  @Test
  void whatFailedByItselfIsTold() {
    start(7, A);
    start(8, B);
    for (int i = 0; i < 150; i++) {
      log.accept(
          "@nix {\"action\":\"result\",\"fields\":[\"line %d\"],\"id\":8,\"type\":101}"
              .formatted(i));
    }
    error(
        "\\u001b[31;1merror:\\u001b[0m builder for '\\u001b[35;1m"
            + A
            + "\\u001b[0m' failed with exit code 3");
    error(
        "error: Cannot build '"
            + B
            + "'.\\n       Reason: builder failed with exit code 4.\\n       Output paths:\\n         /nix/store/x");
    error("error: 2 dependencies of derivation '" + TOP + "' failed to build");
    error("error: Cannot build '" + TOP + "'.\\n       Reason: 2 dependencies failed.");
    error("error: build of '" + TOP + "' failed");
    assertThat(log.failed())
        .extracting(f -> f.derivation().toString(), FailedDerivation::cause)
        .containsExactly(
            org.assertj.core.api.Assertions.tuple(A, "builder failed with exit code 3"),
            org.assertj.core.api.Assertions.tuple(B, "builder failed with exit code 4"));
    assertThat(log.failed().getLast().lastLines())
        .hasSize(BuildLog.KEPT_LINES)
        .last()
        .isEqualTo("line 149");
  }

  @Test
  void whatTheBuilderSaidIsNotTakenForNixsWords() {
    error(
        "error: builder for '"
            + A
            + "' failed with exit code 3;\\n       last 3 log lines:\\n       > dependency x failed"
            + "\\n       > timed out after 5 seconds\\n       > Reason: none.");
    error(
        "error: Cannot build '"
            + B
            + "'.\\n       Reason: builder failed with exit code 4.\\n       Last 2 log lines:"
            + "\\n       > 2 dependencies failed");
    assertThat(log.failed())
        .extracting(f -> f.derivation().toString(), FailedDerivation::cause)
        .containsExactly(
            org.assertj.core.api.Assertions.tuple(A, "builder failed with exit code 3"),
            org.assertj.core.api.Assertions.tuple(B, "builder failed with exit code 4"));
    assertThat(log.failed()).noneMatch(FailedDerivation::timedOut);
  }

  @Test
  void whatNobodyCanBuildIsToldWithWhatItNeeds() {
    error(
        "error: Cannot build '"
            + A
            + "'.\\n       Reason: required system or feature not available\\n       Required system:"
            + " 'x86_64-linux' with features {kvm}\\n       Current system: 'x86_64-linux' with"
            + " features {}");
    assertThat(log.failed())
        .singleElement()
        .extracting(FailedDerivation::cause)
        .isEqualTo("required system or feature not available: 'x86_64-linux' with features {kvm}");
  }

  @Test
  void whatTheKernelEndedLackedMemory() {
    start(7, B);
    log.accept(
        "@nix {\"action\":\"result\",\"fields\":[\"gcc: fatal error: Killed signal terminated"
            + " program cc1plus\"],\"id\":7,\"type\":101}");
    error("error: builder for '" + A + "' failed due to signal 9 (Killed)");
    error("error: builder for '" + B + "' failed with exit code 2");
    error("error: builder for '" + TOP + "' failed with exit code 2");
    assertThat(log.failed().stream().map(OutOfMemory::ended)).containsExactly(true, true, false);
  }

  @Test
  void whatTimedOutIsToldAsThatByEachVersion() {
    start(7, A);
    log.accept("@nix {\"action\":\"result\",\"fields\":[\"hangs\"],\"id\":7,\"type\":101}");
    error(
        "\\u001b[31;1merror:\\u001b[0m \\u001b[35;1mbuilding of '"
            + A
            + "!*' from .drv file\\u001b[0m timed out after \\u001b[35;1m2\\u001b[0m seconds");
    error("error: building of '" + B + "^out' from .drv file timed out after 5 seconds of silence");
    assertThat(log.failed())
        .extracting(f -> f.derivation().toString(), FailedDerivation::cause)
        .containsExactly(
            org.assertj.core.api.Assertions.tuple(A, "timed out after 2 seconds"),
            org.assertj.core.api.Assertions.tuple(B, "timed out after 5 seconds of silence"));
    assertThat(log.failed()).allMatch(FailedDerivation::timedOut);
    assertThat(log.failed().getFirst().lastLines()).containsExactly("hangs");
  }

  @Test
  void whatTimedOutWithoutANameIsTheOnlyOneThatWasBuilt() {
    start(7, A);
    error("\\u001b[31;1merror:\\u001b[0m timed out after \\u001b[35;1m2\\u001b[0m seconds");
    assertThat(log.failed())
        .extracting(f -> f.derivation().toString(), FailedDerivation::cause)
        .containsExactly(org.assertj.core.api.Assertions.tuple(A, "timed out after 2 seconds"));
  }

  @Test
  void aWrongHashIsTheCause() {
    error(
        "error: hash mismatch in fixed-output derivation '"
            + A
            + "':\\n         specified: sha256-A\\n            got:    sha256-B");
    assertThat(log.failed())
        .singleElement()
        .satisfies(f -> assertThat(f.cause()).contains("specified: sha256-A", "got:    sha256-B"));
  }

  @Test
  void linesThatNobodyKnowsDoNoHarm() {
    for (String line :
        List.of(
            "",
            "plain",
            "@nix ",
            "@nix {",
            "@nix []",
            "@nix {\"action\":7}",
            "@nix {\"action\":\"dance\"}",
            "@nix {\"action\":\"start\",\"type\":105,\"id\":1}",
            "@nix {\"action\":\"start\",\"type\":105,\"id\":1,\"fields\":[7]}",
            "@nix {\"action\":\"result\",\"type\":101,\"id\":99,\"fields\":[\"x\"]}",
            "@nix {\"action\":\"result\",\"type\":105,\"id\":\"x\",\"fields\":{\"a\":1}}",
            "@nix {\"action\":\"stop\"}")) {
      log.accept(line);
    }
    assertThat(log.failed()).isEmpty();
    assertThat(log.errors()).contains("plain");
  }
}
