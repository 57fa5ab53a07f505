package io.github.flakeferry.cli;

import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.FailureReason;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/** The program: its commands, and the one place that prints a failure and decides the exit code. */
@Command(
    name = "flakeferry",
    versionProvider = Version.class,
    mixinStandardHelpOptions = true,
    description =
        "Cross-builds NixOS systems and ferries them to boards that can't build their own.",
    subcommands = {
      RunCommand.class,
      BuildCommand.class,
      DeployCommand.class,
      PlanCommand.class,
      StatusCommand.class,
      LogsCommand.class,
      SshCommand.class,
      RollbackCommand.class,
      ReleaseCommand.class,
      InitCommand.class,
      CacheCommand.class,
      CheckCommand.class,
      KeyCommand.class,
      PublishCommand.class,
      DemoCommand.class
    })
public final class Main {
  private static final List<String> ACTION = List.of("run");

  @Option(
      names = "--stacktrace",
      scope = ScopeType.INHERIT,
      description = "Shows where in the program a failure came from.")
  private boolean stacktrace;

  private Main() {}

  public static void main(String[] arguments) {
    // the libraries' own chatter; -Dorg.slf4j.simpleLogger.defaultLogLevel=debug brings it back
    if (System.getProperty("org.slf4j.simpleLogger.defaultLogLevel") == null) {
      System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "off");
    }
    System.exit(execute(arguments));
  }

  /** Runs one command and returns its exit code. */
  static int execute(String... arguments) {
    return List.of(arguments).equals(ACTION) ? action() : commandLine().execute(arguments);
  }

  /**
   * What {@code run} alone does, as actions are started: nothing waits for options to be parsed.
   */
  private static int action() {
    try {
      return new RunCommand().call();
    } catch (RuntimeException e) {
      new Main().print(e, new PrintWriter(System.err, false, StandardCharsets.UTF_8));
      return exitCode(e);
    }
  }

  static CommandLine commandLine() {
    var main = new Main();
    return new CommandLine(main)
        .setExitCodeExceptionMapper(Main::exitCode)
        .setExecutionExceptionHandler(
            (exception, command, parsed) -> {
              main.print(exception, command.getErr());
              return exitCode(exception);
            });
  }

  private static int exitCode(Throwable exception) {
    return switch (exception) {
      case Failure failure -> failure.reason().exitCode();
      case ParameterException bad -> FailureReason.USAGE.exitCode();
      default -> FailureReason.INTERNAL_ERROR.exitCode();
    };
  }

  private void print(Exception exception, PrintWriter to) {
    switch (exception) {
      case Failure failure -> {
        to.println(failure.problem());
        if (!failure.advice().isEmpty()) {
          to.println(failure.advice());
        }
        failure.details().forEach(line -> to.println("  " + line));
      }
      default -> {
        to.println("This should not have happened: " + exception);
        to.println("Please report it with the output of the same command with --stacktrace.");
      }
    }
    if (stacktrace) {
      exception.printStackTrace(to);
    }
    to.flush();
  }
}
