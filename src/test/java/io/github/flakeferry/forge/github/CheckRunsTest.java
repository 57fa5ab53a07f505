package io.github.flakeferry.forge.github;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.forge.CheckConclusion;
import io.github.flakeferry.forge.CheckResult;
import io.github.flakeferry.forge.CheckResult.Annotation;
import io.github.flakeferry.forge.Forge;
import io.github.flakeferry.forge.actions.ReportsFixture;
import io.github.flakeferry.testbed.GitHubCheckRun;
import io.github.flakeferry.testbed.GitHubStandIn.Disturbance;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CheckRunsTest extends ReportsFixture {
  private static CheckResult result(CheckConclusion conclusion, Annotation... annotations) {
    return new CheckResult(conclusion, "1 board deployed", "## All", List.of(annotations));
  }

  private GitHubCheckRun only() {
    assertThat(gitHub.checkRuns(COMMIT)).hasSize(1);
    return gitHub.checkRuns(COMMIT).getFirst();
  }

  @Test
  void isUnderWayAndThenCompleted() {
    Forge forge = forge();
    tell(forge, f -> f.checkBegun(COMMIT, "flakeferry", "under way"));
    assertThat(only().status()).isEqualTo("in_progress");
    assertThat(only().name()).isEqualTo("flakeferry");
    tell(forge, f -> f.checkEnded(COMMIT, "flakeferry", result(CheckConclusion.SUCCESS)));
    assertThat(only().status()).isEqualTo("completed");
    assertThat(only().conclusion()).contains("success");
    assertThat(only().title()).isEqualTo("1 board deployed");
    assertThat(only().summary()).isEqualTo("## All");
  }

  @Test
  void cutsAPageThatIsTooLong() {
    tell(
        f ->
            f.checkEnded(
                COMMIT,
                "flakeferry",
                new CheckResult(
                    CheckConclusion.NEUTRAL, "t".repeat(300), "s".repeat(70_000), List.of())));
    assertThat(only().summary()).hasSize(65_535).endsWith("…");
    assertThat(only().conclusion()).contains("neutral");
  }

  @Test
  void appendsAnnotationsFiftyAtATime() {
    Annotation[] many =
        IntStream.rangeClosed(1, 120)
            .mapToObj(line -> new Annotation("flakeferry.yml", line, 3, "fault " + line))
            .toArray(Annotation[]::new);
    tell(f -> f.checkEnded(COMMIT, "flakeferry", result(CheckConclusion.FAILURE, many)));
    assertThat(only().annotations())
        .hasSize(120)
        .startsWith("flakeferry.yml:1:3: fault 1")
        .endsWith("flakeferry.yml:120:3: fault 120");
    assertThat(only().conclusion()).contains("failure");
    assertThat(writes()).containsExactly("POST 201", "PATCH 200", "PATCH 200", "PATCH 200");
  }

  @Test
  void aTokenThatMayNotIsANoteAndNoWarning() throws IOException {
    gitHub.permit(Set.of("statuses: write"));
    Forge forge = forge();
    tell(forge, f -> f.checkBegun(COMMIT, "flakeferry", "under way"));
    tell(forge, f -> f.checkEnded(COMMIT, "flakeferry", result(CheckConclusion.SUCCESS)));
    assertThat(writes()).containsExactly("POST 403");
    assertThat(warnings()).isEmpty();
    assertThat(log.toString(UTF_8)).containsOnlyOnce("`checks: write`");
    assertThat(summary()).doesNotContain("Not reported");
  }

  @Test
  void makesNoSecondOneWhereTheAnswerWasLost() {
    Forge forge = forge();
    gitHub.disturb(new Disturbance(0, Map.of(), ""));
    forge.checkBegun(COMMIT, "flakeferry", "under way");
    await(() -> gitHub.requests().size() == 1);
    gitHub.addCheckRun(check("in_progress", "flakeferry " + page(variables)));
    forge.checkEnded(COMMIT, "flakeferry", result(CheckConclusion.CANCELLED));
    forge.summary("");
    assertThat(only().conclusion()).contains("cancelled");
  }

  @Test
  void jobsOfOneRunHaveACheckOfEachName() {
    tell(f -> f.checkEnded(COMMIT, "flakeferry (lab: =a)", result(CheckConclusion.FAILURE)));
    Forge forge = forge();
    gitHub.disturb(new Disturbance(0, Map.of(), ""));
    forge.checkBegun(COMMIT, "flakeferry (lab: =b)", "under way");
    await(() -> gitHub.requests().stream().anyMatch(r -> r.status() == 0));
    forge.checkEnded(COMMIT, "flakeferry (lab: =b)", result(CheckConclusion.SUCCESS));
    forge.summary("");
    assertThat(gitHub.checkRuns(COMMIT))
        .extracting(c -> c.name() + " " + c.conclusion().orElse(""))
        .containsExactly("flakeferry (lab: =a) failure", "flakeferry (lab: =b) success");
  }

  static GitHubCheckRun check(String status, String externalId) {
    return new GitHubCheckRun(
        0,
        COMMIT,
        "flakeferry",
        status,
        Optional.empty(),
        "",
        "",
        List.of(),
        externalId,
        Instant.parse("2026-11-22T15:00:00Z"));
  }
}
