package io.github.flakeferry.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.github.flakeferry.model.BoardAction;
import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.Outcome;
import io.github.flakeferry.support.progress.ProgressEvent;
import io.github.flakeferry.support.progress.ProgressScene;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The published schema describes the lines that we print, and no others. */
final class ProgressJsonTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonNode DOCUMENT = JSON.readTree(Path.of("src/doc/progress.schema.json"));
  private static final Schema SCHEMA =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7).getSchema(DOCUMENT);

  private final ProgressScene scene = new ProgressScene();

  private static JsonNode judged(String line) {
    JsonNode parsed = JSON.readTree(line);
    assertThat(line).doesNotContain("\n");
    assertThat(SCHEMA.validate(parsed)).as(line).isEmpty();
    return parsed;
  }

  private List<String> lines() {
    var lines = new ArrayList<String>();
    scene.play(new JsonProgress(lines::add, scene));
    lines.add(ProgressJson.results(ReportSamples.rolledBack().results(), scene.instant()));
    lines.add(ProgressJson.published(3, 40, 2, 7 << 20, scene.instant()));
    lines.add(
        ProgressJson.failed(ReportSamples.failedBuild().problem().orElseThrow(), scene.instant()));
    return lines;
  }

  @Test
  void everyKindOfLineIsAsTheSchemaSaysAndTheSchemaKnowsNoOther() {
    Set<String> told = new TreeSet<>();
    lines().forEach(line -> told.add(judged(line).path("event").asString()));
    Set<String> known = new TreeSet<>();
    DOCUMENT
        .path("definitions")
        .forEach(d -> known.add(d.at("/properties/event/const").asString()));
    known.remove("");
    assertThat(told).isEqualTo(known);
    assertThat(ProgressEvent.class.getPermittedSubclasses()).hasSize(known.size() - 3);
  }

  @Test
  void aResultMayHaveEachOutcomeAndAction() {
    for (Outcome outcome : Outcome.values()) {
      for (BoardAction action : BoardAction.values()) {
        var result =
            new BoardResult(
                new BoardName("b"),
                action,
                outcome,
                ProgressScene.codeOf(outcome),
                Optional.empty(),
                Optional.of(ReportSamples.NEW),
                Optional.empty(),
                Duration.ofMillis(1500),
                0,
                "two\nlines",
                ReportSamples.UNITS);
        JsonNode line =
            judged(ProgressJson.event(new ProgressEvent.BoardEnded(result), scene.instant()));
        assertThat(line.path("seconds").asDouble()).isEqualTo(1.5);
      }
    }
  }

  @Test
  void theSchemaRefusesWhatWeNeverPrint() {
    for (String line :
        List.of(
            "{}",
            "{\"event\":\"note\",\"time\":\"2026-11-22T16:00:00Z\"}",
            "{\"event\":\"note\",\"time\":\"2026-11-22T16:00:00Z\",\"text\":\"a\",\"more\":1}",
            "{\"event\":\"other\",\"time\":\"2026-11-22T16:00:00Z\",\"text\":\"a\"}")) {
      assertThat(SCHEMA.validate(JSON.readTree(line))).as(line).isNotEmpty();
    }
  }

  @Test
  void whatComesInSwarmsIsToldOnceASecond() {
    var lines = new ArrayList<String>();
    var progress = new JsonProgress(lines::add, scene);
    for (int done = 0; done < 5; done++) {
      progress.report(new ProgressEvent.TransferAdvanced(new BoardName("b"), done, 9, done, 9));
    }
    assertThat(lines).hasSize(1);
  }
}
