package io.github.flakeferry.nix;

import io.github.flakeferry.model.SystemPlatform;
import io.github.flakeferry.model.terms.SmokeCommands;
import io.github.flakeferry.support.Words;
import io.github.flakeferry.support.progress.Progress;
import io.github.flakeferry.support.progress.ProgressEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Runs programs of systems that are built, each system's in a build of its own: as a builder, so
 * away from all that is this process's, and without network where Nix can make its sandbox. What
 * comes out of such a build is of no use to anybody: it is asked of no cache, shown to no hook, and
 * made anew each time.
 */
final class Smoke {
  private static final String BEGINS = "$ ";
  private static final String SCRIPT =
      "for command do printf '%s\\n' \"$ $command\"; \"$builder\" -ec \"$command\" || exit; done;"
          + " echo >\"$out\"";

  private final NixProgram program;
  private final Machine machine;
  private final Progress progress;

  Smoke(NixProgram program, Machine machine, Progress progress) {
    this.program = program;
    this.machine = machine;
    this.progress = progress;
  }

  /**
   * Tries all of them, one after another, so that none takes another's time.
   *
   * @throws SmokeFailed with all that failed
   */
  void run(List<SmokeTest> tests) {
    boolean sandboxed = machine.wantsSandbox() && canSandbox();
    var failed = new ArrayList<SmokeFailed.Failed>();
    for (SmokeTest test : tests) {
      run(test, sandboxed).ifPresent(failed::add);
    }
    if (!failed.isEmpty()) {
      throw new SmokeFailed(failed);
    }
  }

  /**
   * Nix itself goes on without a sandbox where the kernel lets it make none, and does not say so.
   */
  private boolean canSandbox() {
    String nothing =
        """
        derivation {
          name = "sandbox";
          system = "builtin";
          builder = "builtin:buildenv";
          derivations = "";
          manifest = "/";
          nonce = "%s";
        }
        """
            .formatted(UUID.randomUUID());
    var prober = program(Set.of(), true, SmokeCommands.NONE.deadline());
    return prober.run(prober.build(nothing)).exit().succeeded();
  }

  private Optional<SmokeFailed.Failed> run(SmokeTest test, boolean sandboxed) {
    String configuration = test.system().configuration();
    SmokeCommands smoke = test.smoke();
    SystemPlatform platform = test.system().hostPlatform();
    boolean emulated =
        !machine.runs(platform) || program.settings().extraPlatforms().contains(platform);
    String commands = Words.count(smoke.commands().size(), "smoke command");
    progress.note(
        "%s: %s, %s%s, for at most %s"
            .formatted(
                configuration,
                commands,
                sandboxed
                    ? "in Nix's sandbox, without network"
                    : "not sandboxed here: with the network of this machine",
                emulated ? ", by emulation of " + platform : "",
                Words.time(smoke.deadline())));
    var reached = new Reached(smoke.commands(), progress);
    var log = new BuildLog(reached, derivation -> {}, System::nanoTime);
    var runner = program(emulated ? Set.of(platform) : Set.of(), sandboxed, smoke.deadline());
    NixProgram.Answer answer = runner.run(runner.build(expression(test)), log::accept);
    if (answer.exit().succeeded()) {
      progress.note("%s: %s passed".formatted(configuration, commands));
      return Optional.empty();
    }
    return Optional.of(failure(test, reached.last(), log, answer));
  }

  private NixProgram program(Set<SystemPlatform> emulated, boolean sandboxed, Duration deadline) {
    var options = new HashMap<>(program.settings().options());
    options.putAll(sandbox(sandboxed));
    options.put("timeout", Long.toString(deadline.toSeconds()));
    options.put("max-silent-time", "0");
    options.put("builders", "");
    options.put("substituters", "");
    options.put("post-build-hook", "");
    var logins = program.settings().logins();
    return new NixProgram(new NixSettings(List.of(), List.of(), emulated, false, logins, options));
  }

  /** A daemon outside of this container trusts us: it is never told to leave its sandbox away. */
  Map<String, String> sandbox(boolean wanted) {
    return !wanted && machine.remote()
        ? Map.of()
        : Map.of("sandbox", Boolean.toString(wanted), "sandbox-fallback", "false");
  }

  private static String expression(SmokeTest test) {
    return """
    let
      system = builtins.storePath "%s";
    in
    derivation {
      name = "smoke";
      system = "%s";
      builder = "${system}/sw/bin/sh";
      args = [ "-c" %s "sh" %s ];
      PATH = "${system}/sw/bin";
      allowSubstitutes = false;
      nonce = "%s";
    }
    """
        .formatted(
            test.system().toplevel(),
            test.system().hostPlatform(),
            Evaluator.literal(SCRIPT),
            test.smoke().commands().stream()
                .map(Evaluator::literal)
                .collect(Collectors.joining(" ")),
            UUID.randomUUID());
  }

  private static SmokeFailed.Failed failure(
      SmokeTest test, Optional<String> command, BuildLog log, NixProgram.Answer answer) {
    if (log.failed().isEmpty()) {
      NixError error = NixError.of(log.errors());
      String said = error.message().isEmpty() ? "Nix " + answer.exit() : error.message();
      return new SmokeFailed.Failed(test, command, said, false, error.lines());
    }
    var derivation = log.failed().getFirst();
    return new SmokeFailed.Failed(
        test, command, derivation.cause(), derivation.timedOut(), derivation.lastLines());
  }

  /** Hands on what the commands write, and sees from it which one was begun last. */
  private static final class Reached implements Progress {
    private final List<String> commands;
    private final Progress progress;
    private int begun;

    Reached(List<String> commands, Progress progress) {
      this.commands = commands;
      this.progress = progress;
    }

    @Override
    public void report(ProgressEvent event) {
      if (event instanceof ProgressEvent.BuilderLine(var derivation, var text)) {
        if (begun < commands.size()
            && text.strip().equals(NixError.readable(BEGINS + commands.get(begun)).strip())) {
          begun++;
        }
        // at once: nothing else is built meanwhile
        progress.report(new ProgressEvent.ForeignLine(derivation.derivationName(), text));
      } else if (event instanceof ProgressEvent.Warning) {
        progress.report(event);
      }
    }

    Optional<String> last() {
      return begun == 0 ? Optional.empty() : Optional.of(commands.get(begun - 1));
    }
  }
}
