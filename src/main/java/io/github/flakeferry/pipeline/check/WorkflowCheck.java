package io.github.flakeferry.pipeline.check;

import io.github.flakeferry.fleet.Policy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Whether the workflows that start us give what a run needs, and to nobody else. */
public final class WorkflowCheck implements Check {
  private static final Path GITHUB = Path.of(".github", "workflows");
  private static final List<Path> FOLDERS =
      List.of(GITHUB, Path.of(".gitea", "workflows"), Path.of(".forgejo", "workflows"));

  private final Optional<Path> root;
  private final Policy policy;

  /**
   * @param root of the repository; absent where this is none
   */
  public WorkflowCheck(Optional<Path> root, Policy policy) {
    this.root = root;
    this.policy = policy;
  }

  @Override
  public String name() {
    return "workflow";
  }

  @Override
  public List<Finding> look() {
    return root.map(this::look).orElse(List.of());
  }

  private List<Finding> look(Path repository) {
    var findings = new ArrayList<Finding>();
    boolean any = false;
    for (Path folder : FOLDERS) {
      for (Path file : in(repository.resolve(folder))) {
        Optional<JsonNode> workflow = read(file);
        if (workflow.filter(WorkflowFile::startsUs).isPresent()) {
          any = true;
          findings.addAll(
              new WorkflowFile(
                      repository.relativize(file).toString(),
                      workflow.get(),
                      folder.equals(GITHUB),
                      policy)
                  .findings());
        }
      }
    }
    return any
        ? findings
        : List.of(
            Finding.warning(
                name(),
                "no workflow starts Flakeferry",
                "`flakeferry init` writes one; others are among the examples in the README."));
  }

  private static List<Path> in(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().matches(".*\\.ya?ml")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Absent where it is none; the forge says so itself. */
  private static Optional<JsonNode> read(Path file) {
    try {
      return Optional.of(new YAMLMapper().readTree(Files.readString(file)));
    } catch (JacksonException | IOException e) {
      return Optional.empty();
    }
  }
}
