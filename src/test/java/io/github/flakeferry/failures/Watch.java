package io.github.flakeferry.failures;

import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.Secret;
import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.support.process.Exit;
import io.github.flakeferry.support.process.Finished;
import io.github.flakeferry.testbed.RehearsedRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Keeps what {@link Agent} is told of. For any number of threads. */
public final class Watch {
  private static final String LAUNCHER = "flakeferry";
  private static final String PROGRAM = LAUNCHER + ".jar";
  private static final Set<String> SECRET_VARIABLES =
      Set.of(
          "INPUT_SSH-KEY",
          "INPUT_SSH-KEY-PASSPHRASE",
          "INPUT_SIGNING-KEY",
          "INPUT_PULL-REQUEST-SIGNING-KEY",
          "INPUT_CACHE-CREDENTIALS",
          "INPUT_GITHUB-TOKEN",
          "AWS_SECRET_ACCESS_KEY",
          "AWS_SESSION_TOKEN");

  private static final Queue<Object> SEEN = new ConcurrentLinkedQueue<>();
  private static final Set<String> SECRETS = ConcurrentHashMap.newKeySet();

  private Watch() {}

  /** Called by the constructors of what is watched. */
  public static void saw(Object made) {
    switch (made) {
      case Secret secret -> SECRETS.add(secret.reveal());
      case Finished finished when !isProgram(finished.command()) -> {}
      case Finished finished -> {
        secrets(finished.command());
        // its lines are those of a RehearsedRun, which has all of them
        if (StackWalker.getInstance()
            .walk(frames -> frames.noneMatch(f -> f.getClassName().endsWith(".RehearsedRun")))) {
          SEEN.add(finished);
        }
      }
      default -> SEEN.add(made);
    }
  }

  private static boolean isProgram(Command command) {
    return command.program().endsWith("/" + LAUNCHER)
        || command.words().stream().anyMatch(word -> word.endsWith(PROGRAM))
        || command.environment().containsKey("GITHUB_EVENT_NAME");
  }

  private static void secrets(Command command) {
    for (Map.Entry<String, String> variable : command.environment().entrySet()) {
      String name = variable.getKey();
      if (SECRET_VARIABLES.contains(name.replaceFirst("_FILE$", ""))) {
        SECRETS.add(variable.getValue());
      } else if (name.startsWith("FLAKEFERRY_")) {
        fromFile(name, variable.getValue());
      }
    }
  }

  private static void fromFile(String variable, String value) {
    String input = "INPUT_" + variable.substring("FLAKEFERRY_".length()).replace('_', '-');
    try {
      if (SECRET_VARIABLES.contains(input)) {
        SECRETS.add(value);
      } else if (input.endsWith("-FILE")
          && SECRET_VARIABLES.contains(input.replaceFirst("-FILE$", ""))
          && Files.isRegularFile(Path.of(value))) {
        SECRETS.add(Files.readString(Path.of(value)));
      }
    } catch (IOException e) {
      // the program can't read it either
    }
  }

  /** All that was seen since this was asked last, judged. */
  static List<Seen> judged() {
    Set<Object> all = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Object next = SEEN.poll(); next != null; next = SEEN.poll()) {
      all.add(next);
    }
    var rules = new Rules(SECRETS);
    return all.stream().flatMap(made -> judged(made, rules)).toList();
  }

  private static Stream<Seen> judged(Object made, Rules rules) {
    return switch (made) {
      case Failure failure -> Stream.of(rules.ofFailure(failure));
      case BoardResult result -> result.code().stream().map(code -> rules.ofBoard(result, code));
      case RehearsedRun run ->
          Stream.of(rules.ofProgram("run", run.exitCode(), run.logText(), Set.of()));
      case Finished(Command command, Exit.Code(int exit), String output, List<String> errors) ->
          Stream.of(
              rules.ofProgram(
                  words(command),
                  exit,
                  output + "\n" + String.join("\n", errors),
                  Set.copyOf(command.words())));
      default -> Stream.empty();
    };
  }

  private static String words(Command command) {
    boolean launched = command.program().endsWith("/" + LAUNCHER);
    return command.words().stream()
        .dropWhile(word -> !launched && !word.endsWith(PROGRAM))
        .skip(1)
        .collect(Collectors.joining(" "));
  }
}
