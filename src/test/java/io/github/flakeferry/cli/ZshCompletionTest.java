package io.github.flakeferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What zsh would take for its own is written so that it does not. */
final class ZshCompletionTest {
  @Test
  void quotesBracketsAndColonsOfDescriptionsAreEscaped() {
    var program = CommandSpec.create().name("program");
    program.addOption(
        OptionSpec.builder("--like")
            .arity("1")
            .paramLabel("A:B")
            .description("it's [a]: b")
            .build());
    assertThat(ZshCompletion.of(program, "")).contains("'--like=[it'\\''s \\[a\\]\\: b]:A\\:B: '");
  }
}
