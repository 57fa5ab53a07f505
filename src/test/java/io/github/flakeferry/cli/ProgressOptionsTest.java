package io.github.flakeferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.ObjectMapper;

final class ProgressOptionsTest {
  @Command(name = "breaks")
  private static final class Breaks implements Callable<Integer> {
    @Mixin private final ProgressOptions options = new ProgressOptions();

    @Override
    public Integer call() {
      return options.telling(
          told -> {
            throw new UncheckedIOException(
                "no folder could be made", new FileNotFoundException("/tmp/x"));
          });
    }
  }

  @Test
  void whateverHappensTheLastLineTellsIt() {
    var out = new ByteArrayOutputStream();
    PrintStream before = System.out;
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    try {
      int exitCode =
          new CommandLine(new Breaks())
              .setErr(new PrintWriter(new StringWriter()))
              .execute("--json");
      assertThat(exitCode).isNotZero();
    } finally {
      System.setOut(before);
    }
    var last =
        new ObjectMapper()
            .readTree(out.toString(StandardCharsets.UTF_8).lines().toList().getLast());
    assertThat(last.path("event").asString()).isEqualTo("failed");
    assertThat(last.path("code").asString()).isEqualTo("FF-0102");
    assertThat(last.path("message").asString()).contains("no folder could be made");
  }
}
