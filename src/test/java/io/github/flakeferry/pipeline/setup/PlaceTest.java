package io.github.flakeferry.pipeline.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flakeferry.Docs;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.transport.URIish;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PlaceTest {
  private static final Path ROOT = Path.of("");

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "https://github.com/me/boards.git, GITHUB",
    "git@github.com:me/forgejo-boards.git, GITHUB",
    "https://me:token@codeberg.org/me/boards, FORGEJO",
    "ssh://git@gitea.example.org:222/me/boards, GITEA",
    "git@forgejo.example.org:me/boards.git, FORGEJO",
  })
  void theRemotesHostTellsTheForge(String url, Forge forge)
      throws GitAPIException, URISyntaxException {
    try (var git = Git.init().setDirectory(folder.toFile()).setInitialBranch("trunk").call()) {
      git.remoteAdd().setName("origin").setUri(new URIish(url)).call();
    }
    Place place = Place.around(folder, ROOT, Optional.empty());
    assertThat(place.forge()).isEqualTo(forge);
    assertThat(place.branch()).isEqualTo("trunk");
    assertThat(place.hasCommit()).isFalse();
  }

  @Test
  void aFlakeInAFolderOfTheRepositoryIsFound() throws IOException, GitAPIException {
    Git.init().setDirectory(folder.toFile()).call().close();
    Path below = Files.createDirectories(folder.resolve("machines/boards"));
    Files.writeString(below.resolve("flake.nix"), "{ }");
    Place place = Place.around(below, ROOT, Optional.empty());
    assertThat(place.root()).isEqualTo(folder);
    assertThat(place.flake()).isEqualTo(Path.of("machines/boards"));
    assertThat(WorkflowText.of(place, "production", true))
        .endsWith("          flake: machines/boards\n");
  }

  @Test
  void aPolicyIsNamedFromTheFolderThatOneIsIn() throws IOException, GitAPIException {
    Git.init().setDirectory(folder.toFile()).call().close();
    Path below = Files.createDirectories(folder.resolve("fleet"));
    Place place = Place.around(below, ROOT, Optional.of(Path.of("boards.yml")));
    assertThat(place.policy()).isEqualTo(Path.of("fleet/boards.yml"));
    assertThat(place.configHere()).contains(Path.of("boards.yml"));
    assertThat(WorkflowText.of(place, "production", true))
        .endsWith("          config: fleet/boards.yml\n");
    Optional<Path> outside = Optional.of(Path.of("../../boards.yml"));
    assertThatThrownBy(() -> Place.around(below, ROOT, outside))
        .isInstanceOf(SetupRefused.class)
        .hasMessageContaining("is not in " + folder);
  }

  @Test
  void ofTwoUsualPoliciesItIsTheOneThatRunsRead() throws IOException {
    Path hidden = Path.of(".github/flakeferry.yml");
    Files.createDirectory(folder.resolve(".github"));
    Files.writeString(folder.resolve(hidden), "");
    Place alone = Place.around(folder, ROOT, Optional.empty());
    assertThat(alone.policy()).isEqualTo(hidden);
    assertThat(alone.config()).isEmpty();
    assertThat(alone.unread()).isEmpty();

    Files.writeString(folder.resolve("flakeferry.yml"), "");
    Place both = Place.around(folder, ROOT, Optional.empty());
    assertThat(both.policy()).isEqualTo(Path.of("flakeferry.yml"));
    assertThat(both.config()).isEmpty();
    assertThat(both.unread()).contains(hidden);
    // runs would read the other one
    assertThat(Place.around(folder, ROOT, Optional.of(hidden)).config()).contains(hidden);
  }

  @Test
  void anotherWorkflowForTheEnvironmentIsFound() throws IOException {
    Place place = Place.around(folder, ROOT, Optional.empty());
    assertThat(WorkflowText.other(place, "lab")).isEmpty();
    Path workflows = Files.createDirectories(folder.resolve(".github/workflows"));
    Files.writeString(
        workflows.resolve("deploy.yaml"),
        WorkflowText.of(place, "lab", false).replace("\n", "\r\n"));
    Files.writeString(workflows.resolve("lab.yml"), WorkflowText.of(place, "lab", false));
    assertThat(WorkflowText.other(place, "lab")).contains(Path.of(".github/workflows/deploy.yaml"));
    assertThat(WorkflowText.other(place, "la")).isEmpty();
  }

  @Test
  void aFolderThatIsNoCloneIsAPlaceToo() throws IOException {
    Files.createDirectory(folder.resolve(".gitea"));
    Place place = Place.around(folder, ROOT, Optional.empty());
    assertThat(place.forge()).isEqualTo(Forge.GITEA);
    assertThat(place.branch()).isEqualTo("main");
    assertThat(place.policy()).isEqualTo(Path.of("flakeferry.yml"));
  }

  @Test
  void theWorkflowIsThatOfTheFirstSteps() throws IOException {
    Matcher block =
        Pattern.compile("(?s)production\\.yml`:\n\n```yaml\n(.*?)```")
            .matcher(Docs.text(Docs.FIRST_STEPS));
    assertThat(block.find()).isTrue();
    assertThat(WorkflowText.of(Place.around(folder, ROOT, Optional.empty()), "production", true))
        .isEqualTo(block.group(1));
  }
}
