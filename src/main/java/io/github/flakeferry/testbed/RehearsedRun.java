package io.github.flakeferry.testbed;

import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.support.process.Exit;
import io.github.flakeferry.support.process.Finished;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One run of the program, started as a forge would: a process of its own with the forge's
 * variables.
 *
 * @param exitCode 128 and the number where a signal ended it
 * @param log its standard output and error
 * @param outputs what it set for later steps
 * @param summary what it wrote for the run's page
 */
public record RehearsedRun(
    int exitCode, List<String> log, Map<String, String> outputs, String summary, Duration took) {
  private static final Pattern STAGE = Pattern.compile("([A-Z][a-z ]+): ([0-9].*s)");

  /**
   * Runs it to its end.
   *
   * @param program the words that start it, up to and with its command
   * @param environment as {@link Rehearsal#environment} gives it, or a changed copy
   */
  public static RehearsedRun of(List<String> program, Map<String, String> environment)
      throws IOException {
    Command command = Command.of(program);
    for (var variable : environment.entrySet()) {
      command = command.with(variable.getKey(), variable.getValue());
    }
    List<String> log = Collections.synchronizedList(new ArrayList<>());
    long begin = System.nanoTime();
    Finished finished = command.run(log::add, log::add);
    var took = Duration.ofNanos(System.nanoTime() - begin);
    return new RehearsedRun(
        switch (finished.exit()) {
          case Exit.Code(int code) -> code;
          case Exit.Signal(int number) -> 128 + number;
          case Exit.TimedOut _, Exit.Silent _ -> throw new IOException("the program hung");
        },
        List.copyOf(log),
        RunOutputs.read(Path.of(environment.get("GITHUB_OUTPUT"))),
        Files.readString(Path.of(environment.get("GITHUB_STEP_SUMMARY"))),
        took);
  }

  /** How long each stage took, as the log says it. */
  public Map<String, String> stages() {
    var stages = new LinkedHashMap<String, String>();
    for (String line : log) {
      Matcher matcher = STAGE.matcher(line);
      if (matcher.matches()) {
        stages.put(matcher.group(1), matcher.group(2));
      }
    }
    return stages;
  }

  /** One of its outputs; empty where it was not set. */
  public String output(String name) {
    return outputs.getOrDefault(name, "");
  }

  /** The whole log as one text. */
  public String logText() {
    return String.join("\n", log);
  }
}
