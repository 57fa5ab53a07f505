package io.github.flakeferry;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.testbed.PublishedDescriptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our workflows and the action are what GitHub's own parser takes. */
final class WorkflowsIT {
  private static final String SCRIPT = "parse-workflows.mjs";

  @TempDir private Path folder;

  @Test
  void githubsParserHasNothingAgainstThem() throws IOException {
    var files = new ArrayList<>(Workflows.examples());
    files.addAll(Workflows.own());
    files.add(Path.of("action.yml"));
    List<String> blocks = Workflows.shown();
    for (int n = 0; n < blocks.size(); n++) {
      files.add(Files.writeString(folder.resolve("readme-" + n + ".yml"), blocks.get(n)));
    }
    assertThat(faults(files)).isEmpty();
  }

  @Test
  void itFindsFaultsInEachKindOfFile() throws IOException {
    String example = Files.readString(Workflows.EXAMPLES.resolve("two-jobs.yml"));
    String action = Files.readString(Path.of("action.yml"));

    assertThat(inWorkflow(example.replace("push:", "pushed:"))).contains("'pushed'");
    assertThat(inWorkflow(example.replace("    needs:", "    want:"))).contains("'want'");
    assertThat(inWorkflow(example.replace("checks:", "check:"))).contains("'check'");
    assertThat(inWorkflow(example.replace("matrix.boards", "matrixx.boards")))
        .contains("'matrixx'");
    assertThat(inWorkflow(example.replace("needs: build", "needs: built"))).contains("built");
    assertThat(inWorkflow(example.replace("!= '{", "!= }'{"))).contains("expression");
    assertThat(inAction(action.replace("  using: docker", "  use: docker"))).contains("'use'");
  }

  private String inWorkflow(String text) throws IOException {
    return String.join("\n", faults(List.of(Files.writeString(folder.resolve("w.yml"), text))));
  }

  private String inAction(String text) throws IOException {
    return String.join(
        "\n", faults(List.of(Files.writeString(folder.resolve("action.yml"), text))));
  }

  private List<String> faults(List<Path> files) throws IOException {
    // Node looks for packages beside the script
    Path script = folder.resolve(SCRIPT);
    if (!Files.exists(script)) {
      try (var in = PublishedDescriptions.class.getResourceAsStream(SCRIPT)) {
        Files.copy(Objects.requireNonNull(in, SCRIPT), script);
      }
      Files.createSymbolicLink(
          folder.resolve("node_modules"),
          PublishedDescriptions.workflowParser().resolve("node_modules"));
    }
    var words = new ArrayList<>(List.of("node", script.toString()));
    files.forEach(file -> words.add(file.toAbsolutePath().toString()));
    return Command.of(words).run().orThrow().output().lines().toList();
  }
}
