package io.github.flakeferry.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flakeferry.fleet.EnvironmentPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FleetTest {
  private static final String POLICY =
      """
      boards:
        a: { host: a, host-key: "KEY", tags: [lab] }
        b: { host: b, host-key: "KEY", tags: [field] }
        c: { host: c, host-key: "KEY", tags: [field] }
      environments:
        preview: { on: pull_request, boards: a }
        production: { on: { push: main }, boards: field }
        release: { on: { tag: "v*" }, boards: field }
      """
          .replace(
              "KEY",
              "ssh-ed25519"
                  + " AAAAC3NzaC1lZDI1NTE5AAAAIJ3rXxKf1GGk8DxlZhYe1hKHlZ5M3wYm3Pj1fZr0v7mO");

  @TempDir Path folder;

  @BeforeEach
  void makeIt() throws IOException {
    Files.writeString(folder.resolve("flakeferry.yml"), POLICY);
  }

  @Test
  void thePolicyIsTheWorkingCopys() throws IOException, GitAPIException {
    Git.init().setDirectory(folder.toFile()).call().close();
    Path inside = Files.createDirectories(folder.resolve("hosts/a"));
    try (var fleet = Fleet.of(Optional.empty(), inside)) {
      assertThat(fleet.policy().boards()).hasSize(3);
      assertThat(fleet.copy()).isPresent();
    }
  }

  @Test
  void outsideOfACloneItIsTheFoldersOrTheFileThatIsNamed() throws IOException {
    try (var fleet = Fleet.of(Optional.empty(), folder)) {
      assertThat(fleet.copy()).isEmpty();
    }
    Path empty = Files.createDirectories(folder.resolve("empty"));
    try (var fleet = Fleet.of(Optional.of(Path.of("../flakeferry.yml")), empty)) {
      assertThat(fleet.policy().boards()).hasSize(3);
    }
    assertThatThrownBy(() -> Fleet.of(Optional.empty(), empty))
        .hasMessageContaining("there is no flakeferry.yml or .github/flakeferry.yml in " + empty);
    assertThatThrownBy(() -> Fleet.of(Optional.of(Path.of("none.yml")), empty))
        .hasMessageContaining("there is no file " + empty.resolve("none.yml"));
  }

  @Test
  void boardsAreChosenByNamesAndSelectors() {
    try (var fleet = Fleet.of(Optional.empty(), folder)) {
      assertThat(names(fleet, List.of())).containsExactly("a", "b", "c");
      assertThat(names(fleet, List.of("field", "a"))).containsExactly("a", "b", "c");
      assertThat(names(fleet, List.of("field & !b"))).containsExactly("c");
      assertThatThrownBy(() -> fleet.chosen(List.of("feild")))
          .hasMessage("the policy has no board 'feild'");
      assertThatThrownBy(() -> fleet.named("field")).hasMessageContaining("no board 'field'");
    }
  }

  @Test
  void aBoardsTermsAreThoseOfAnEnvironmentThatIsNoPreview() {
    try (var fleet = Fleet.of(Optional.empty(), folder)) {
      assertThat(fleet.lasting(fleet.named("a"))).isEmpty();
      assertThat(fleet.lasting(fleet.named("b")))
          .extracting(EnvironmentPolicy::name)
          .containsExactly("production", "release");
    }
  }

  private static List<String> names(Fleet fleet, List<String> selectors) {
    return fleet.chosen(selectors).stream().map(b -> b.name().value()).toList();
  }
}
