package io.github.flakeferry.forge.actions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flakeferry.support.progress.Progress;
import io.github.flakeferry.support.progress.ProgressEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunFilesTest {
  @TempDir private Path folder;
  private Path outputs;
  private Path summary;
  private final List<ProgressEvent> log = new ArrayList<>();

  @BeforeEach
  void names() {
    outputs = folder.resolve("output");
    summary = folder.resolve("summary");
  }

  private RunFiles files(Map<String, String> more) {
    var variables = new HashMap<String, String>(more);
    for (String name :
        List.of("GITHUB_EVENT_NAME", "GITHUB_EVENT_PATH", "GITHUB_REPOSITORY", "GITHUB_RUN_ID")) {
      variables.put(name, "x");
    }
    variables.put("GITHUB_SERVER_URL", "https://forge.example");
    Progress progress = log::add;
    return new RunFiles(new Variables(variables), progress);
  }

  private RunFiles files() {
    return files(
        Map.of("GITHUB_OUTPUT", outputs.toString(), "GITHUB_STEP_SUMMARY", summary.toString()));
  }

  /** Reads the file as the runner does (its FileCommandManager). */
  private Map<String, String> outputs() throws IOException {
    var read = new LinkedHashMap<String, String>();
    var lines = new ArrayList<>(Files.readAllLines(outputs));
    while (!lines.isEmpty()) {
      String line = lines.removeFirst();
      if (line.isEmpty()) {
        continue;
      }
      int heredoc = line.indexOf("<<");
      int equals = line.indexOf('=');
      if (heredoc >= 0 && (equals < 0 || heredoc < equals)) {
        String delimiter = line.substring(heredoc + 2);
        var value = new ArrayList<String>();
        while (!lines.getFirst().equals(delimiter)) {
          value.add(lines.removeFirst());
        }
        lines.removeFirst();
        read.put(line.substring(0, heredoc), String.join("\n", value));
      } else {
        read.put(line.substring(0, equals), line.substring(equals + 1));
      }
    }
    return read;
  }

  @Test
  void setsOutputsAfterThoseOfOthers() throws IOException {
    Files.writeString(outputs, "earlier=1");
    var files = files();
    files.output("outcome", "success");
    files.output("results", "{\n\"a\": 1\n}");
    assertThat(outputs())
        .containsExactly(
            Map.entry("earlier", "1"),
            Map.entry("outcome", "success"),
            Map.entry("results", "{\n\"a\": 1\n}"));
    assertThat(Files.readString(outputs)).endsWith("\n");
  }

  @Test
  void letsNoValueSetOtherOutputs() throws IOException {
    String value = "x\nEOF\noutcome=success\nresults<<EOF\nforged\nEOF";
    files().output("message", value);
    assertThat(outputs()).containsExactly(Map.entry("message", value));
  }

  @Test
  void endsEachOutputWithAWordOfItsOwn() throws IOException {
    files().output("a", "1");
    files().output("a", "1");
    assertThat(Files.readAllLines(outputs)).hasSize(6);
    assertThat(Files.readAllLines(outputs).get(2)).isNotEqualTo(Files.readAllLines(outputs).get(5));
  }

  @Test
  void takesNoNameThatIsNone() {
    assertThatThrownBy(() -> files().output("a<<b", "x"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void replacesItsOwnSummaryAndNoOther() throws IOException {
    Files.writeString(summary, "of a command before");
    var files = files();
    files.summary("first, and longer");
    files.summary("second");
    assertThat(Files.readString(summary)).isEqualTo("of a command before\nsecond\n");
  }

  @Test
  void cutsASummaryThatWouldBeDropped() throws IOException {
    Files.writeString(summary, "before\n");
    files().summary("ä€😀".repeat(300_000));
    assertThat(Files.size(summary)).isBetween((1L << 20) - 8, 1L << 20);
    assertThat(Files.readString(summary))
        .startsWith("before\nä€😀")
        .endsWith("*The rest is left out: a summary can't be longer.*\n")
        .doesNotContain("\ufffd");
  }

  @Test
  void needsNeitherFile() {
    var files = files(Map.of());
    files.output("a", "1");
    files.summary("x");
    assertThat(log).isEmpty();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void goesOnWhereAFileCantBeWritten() {
    var files = files(Map.of("GITHUB_OUTPUT", "/nowhere/o", "GITHUB_STEP_SUMMARY", "/nowhere/s"));
    files.output("outcome", "1");
    files.summary("x");
    assertThat(log).hasSize(2).allMatch(e -> e instanceof ProgressEvent.Warning);
  }
}
