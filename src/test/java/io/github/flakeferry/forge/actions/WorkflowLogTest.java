package io.github.flakeferry.forge.actions;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.forge.EventUnreadable;
import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.Secret;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.support.progress.ProgressEvent;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class WorkflowLogTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private Instant now = Instant.parse("2026-11-22T16:00:00Z");
  private final WorkflowLog log = new WorkflowLog(new PrintStream(bytes, true, UTF_8), () -> now);

  private List<String> lines() {
    return bytes.toString(UTF_8).lines().toList();
  }

  private List<String> commands() {
    return RunnerCommands.in(bytes.toString(UTF_8));
  }

  @Test
  void foldsStagesOneAtATime() {
    log.report(new ProgressEvent.StageStarted("build"));
    log.note("hello");
    log.report(new ProgressEvent.StageStarted("publish"));
    log.report(new ProgressEvent.StageEnded("publish", Duration.ofMillis(1500)));
    assertThat(lines())
        .containsExactly(
            "::group::build",
            "hello",
            "::endgroup::",
            "::group::publish",
            "::endgroup::",
            "publish: 1.5 s");
  }

  @Test
  void escapesWhatAWarningQuotes() {
    log.warn("50% of\nit\r\n::error::x");
    assertThat(lines()).containsExactly("::warning::50%25 of%0Ait%0A::error::x");
  }

  @Test
  void letsNobodyElseGiveCommands() {
    String[] attempts = {
      "::set-output name=outcome::success",
      "  ::add-mask::e",
      "\t::error::x",
      "progress 50%\r::error::after a carriage return",
      "##[error]old style",
      "abc ##[add-mask]e",
      "::stop-commands::mine",
      "::mine::",
      "\u001b[0m::warning::after an escape",
      "\u0085::warning::next line",
      "\u00a0\u202f\u3000::warning::x"
    };
    for (String attempt : attempts) {
      log.report(new ProgressEvent.ForeignLine("builder", attempt));
      log.note("a note that quotes\n" + attempt);
      log.report(new ProgressEvent.BoardStep(new BoardName("b"), "facts", Optional.of(attempt)));
    }
    log.warn("ours");
    assertThat(commands()).containsExactly("::warning::ours");
  }

  @Test
  void stopsCommandsByANewWordEachTime() {
    log.report(new ProgressEvent.ForeignLine("builder", "a"));
    log.report(new ProgressEvent.ForeignLine("builder", "b"));
    log.note("ours");
    log.report(new ProgressEvent.ForeignLine("builder", "c"));
    List<String> stops = lines().stream().filter(l -> l.startsWith("::stop-commands::")).toList();
    assertThat(stops).hasSize(2).doesNotHaveDuplicates();
    assertThat(stops.getFirst()).matches("::stop-commands::[0-9a-f]{32}");
    assertThat(lines().subList(1, 4))
        .containsExactly("builder> a", "builder> b", "::" + stops.getFirst().substring(17) + "::");
  }

  @Test
  void hidesASecretLineByLine() {
    log.report(new ProgressEvent.ForeignLine("builder", "x"));
    log.mask(new Secret("first line\nsecond 100%\n}\n"));
    assertThat(commands()).containsExactly("::add-mask::first line", "::add-mask::second 100%25");
  }

  @Test
  void saysProgressEveryFewSecondsAndWhenItIsDone() {
    for (int done = 0; done <= 100; done++) {
      log.report(new ProgressEvent.BuildAdvanced(done, 100, List.of("hello"), 0, 0));
      now = now.plusMillis(100);
    }
    log.report(new ProgressEvent.BuildAdvanced(100, 100, List.of(), 0, 0));
    assertThat(lines())
        .containsExactly(
            "built 0 of 100; now hello",
            "built 50 of 100; now hello",
            "built 100 of 100; now hello");
  }

  @Test
  void keepsTheLinesOfEachBuilderTogether() {
    StorePath a = derivation("a-1");
    StorePath b = derivation("b-2");
    for (StorePath derivation : List.of(a, b)) {
      log.report(new ProgressEvent.DerivationBegun(derivation));
    }
    for (String line : List.of("first", "::error::second")) {
      log.report(new ProgressEvent.BuilderLine(a, line));
      log.report(new ProgressEvent.BuilderLine(b, line));
    }
    assertThat(lines()).isEmpty();
    now = now.plusSeconds(7);
    log.report(new ProgressEvent.DerivationEnded(b));
    log.report(new ProgressEvent.DerivationEnded(a));
    assertThat(lines())
        .filteredOn(line -> !line.matches("::(stop-commands::)?[0-9a-f]{32}(::)?"))
        .containsExactly(
            "b-2, built for 7.0 s; it wrote:",
            "b-2> first",
            "b-2> ::error::second",
            "a-1, built for 7.0 s; it wrote:",
            "a-1> first",
            "a-1> ::error::second");
    assertThat(commands()).isEmpty();
  }

  @Test
  void saysAfterHalfAMinuteOfSilenceWhatGoesOn() {
    log.report(new ProgressEvent.DerivationBegun(derivation("gcc-14.3.0")));
    now = now.plusSeconds(28);
    log.beat();
    assertThat(lines()).isEmpty();
    now = now.plusSeconds(1);
    log.beat();
    now = now.plusSeconds(1);
    log.beat();
    assertThat(lines()).containsExactly("still building gcc-14.3.0 (29 s)");
  }

  private static StorePath derivation(String name) {
    return new StorePath("ky7ji06xy1r5xnpmn41hw8mz3ma5a75j", name + ".drv");
  }

  @Test
  void saysWhatFailedAsAnAnnotation() {
    log.report(new ProgressEvent.StageStarted("plan"));
    log.failed(EventUnreadable.missingVariables(List.of("GITHUB_REF")));
    assertThat(lines())
        .containsExactly(
            "::group::plan",
            "::endgroup::",
            "::error::FF-0204: The variable GITHUB_REF is not set.",
            "It is a workflow that starts this command; `flakeferry --help` says which are for"
                + " hands.",
            "See https://github.com/flakeferry/flakeferry/blob/main/src/doc/errors/FF-0204.md");
  }
}
