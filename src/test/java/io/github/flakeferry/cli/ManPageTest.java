package io.github.flakeferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The manual page has what the program has; that it can be read is tried with a real man. */
final class ManPageTest {
  @Test
  void everyCommandIsThereWithItsOptions() {
    String page = ManPage.of(Main.commandLine().getCommandSpec(), "flakeferry 1.2.3");

    assertThat(page)
        .startsWith(".TH \"FLAKEFERRY\" \"1\" \"\" \"flakeferry 1.2.3\" \"\"\n.SH NAME\n")
        .contains("\n.SS flakeferry diff ")
        .contains("\n.SS flakeferry key generate ")
        .contains("\n.TP\n.B \\-\\-against COMMIT|PATH\n")
        .contains("\n.TP\n.B 11\nrefused\n")
        .doesNotContain("${");
    assertThat(page.lines()).noneMatch(line -> line.startsWith("'"));
  }
}
