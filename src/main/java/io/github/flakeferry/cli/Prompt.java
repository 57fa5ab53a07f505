package io.github.flakeferry.cli;

import io.github.flakeferry.pipeline.setup.Dialog;
import io.github.flakeferry.support.Words;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** Asks by lines, on a terminal or through a pipe; or asks nobody, and takes the proposals. */
final class Prompt implements Dialog {
  private final PrintStream out;
  private final Optional<BufferedReader> answers;

  private Prompt(PrintStream out, Optional<BufferedReader> answers) {
    this.out = out;
    this.answers = answers;
  }

  static Prompt of(InputStream in, PrintStream out) {
    return new Prompt(
        out, Optional.of(new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))));
  }

  /** Takes every proposal, and agrees to nothing. */
  static Prompt ofNobody(PrintStream out) {
    return new Prompt(out, Optional.empty());
  }

  @Override
  public void say(String text) {
    out.println(Words.printable(text));
  }

  @Override
  public boolean isAnswered() {
    return answers.isPresent();
  }

  @Override
  public String ask(String question, String proposal) {
    String answer = answer(question + (proposal.isEmpty() ? " " : " [" + proposal + "] "));
    return answer.isEmpty() ? proposal : answer;
  }

  @Override
  public boolean confirm(String question) {
    // nobody who could answer agrees to nothing
    return line(question + " [y/N] ").orElse("").toLowerCase(Locale.ROOT).matches("y|yes");
  }

  private String answer(String question) {
    return line(question)
        .orElseThrow(
            () ->
                new BadInput(
                    "--yes",
                    "it is missing, and nobody is there to answer what is asked; nothing was"
                        + " written"));
  }

  /** Absent where the input has come to its end. */
  private Optional<String> line(String question) {
    out.print(Words.printable(question));
    out.flush();
    if (answers.isEmpty()) {
      out.println();
      return Optional.of("");
    }
    try {
      Optional<String> answer = Optional.ofNullable(answers.get().readLine()).map(String::strip);
      if (answer.isEmpty()) {
        out.println();
      }
      return answer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
