package io.github.flakeferry.nix;

import io.github.flakeferry.nix.BuildFailed.FailedDerivation;
import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.support.progress.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Builds systems, all at once, and goes on with what can be built when something fails. */
final class Builder {
  private static final int TOLD = 10;

  private final NixProgram program;
  private final Progress progress;

  Builder(NixProgram program, Progress progress) {
    this.program = program;
    this.progress = progress;
  }

  void build(List<EvaluatedSystem> systems, Path rootsFolder) {
    if (systems.isEmpty()) {
      return;
    }
    try {
      Files.createDirectories(rootsFolder);
    } catch (IOException e) {
      throw new UncheckedIOException("the folder for GC roots can't be made: " + rootsFolder, e);
    }
    // `nix-store --realise`, not `nix build`: the latter takes a .drv for what it makes up to 2.12,
    // for the file itself since then
    Command command =
        program
            .store("--realise", "--keep-going", "--log-format", "internal-json", "-v")
            .and("--add-root", rootsFolder.resolve("system").toString(), "--indirect")
            .and(systems.stream().map(s -> s.derivation().toString()).distinct().toList());
    var log = new BuildLog(progress, System::nanoTime);
    NixProgram.Answer answer = program.run(command, log::accept);
    if (!answer.exit().succeeded()) {
      throw failure(systems, log, answer);
    }
  }

  private static BuildFailed failure(
      List<EvaluatedSystem> systems, BuildLog log, NixProgram.Answer answer) {
    List<FailedDerivation> failed = log.failed();
    NixError error = NixError.of(log.errors());
    boolean full = isFull(log, failed);
    var details = new ArrayList<String>();
    for (FailedDerivation derivation : failed) {
      details.add("--- " + derivation.derivation());
      details.addAll(derivation.lastLines());
    }
    if (failed.isEmpty() || full) {
      details.addAll(error.lines());
    }
    String message = full ? "The disk is full.\n" : "";
    if (failed.isEmpty()) {
      String said = error.message().isEmpty() ? "it " + answer.exit() : error.message();
      message += "Nix can't build %s: %s".formatted(names(systems), said);
    } else {
      message += told(failed);
    }
    return new BuildFailed(failed, message, advice(failed, full, error), details);
  }

  private static String told(List<FailedDerivation> failed) {
    if (failed.size() == 1) {
      var only = failed.getFirst();
      return "%s did not build: %s".formatted(BuildLog.nameOf(only.derivation()), only.cause());
    }
    String list =
        failed.stream()
            .limit(TOLD)
            .map(f -> "\n  %s: %s".formatted(BuildLog.nameOf(f.derivation()), f.cause()))
            .collect(Collectors.joining());
    return failed.size()
        + " derivations did not build:"
        + list
        + (failed.size() > TOLD ? "\n  …" : "");
  }

  private static String advice(List<FailedDerivation> failed, boolean full, NixError error) {
    if (full) {
      return "Make room: `nix-collect-garbage` frees what nothing needs, and hosted runners have"
          + " tools and images that can be removed.";
    }
    if (failed.isEmpty()) {
      return error.advice();
    }
    return failed.stream()
        .filter(f -> !f.lastLines().isEmpty())
        .limit(TOLD)
        .map(f -> "nix log " + f.derivation())
        .reduce((a, b) -> a + "\n" + b)
        .map(commands -> "The whole log, on the machine that built:\n" + commands)
        .orElse("");
  }

  private static boolean isFull(BuildLog log, List<FailedDerivation> failed) {
    return log.errors().stream().anyMatch(Builder::saysFull)
        || failed.stream().flatMap(f -> f.lastLines().stream()).anyMatch(Builder::saysFull);
  }

  private static boolean saysFull(String line) {
    return line.contains("No space left on device") || line.contains("database or disk is full");
  }

  private static String names(List<EvaluatedSystem> systems) {
    return systems.stream()
        .map(s -> "'" + s.configuration() + "'")
        .collect(Collectors.joining(", "));
  }
}
