package io.github.flakeferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.forge.actions.RunnerCommands;
import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.FailureCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ErrorTextTest {
  private static String printed(Exception exception) {
    var text = new StringWriter();
    ErrorText.of(exception).print(new PrintWriter(text), false);
    return text.toString();
  }

  @Test
  void aFailureHasItsCodeWhatToDoAndWhereToReadMore() {
    var failure =
        new Failure(FailureCode.BUILD, "hello did not build", "Look at its log.") {
          @Override
          public List<String> details() {
            return List.of("make: error 1");
          }
        };
    assertThat(printed(failure))
        .isEqualTo(
            """
            error FF-0601: hello did not build
            Look at its log.
              make: error 1
            More: flakeferry explain FF-0601
            """);
    assertThat(ErrorText.of(failure).code().reason().exitCode()).isEqualTo(6);
  }

  @Test
  void whatOthersWroteInItIsNoCommandForARunnerOrATerminal() {
    String evil = "a\n::error::forged\n ##[add-mask]a\n\u3000::stop-commands::x\033]0;title\033\\";
    var failure =
        new Failure(FailureCode.BUILD, evil, evil) {
          @Override
          public List<String> details() {
            return List.of(evil);
          }
        };
    for (Exception exception :
        List.of(
            failure,
            new IllegalStateException(evil),
            new UncheckedIOException("it can't be copied", new FileSystemException(evil)))) {
      var text = new StringWriter();
      ErrorText.of(exception).print(new PrintWriter(text), true);
      assertThat(text.toString()).contains("error::forged").doesNotContain("\033");
      assertThat(RunnerCommands.in(text.toString())).isEmpty();
    }
  }

  @Test
  void aFileThatCantBeUsedIsNoDefect() {
    var fault = new UncheckedIOException("no temporary folder", new NoSuchFileException("/tmp/x"));
    assertThat(printed(fault))
        .startsWith("error FF-0102: no temporary folder: there is no /tmp/x\n");
    assertThat(printed(new UncheckedIOException(new IOException("the disk is worn out"))))
        .startsWith("error FF-0102: the disk is worn out\n");
  }

  @Test
  void anythingElseIsADefectAndShowsNoTraceUnlessItIsAskedFor() {
    var defect = new IllegalStateException("a lane broke");
    assertThat(printed(defect))
        .startsWith("error FF-0101: this should not have happened:")
        .contains("a lane broke", "--stacktrace")
        .doesNotContain("\tat ");
    var traced = new StringWriter();
    ErrorText.of(defect).print(new PrintWriter(traced), true);
    assertThat(traced.toString()).contains("\tat " + ErrorTextTest.class.getName());
  }

  @Test
  void aWrongCommandLineSaysWhatMayBeMeant() {
    var line = Main.commandLine();
    var text = new StringWriter();
    line.setErr(new PrintWriter(text));
    assertThat(line.execute("statu")).isEqualTo(2);
    assertThat(text.toString())
        .startsWith("error FF-0201: Unmatched argument at index 0: 'statu'\n")
        .contains("Did you mean", "status", "`flakeferry --help` tells what there is.")
        .endsWith("More: flakeferry explain FF-0201\n");
  }
}
