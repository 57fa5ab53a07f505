package io.github.flakeferry.cli.demo;

import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.support.process.Exit;
import io.github.flakeferry.support.process.Finished;
import io.github.flakeferry.testbed.Rehearsal;
import io.github.flakeferry.testbed.RunOutputs;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One run of the program, started as the forge would: a process of its own with the forge's
 * variables.
 *
 * @param stages how long each took, as the log says it
 */
record DemoRun(
    int exitCode, List<String> log, Map<String, String> outputs, Map<String, String> stages,
    Duration took) {
  private static final Pattern STAGE =
      Pattern.compile("(Check out|Evaluate|Build|Publish|Deploy): (\\S.*)");

  static DemoRun of(Rehearsal rehearsal, GitRevision commit) throws IOException {
    Map<String, String> environment =
        rehearsal.environment("push", rehearsal.pushPayload(commit, "refs/heads/main"));
    Command command = Command.of(ownProgram()).and("run");
    for (var variable : environment.entrySet()) {
      command = command.with(variable.getKey(), variable.getValue());
    }
    var log = new ArrayList<String>();
    long begin = System.nanoTime();
    Finished finished = command.run(log::add, line -> {});
    var took = Duration.ofNanos(System.nanoTime() - begin);
    log.addAll(finished.lastErrorLines());
    int code = finished.exit() instanceof Exit.Code(int value) ? value : 1;
    return new DemoRun(
        code,
        log,
        RunOutputs.read(Path.of(environment.get("GITHUB_OUTPUT"))),
        stages(log),
        took);
  }

  private static Map<String, String> stages(List<String> log) {
    var stages = new LinkedHashMap<String, String>();
    for (String line : log) {
      Matcher matcher = STAGE.matcher(line);
      if (matcher.matches()) {
        stages.put(matcher.group(1), matcher.group(2));
      }
    }
    return stages;
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
        "io.github.flakeferry.cli.Main");
  }
}
