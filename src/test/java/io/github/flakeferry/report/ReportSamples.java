package io.github.flakeferry.report;

import io.github.flakeferry.model.BoardAction;
import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.ClosureDifference;
import io.github.flakeferry.model.ClosureDifference.Change;
import io.github.flakeferry.model.ClosureDifference.Kind;
import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.FailureReason;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.Outcome;
import io.github.flakeferry.model.StorePath;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs to render. */
final class ReportSamples {
  static final StorePath OLD =
      StorePath.parse("0c0nlqxs4hzqbd2v6jkq7ppgyxpbhlk2-nixos-system-unmatched-25.11");
  static final StorePath NEW =
      StorePath.parse("1kz2vlqxs4hzqbd2v6jkq7ppgyxpbhl3-nixos-system-unmatched-25.11");
  static final ClosureDifference DIFFERENCE =
      new ClosureDifference(
          List.of(
              new Change("hello", Kind.UPGRADED, Optional.of("1.0"), Optional.of("1.1"), 12_595),
              new Change("linux", Kind.DOWNGRADED, Optional.of("6.13"), Optional.of("6.12"), -2048),
              new Change("jq", Kind.ADDED, Optional.empty(), Optional.of("1.8"), 1 << 20),
              new Change("nano", Kind.REMOVED, Optional.of("8.4"), Optional.empty(), -700),
              new Change("etc", Kind.REBUILT, Optional.empty(), Optional.empty(), 0)),
          500 << 20,
          501 << 20);

  private ReportSamples() {}

  /** A failure that is only its texts. */
  static final class Sample extends Failure {
    private final List<String> details;

    Sample(FailureReason reason, String message, String advice, List<String> details) {
      super(reason, message, advice);
      this.details = details;
    }

    @Override
    public List<String> details() {
      return details;
    }
  }

  static BoardResult board(String name, Outcome outcome, StorePath after, String message) {
    return new BoardResult(
        new BoardName(name),
        BoardAction.SWITCH,
        outcome,
        Optional.of(OLD),
        Optional.of(after),
        Optional.empty(),
        Duration.ofMillis(12_300),
        4096,
        message);
  }

  static RunReport report(
      String environment,
      List<BoardResult> results,
      Map<BoardName, ClosureDifference> changes,
      List<String> warnings,
      Optional<Failure> problem) {
    return new RunReport(
        List.of(environment),
        problem.map(Headline::of).orElseGet(() -> Headline.of(results)),
        Optional.of(new GitRevision("6113728f27ae82c7b1a177c8d03f9e96e0adf246")),
        Optional.of(URI.create("https://forge.example/owner/boards/actions/runs/42")),
        results,
        changes,
        warnings,
        problem,
        Instant.parse("2026-11-22T16:40:31Z"));
  }

  static RunReport deployed() {
    return report(
        "production",
        List.of(
            board("unmatched-1", Outcome.DEPLOYED, NEW, ""),
            board("unmatched-2", Outcome.DEPLOYED, NEW, "the kernel differs: reboot to use it")),
        Map.of(new BoardName("unmatched-1"), DIFFERENCE, new BoardName("unmatched-2"), DIFFERENCE),
        List.of("the file logo.png is a Git LFS pointer"),
        Optional.empty());
  }

  static RunReport unchanged() {
    return report(
        "staging",
        List.of(board("unmatched-1", Outcome.UNCHANGED, OLD, "")),
        Map.of(new BoardName("unmatched-1"), new ClosureDifference(List.of(), 1, 1)),
        List.of(),
        Optional.empty());
  }

  static RunReport rolledBack() {
    return report(
        "production",
        List.of(
            board("unmatched-1", Outcome.DEPLOYED, NEW, ""),
            board(
                "unmatched-2",
                Outcome.ROLLED_BACK,
                OLD,
                """
                It could not be reached after the activation.
                It went back by itself to what it ran before.
                restarting sshd.service... failed\
                """)),
        Map.of(new BoardName("unmatched-1"), DIFFERENCE),
        List.of(),
        Optional.empty());
  }

  static RunReport failedBuild() {
    return report(
        "production",
        List.of(),
        Map.of(),
        List.of(),
        Optional.of(
            new Sample(
                FailureReason.BUILD_FAILED,
                "hello-1.1 could not be built: its builder failed with exit code 2",
                "See the whole log: nix log /nix/store/abc-hello-1.1.drv",
                List.of(
                    "hello.c:3:1: error: expected ';' before '}'",
                    "```",
                    "@everyone ![x](https://evil.example/x.png) <script>alert(1)</script>",
                    "::error::forged",
                    "make: *** [Makefile:2: hello] Error 1"))));
  }

  static RunReport givenBack() {
    return report(
        "preview",
        List.of(
            new BoardResult(
                new BoardName("preview-1"),
                BoardAction.GIVE_BACK,
                Outcome.DEPLOYED,
                Optional.of(NEW),
                Optional.of(OLD),
                Optional.empty(),
                Duration.ofMillis(2_140),
                0,
                "")),
        Map.of(),
        List.of(),
        Optional.empty());
  }
}
