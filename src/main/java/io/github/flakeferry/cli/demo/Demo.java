package io.github.flakeferry.cli.demo;

import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.model.SystemPlatform;
import io.github.flakeferry.support.progress.Progress;
import io.github.flakeferry.support.progress.Wait;
import io.github.flakeferry.testbed.Rehearsal;
import io.github.flakeferry.testbed.RehearsedRun;
import io.github.flakeferry.testbed.TestBoard;
import io.github.flakeferry.testbed.Testbed;
import io.github.flakeferry.testbed.Variation;
import io.github.flakeferry.testbed.Variation.Fault;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Four pushes to one board: one that deploys, one that changes a little, one that would cut the
 * board off, one that does not compile.
 */
public final class Demo {
  private static final SystemPlatform RISCV64 = new SystemPlatform("riscv64-linux");
  private static final Variation FIRST = Variation.FIRST.message("Hello from your board");

  private final PrintStream out;
  private final Progress progress;
  private boolean asPromised = true;

  /**
   * @param out gets the story
   * @param progress what is waited for in between
   */
  public Demo(PrintStream out, Progress progress) {
    this.out = out;
    this.progress = progress;
  }

  /**
   * Tells the story.
   *
   * @param keep whether the board stays up
   * @return whether everything went as it should
   */
  public boolean tell(boolean keep) throws IOException {
    long begin = System.nanoTime();
    try (var testbed = prepared();
        var board = board(testbed);
        var rehearsal = Rehearsal.around(board)) {
      scene(board, rehearsal, since(begin));
      play(rehearsal);
      if (keep) {
        board.keep();
        out.println();
        out.println("The board stays up: " + board.loginCommand());
      }
    }
    out.println();
    out.println(
        asPromised
            ? "All as it should be, in %s.".formatted(seconds(since(begin)))
            : "Not everything went as it should: see above.");
    return asPromised;
  }

  private Testbed prepared() throws IOException {
    try (var _ = Wait.begin("preparing what boards and caches are made of", progress)) {
      return Testbed.prepare(progress);
    }
  }

  private TestBoard board(Testbed testbed) throws IOException {
    var kind = testbed.canEmulate(RISCV64) ? TestBoard.Kind.RISCV64 : TestBoard.Kind.AMD64;
    try (var _ = Wait.begin("starting the board", progress)) {
      return testbed.startBoard("unmatched-1", kind);
    }
  }

  private void play(Rehearsal rehearsal) throws IOException {
    rehearsal.write("flakeferry.yml", rehearsal.policy(""));
    StorePath base = rehearsal.board().currentSystem();

    StorePath first = act(rehearsal, "1. A push deploys", FIRST, "Say hello", 0);
    expect(!first.equals(base), "the board runs a new system");

    Variation changed = FIRST.version("1.1").message("Hello again, a little changed");
    StorePath second =
        act(rehearsal, "2. A small change deploys again", changed, "Change the greeting", 0);
    expect(!second.equals(first), "the board runs the changed system");

    StorePath third =
        act(
            rehearsal,
            "3. A push that would cut the board off is undone by the board",
            changed.fault(Fault.TAKES_NETWORK_DOWN),
            "Take the network down",
            10);
    expect(third.equals(second), "the board is back on the system before");

    StorePath fourth =
        act(
            rehearsal,
            "4. A push that does not compile never reaches the board",
            changed.fault(Fault.DOES_NOT_COMPILE),
            "Break the program",
            6);
    expect(fourth.equals(second), "the board was not touched");
  }

  /** Pushes, runs, shows; gives the board's system afterwards. */
  private StorePath act(
      Rehearsal rehearsal, String title, Variation variation, String message, int exitCode)
      throws IOException {
    rehearsal.flake().change(variation);
    rehearsal.write("flakeferry.yml", rehearsal.policy(""));
    GitRevision commit = rehearsal.push(message, "refs/heads/main");
    RehearsedRun run = run(rehearsal, commit, message);
    StorePath current = rehearsal.board().currentSystem();

    out.println();
    out.println(title);
    line("git push", commit.abbreviated() + " " + message);
    line(
        "flakeferry",
        run.stages().entrySet().stream()
            .map(s -> s.getKey().toLowerCase(Locale.ROOT) + " " + s.getValue())
            .collect(Collectors.joining(", ")));
    line(
        "",
        "exit %d, outcome %s, %s in all"
            .formatted(run.exitCode(), run.output("outcome"), seconds(run.took())));
    for (var status : rehearsal.github().statuses(commit)) {
      if (!status.state().equals("pending")) {
        line(
            "GitHub",
            "%s %s: %s".formatted(mark(status.state()), status.context(), status.description()));
      }
    }
    DemoChanges.lines(run.output("results")).forEach(l -> line("", l));
    line("the board", current.baseName());
    line("", "runs hello: " + hello(rehearsal.board()));
    expect(run.exitCode() == exitCode, "the run exits with " + exitCode);
    if (run.exitCode() != exitCode) {
      run.log().forEach(l -> out.println("    | " + l));
    }
    return current;
  }

  private RehearsedRun run(Rehearsal rehearsal, GitRevision commit, String message)
      throws IOException {
    try (var _ = Wait.begin("running what the push of '%s' starts".formatted(message), progress)) {
      return RehearsedRun.of(
          ownProgram(),
          rehearsal.environment("push", rehearsal.pushPayload(commit, "refs/heads/main")));
    }
  }

  /** This very program, on this very Java. */
  private static List<String> ownProgram() {
    return List.of(
        ProcessHandle.current().info().command().orElse("java"),
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        System.getProperty("java.class.path"),
        "io.github.flakeferry.cli.Main",
        "run");
  }

  private void scene(TestBoard board, Rehearsal rehearsal, Duration took) throws IOException {
    String machine = board.run("uname -m").orThrow().output().strip();
    out.println(
        "A %s board with systemd, OpenSSH and Nix at %s, a stand-in for GitHub at %s,"
            .formatted(machine, board.address(), rehearsal.github().serverUrl()));
    out.println(
        "a binary cache at %s: up in %s.".formatted(rehearsal.cache().uri(), seconds(took)));
  }

  private static String hello(TestBoard board) throws IOException {
    return board
        .run("/run/current-system/sw/bin/hello; echo \"($(uname -m))\"")
        .orThrow()
        .output()
        .strip()
        .replace('\n', ' ');
  }

  private void expect(boolean holds, String what) {
    if (!holds) {
      asPromised = false;
      line("WRONG", "expected that " + what);
    }
  }

  private void line(String label, String text) {
    out.println("   %-11s %s".formatted(label, text));
  }

  private static String mark(String state) {
    return state.equals("success") ? "✓" : "✗";
  }

  private static Duration since(long begin) {
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  private static String seconds(Duration duration) {
    return "%.1f s".formatted(duration.toMillis() / 1000.0);
  }
}
