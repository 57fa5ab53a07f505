package io.github.flakeferry.report;

import io.github.flakeferry.model.BoardAction;
import io.github.flakeferry.model.BoardAddress;
import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.ClosureDifference;
import io.github.flakeferry.model.ClosureDifference.Change;
import io.github.flakeferry.model.ClosureDifference.Kind;
import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.HostKey;
import io.github.flakeferry.model.Outcome;
import io.github.flakeferry.model.SomeCode;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.model.UnitChanges;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs to render. */
final class ReportSamples {
  static final StorePath OLD =
      StorePath.parse("0c0nlqxs4hzqbd2v6jkq7ppgyxpbhlk2-nixos-system-unmatched-25.11");
  static final StorePath NEW =
      StorePath.parse("1kz2vlqxs4hzqbd2v6jkq7ppgyxpbhl3-nixos-system-unmatched-25.11");
  static final Instant TIME = Instant.parse("2026-11-22T16:40:31Z");
  private static final GitRevision COMMIT =
      new GitRevision("6113728f27ae82c7b1a177c8d03f9e96e0adf246");
  private static final URI RUN = URI.create("https://forge.example/owner/boards/actions/runs/42");
  private static final List<Kind> KINDS = List.of(Kind.values());
  static final ClosureDifference DIFFERENCE =
      new ClosureDifference(
          List.of(
              new Change("etc", Kind.REBUILT, Optional.empty(), Optional.empty(), 0),
              new Change("hello", Kind.UPGRADED, Optional.of("1.0"), Optional.of("1.1"), 12_595),
              new Change("jq", Kind.ADDED, Optional.empty(), Optional.of("1.8"), 1 << 20),
              new Change("linux", Kind.UPGRADED, Optional.of("6.12"), Optional.of("6.13"), 2048),
              new Change("nano", Kind.REMOVED, Optional.of("8.4"), Optional.empty(), -700),
              new Change("zlib", Kind.DOWNGRADED, Optional.of("1.3.1"), Optional.of("1.3"), 0)),
          500 << 20,
          501 << 20,
          Optional.of("linux"));
  static final UnitChanges UNITS =
      new UnitChanges(
          List.of("hello.service", "sshd.service"),
          List.of("dbus.service"),
          List.of("jq-server.service"),
          List.of(),
          List.of("systemd-fsck@dev-disk-by\\x2dlabel-ESP.service"));

  private ReportSamples() {}

  /** A failure that is only its texts. */
  static final class Sample extends Failure {
    private final List<String> details;

    Sample(FailureCode code, String message, String advice, List<String> details) {
      super(code, message, advice);
      this.details = details;
    }

    @Override
    public List<String> details() {
      return details;
    }
  }

  static BoardResult board(String name, Outcome outcome, StorePath after, String message) {
    return board(name, BoardAction.SWITCH, outcome, after, message);
  }

  private static BoardResult board(
      String name, BoardAction action, Outcome outcome, StorePath after, String message) {
    return new BoardResult(
        new BoardName(name),
        action,
        outcome,
        SomeCode.of(outcome),
        Optional.of(OLD),
        Optional.of(after),
        Optional.empty(),
        Duration.ofMillis(12_300),
        4096,
        message,
        outcome == Outcome.DEPLOYED ? UNITS : UnitChanges.NONE);
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
        Optional.of(COMMIT),
        Optional.of(RUN),
        results,
        changes,
        warnings,
        problem,
        TIME);
  }

  static RunReport deployed() {
    String done = "activated, confirmed and made the default";
    return report(
        "production",
        List.of(
            board("unmatched-1", Outcome.DEPLOYED, NEW, done),
            board(
                "unmatched-2",
                Outcome.DEPLOYED,
                NEW,
                done
                    + "\nIt runs the new kernel, initrd only after a restart, which the policy leaves to"
                    + " you (reboot: never).")),
        Map.of(new BoardName("unmatched-1"), DIFFERENCE, new BoardName("unmatched-2"), DIFFERENCE),
        List.of("the file logo.png is a Git LFS pointer"),
        Optional.empty());
  }

  static RunReport unchanged() {
    return report(
        "staging",
        List.of(
            board(
                "unmatched-1",
                Outcome.UNCHANGED,
                OLD,
                "it runs this system already, and boots it")),
        Map.of(new BoardName("unmatched-1"), new ClosureDifference(List.of(), 1, 1)),
        List.of(),
        Optional.empty());
  }

  static RunReport rolledBack() {
    return report(
        "production",
        List.of(
            board(
                "unmatched-1", Outcome.DEPLOYED, NEW, "activated, confirmed and made the default"),
            board(
                "unmatched-2",
                Outcome.ROLLED_BACK,
                OLD,
                """
                rolled back to the previous system: nobody confirmed it within 60 s
                No new connection could confirm it: connection refused
                It said last:
                  restarting the following units: sshd.service
                  sshd.service: Main process exited, status=255 <b>bad</b> @octocat #1 ```
                  activating the configuration...\
                """)),
        Map.of(new BoardName("unmatched-1"), DIFFERENCE, new BoardName("unmatched-2"), DIFFERENCE),
        List.of(),
        Optional.empty());
  }

  static RunReport busy() {
    return noBoard(
        Outcome.BUSY,
        "no board is free: preview-1 is lent to owner/boards#12 since 2026-11-21T09:12:44Z until"
            + " 2026-11-22T21:03:10Z");
  }

  static RunReport waiting() {
    return noBoard(
        Outcome.WAITING,
        """
        preview-1 is lent to owner/boards#12 since 2026-11-21T09:12:44Z
        preview-2: not reachable: connection timed out\
        """);
  }

  private static RunReport noBoard(Outcome outcome, String message) {
    return report(
        "preview",
        List.of(
            new BoardResult(
                new BoardName("preview-1"),
                BoardAction.TEST,
                SomeCode.of(outcome).orElseThrow(),
                message)),
        Map.of(),
        List.of(),
        Optional.empty());
  }

  static RunReport fork() {
    return new RunReport(
        List.of(),
        "built, not deployed: pull request 7 comes from a fork or a bot: it is built without secrets, and neither"
            + " published nor deployed; to try it on a board, start the workflow by hand with its"
            + " number and its head's full commit",
        Optional.of(COMMIT),
        Optional.of(RUN),
        List.of(),
        Map.of(),
        List.of(),
        Optional.empty(),
        TIME);
  }

  static RunReport preview() {
    return report(
            "preview",
            List.of(
                board(
                    "preview-1",
                    BoardAction.TEST,
                    Outcome.DEPLOYED,
                    NEW,
                    "activated and confirmed; the default is as it was\n"
                        + "It runs the new kernel only after a restart, and a preview restarts no"
                        + " board.")),
            Map.of(new BoardName("preview-1"), DIFFERENCE),
            List.of(),
            Optional.empty())
        .lending(
            new Loan(
                new BoardName("preview-1"),
                address(
                    "preview-1.lab.example", 22, List.of(address("gate.example", 2222, List.of()))),
                Optional.of(TIME.plus(Duration.ofHours(24)))));
  }

  static BoardAddress address(String host, int port, List<BoardAddress> jumps) {
    return new BoardAddress(
        host,
        port,
        "root",
        jumps,
        List.of(
            HostKey.parse(
                "ssh-ed25519"
                    + " AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl")));
  }

  /** Far more than fits: long lists, a long log, many boards. */
  static RunReport huge(int boards, int packages, int lines) {
    var many = new ArrayList<Change>();
    for (int i = 0; i < packages; i++) {
      many.add(
          new Change(
              "package-" + i,
              KINDS.get(i % KINDS.size()),
              Optional.of("1." + i),
              Optional.of("2"),
              i));
    }
    var difference = new ClosureDifference(many, 1 << 20, 2 << 20, Optional.of("package-4"));
    var results = new ArrayList<BoardResult>();
    var changes = new HashMap<BoardName, ClosureDifference>();
    for (int i = 0; i < boards; i++) {
      boolean well = i % 10 != 3;
      results.add(
          board(
              "board-" + i,
              well ? Outcome.DEPLOYED : Outcome.FAILED,
              well ? NEW : OLD,
              well
                  ? "activated"
                  : "the activation of board-"
                      + i
                      + " ended with 1\nIt said last:\n"
                      + "  a line of a log ` that goes on\n".repeat(lines)));
      changes.put(new BoardName("board-" + i), difference);
    }
    return report("production", results, changes, List.of(), Optional.empty());
  }

  static RunReport failedBuild() {
    return report(
        "production",
        List.of(),
        Map.of(),
        List.of(),
        Optional.of(
            new Sample(
                FailureCode.BUILD,
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
                Optional.empty(),
                Optional.of(NEW),
                Optional.of(OLD),
                Optional.empty(),
                Duration.ofMillis(2_140),
                0,
                "",
                UnitChanges.NONE)),
        Map.of(),
        List.of(),
        Optional.empty());
  }
}
