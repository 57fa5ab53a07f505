package io.github.flakeferry.pipeline.setup;

import static org.assertj.core.api.Assertions.assertThat;

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
    assertThat(WorkflowText.of(Forge.GITHUB, "main", place.flake(), false))
        .endsWith("          flake: machines/boards\n");
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
  void theWorkflowIsTheReadmes() throws IOException {
    Matcher block =
        Pattern.compile("(?s)production\\.yml`:\n\n```yaml\n(.*?)```")
            .matcher(Files.readString(Path.of("README.md")));
    assertThat(block.find()).isTrue();
    assertThat(WorkflowText.of(Forge.GITHUB, "main", ROOT, false)).isEqualTo(block.group(1));
  }
}
