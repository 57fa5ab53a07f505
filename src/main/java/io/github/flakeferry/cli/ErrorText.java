package io.github.flakeferry.cli;

import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.report.ProgressJson;
import io.github.flakeferry.support.FileWords;
import io.github.flakeferry.support.Words;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * What is printed of an exception that ends a command: what is wrong, what to do, what else there
 * is to know, and where to read more. The one place that does so.
 *
 * @param advice may be empty
 * @param details what somebody else said of it
 */
record ErrorText(
    Exception cause, FailureCode code, String problem, String advice, List<String> details) {

  static ErrorText of(Exception exception) {
    return switch (exception) {
      case Failure failure ->
          new ErrorText(
              failure, failure.code(), failure.problem(), failure.advice(), failure.details());
      case ParameterException bad ->
          new ErrorText(
              bad,
              FailureCode.COMMAND_LINE,
              Objects.requireNonNullElse(bad.getMessage(), FailureCode.COMMAND_LINE.title()),
              advice(bad),
              List.of());
      case UncheckedIOException files ->
          new ErrorText(files, FailureCode.MACHINE_FILES, words(files), "", List.of());
      default ->
          new ErrorText(
              exception,
              FailureCode.DEFECT,
              "this should not have happened: " + exception,
              "Please report it with the output of the same command with --stacktrace.",
              List.of());
    };
  }

  private static String advice(ParameterException bad) {
    List<String> meant =
        bad instanceof UnmatchedArgumentException unmatched
            ? unmatched.getSuggestions()
            : List.of();
    String command = bad.getCommandLine().getCommandSpec().qualifiedName();
    return (meant.isEmpty() ? "" : "Did you mean " + String.join(" or ", meant) + "? ")
        + "`%s --help` tells what there is.".formatted(command);
  }

  private static String words(UncheckedIOException files) {
    IOException cause = Objects.requireNonNull(files.getCause());
    String why = FileWords.of(cause);
    String what = Objects.requireNonNullElse(files.getMessage(), "");
    return what.isEmpty() || what.equals(cause.toString()) ? why : what + ": " + why;
  }

  /** The same as the last line of a program's output. */
  String json(Instant at) {
    return ProgressJson.failed(code, problem, advice, details, at);
  }

  /**
   * Prints it, without what others wrote in it having a say over terminals and runners.
   *
   * @param trace whether with where in the program it came from
   */
  void print(PrintWriter to, boolean trace) {
    to.println(harmless("error " + code + ": " + problem));
    if (!advice.isEmpty()) {
      to.println(harmless(advice));
    }
    details.forEach(line -> to.println(harmless("  " + line)));
    to.println("More: flakeferry explain " + code);
    if (trace) {
      var from = new StringWriter();
      cause.printStackTrace(new PrintWriter(from, true));
      to.print(harmless(from.toString()));
    }
    to.flush();
  }

  private static String harmless(String text) {
    return NoCommand.text(Words.printable(text));
  }
}
