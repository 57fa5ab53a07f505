package io.github.flakeferry.cli;

import io.github.flakeferry.support.http.EnvironmentProxies;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The program: its commands, and the exit code of each. */
@Command(
    name = "flakeferry",
    versionProvider = Version.class,
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT, // so each command has --help
    description =
        "Cross-builds NixOS systems and ferries them to boards that can't build their own.",
    subcommands = {
      RunCommand.class,
      BuildCommand.class,
      DeployCommand.class,
      PlanCommand.class,
      StatusCommand.class,
      DiffCommand.class,
      LogsCommand.class,
      SshCommand.class,
      ExplainCommand.class,
      RollbackCommand.class,
      ReleaseCommand.class,
      InitCommand.class,
      SystemsCommand.class,
      CacheCommand.class,
      CheckCommand.class,
      KeyCommand.class,
      PublishCommand.class,
      DemoCommand.class,
      CompletionCommand.class,
      ManCommand.class
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
    EnvironmentProxies.use(System.getenv());
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
      var told = ErrorText.of(e);
      told.print(new PrintWriter(System.err, false, StandardCharsets.UTF_8), false);
      return told.code().reason().exitCode();
    }
  }

  static CommandLine commandLine() {
    var main = new Main();
    return new CommandLine(main)
        .setParameterExceptionHandler(
            (exception, arguments) -> main.print(exception, exception.getCommandLine()))
        .setExecutionExceptionHandler(
            (exception, command, parsed) -> main.print(exception, command));
  }

  private int print(Exception exception, CommandLine command) {
    var told = ErrorText.of(exception);
    told.print(command.getErr(), stacktrace);
    return told.code().reason().exitCode();
  }
}
