package io.github.flakeferry.nix;

import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.nix.BuildFailed.FailedDerivation;
import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.support.progress.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Builds systems, all at once, and goes on with what can be built when something fails. */
final class Builder {
  private static final int TOLD = 10;

  private final NixProgram program;
  private final Progress progress;

  Builder(NixProgram program, Progress progress) {
    this.program = program;
    this.progress = progress;
  }

  /**
   * Fetches what our own substituters have. NixOS forbids its systems to be substituted ({@code
   * allowSubstitutes}, since they are quickly put together), as it does many small parts of them:
   * that counts for a derivation, so here the outputs are asked for.
   */
  void fetch(List<EvaluatedSystem> systems, Path rootsFolder, Consumer<Forecast> before) {
    var store = new Store(program);
    List<StorePath> missing =
        systems.stream()
            .map(EvaluatedSystem::toplevel)
            .distinct()
            .filter(system -> !store.isValid(system))
            .toList();
    if (program.settings().substituters().isEmpty() || missing.isEmpty()) {
      return;
    }
    new DryRun(program).attempt(missing).ifPresent(before);
    make(rootsFolder);
    var log = new BuildLog(progress, derivation -> {}, System::nanoTime);
    // that it fails for what nobody has is no news
    program.run(
        realise(rootsFolder.resolve("fetched"), missing.stream().map(StorePath::toString)),
        log::accept);
    tellTroubles(log);
    for (StorePath system : missing) {
      log.source(system)
          .filter(from -> store.isValid(system))
          .ifPresent(
              from ->
                  progress.note(
                      "%s comes from %s, built before (%d paths fetched)"
                          .formatted(system, from, log.fetched())));
    }
  }

  void build(List<EvaluatedSystem> systems, Path rootsFolder, Consumer<StorePath> ended) {
    if (systems.isEmpty()) {
      return;
    }
    make(rootsFolder);
    // `nix-store --realise`, not `nix build`: the latter takes a .drv for what it makes up to 2.12,
    // for the file itself since then
    Command command =
        realise(
            rootsFolder.resolve("system"),
            systems.stream().map(s -> s.derivation().toString()).distinct());
    var log = new BuildLog(progress, ended, System::nanoTime);
    NixProgram.Answer answer = program.run(command, log::accept);
    if (!answer.exit().succeeded()) {
      throw failure(systems, log, answer);
    }
    tellTroubles(log);
    progress.note(
        "Nix: %d derivations built, %d paths fetched".formatted(log.built(), log.fetched()));
  }

  private Command realise(Path root, Stream<String> paths) {
    return program
        .store("--realise", "--keep-going", "--log-format", "internal-json", "-v")
        .and("--add-root", root.toString(), "--indirect")
        .and(paths.toList());
  }

  private static void make(Path rootsFolder) {
    try {
      Files.createDirectories(rootsFolder);
    } catch (IOException e) {
      throw new UncheckedIOException("the folder for GC roots can't be made: " + rootsFolder, e);
    }
  }

  // Nix tells them as errors, and goes on
  private void tellTroubles(BuildLog log) {
    log.errors().stream()
        .filter(line -> line.contains("binary cache"))
        .distinct()
        .forEach(line -> progress.warn("Nix: " + line.strip()));
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
    // of what has no log, only these say why: no builder could be reached, or none does it
    if (full || failed.stream().allMatch(derivation -> derivation.lastLines().isEmpty())) {
      details.addAll(error.lines());
    }
    String message = full ? DiskFull.TOLD : "";
    if (failed.isEmpty()) {
      String said = error.message().isEmpty() ? "it " + answer.exit() : error.message();
      message += "Nix can't build %s: %s".formatted(names(systems), said);
    } else {
      message += told(failed);
    }
    return new BuildFailed(
        full ? FailureCode.DISK_FULL : FailureCode.BUILD,
        failed,
        message,
        advice(failed, full, error),
        details);
  }

  private static String told(List<FailedDerivation> failed) {
    if (failed.size() == 1) {
      var only = failed.getFirst();
      return "%s did not build: %s".formatted(only.derivation().derivationName(), only.cause());
    }
    String list =
        failed.stream()
            .limit(TOLD)
            .map(f -> "\n  %s: %s".formatted(f.derivation().derivationName(), f.cause()))
            .collect(Collectors.joining());
    return failed.size()
        + " derivations did not build:"
        + list
        + (failed.size() > TOLD ? "\n  …" : "");
  }

  private static String advice(List<FailedDerivation> failed, boolean full, NixError error) {
    if (full) {
      return DiskFull.ADVICE;
    }
    if (failed.isEmpty()) {
      return error.advice();
    }
    String logs = logs(failed);
    if (failed.stream().noneMatch(OutOfMemory::ended)) {
      return logs;
    }
    return logs.isEmpty() ? OutOfMemory.ADVICE : OutOfMemory.ADVICE + "\n" + logs;
  }

  private static String logs(List<FailedDerivation> failed) {
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
