package io.github.flakeferry.pipeline.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flakeferry.Docs;
import io.github.flakeferry.fleet.PolicyReader;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.transport.URIish;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

final class PlaceTest {
  private static final Path ROOT = Path.of("");

  @TempDir private Path folder;

  private static WorkflowText workflow(Place place, String environment, CacheLogin... logins) {
    return new WorkflowText(
        place, place.forge().orElseThrow(), environment, Set.copyOf(List.of(logins)));
  }

  @ParameterizedTest
  @CsvSource({
    "https://github.com/me/boards.git, GITHUB",
    "git@github.com:me/forgejo-boards.git, GITHUB",
    "https://me:token@codeberg.org/me/boards, FORGEJO",
    "ssh://git@gitea.example.org:222/me/boards, GITEA",
    "git@forgejo.example.org:me/boards.git, FORGEJO",
    "https://gitlab.com/me/boards,",
    "git@gitlab.example.org:me/boards.git,",
    "https://git.sr.ht/~me/boards,",
    "git@bitbucket.org:me/boards.git,",
    "https://git.example.org/me/boards, GITHUB",
  })
  void theRemotesHostTellsTheForge(String url, @Nullable Forge forge)
      throws GitAPIException, URISyntaxException {
    try (var git = Git.init().setDirectory(folder.toFile()).setInitialBranch("trunk").call()) {
      git.remoteAdd().setName("origin").setUri(new URIish(url)).call();
    }
    Place place = Place.around(folder, ROOT, Optional.empty());
    assertThat(place.forge()).isEqualTo(Optional.ofNullable(forge));
    assertThat(place.branch()).isEqualTo("trunk");
    assertThat(place.hasCommit()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "https://github.com/me/boards.git, GITHUB",
    "https://codeberg.org/me/boards.git, FORGEJO",
    "https://gitlab.com/me/boards,",
    "https://forgejo.example.org/me/boards, GITEA",
    "https://gitlab.example.org/me/boards, GITEA",
    "https://git.example.org/me/boards, GITEA",
  })
  void whatIsKnownOfAHostCountsMoreThanAFolderAndThatMoreThanItsName(
      String url, @Nullable Forge forge) throws IOException {
    Files.createDirectory(folder.resolve(".gitea"));
    assertThat(Forge.of(folder, Optional.of(url))).isEqualTo(Optional.ofNullable(forge));
  }

  @Test
  void aFlakeInAFolderOfTheRepositoryIsFound() throws IOException, GitAPIException {
    Git.init().setDirectory(folder.toFile()).call().close();
    Path below = Files.createDirectories(folder.resolve("machines/boards"));
    Files.writeString(below.resolve("flake.nix"), "{ }");
    Place place = Place.around(below, ROOT, Optional.empty());
    assertThat(place.root()).isEqualTo(folder);
    assertThat(place.flake()).isEqualTo(Path.of("machines/boards"));
    assertThat(workflow(place, "production", CacheLogin.CREDENTIALS).text())
        .endsWith("          flake: machines/boards\n");
  }

  @Test
  void atGitHubNoRunIsLostAndTheJobMakesNoDeployment() {
    Place place = Place.around(folder, ROOT, Optional.empty());
    JsonNode text =
        new YAMLMapper().readTree(workflow(place, "Lab", CacheLogin.CREDENTIALS).text());
    assertThat(text.path("concurrency"))
        .hasToString("{\"group\":\"flakeferry-Lab\",\"queue\":\"max\"}");
    assertThat(text.at("/jobs/ferry/environment"))
        .hasToString("{\"name\":\"Lab\",\"deployment\":false}");
  }

  @Test
  void aPolicyIsNamedFromTheFolderThatOneIsIn() throws IOException, GitAPIException {
    Git.init().setDirectory(folder.toFile()).call().close();
    Path below = Files.createDirectories(folder.resolve("fleet"));
    Place place = Place.around(below, ROOT, Optional.of(Path.of("boards.yml")));
    assertThat(place.policy()).isEqualTo(Path.of("fleet/boards.yml"));
    assertThat(place.configHere()).contains(Path.of("boards.yml"));
    assertThat(workflow(place, "production", CacheLogin.CREDENTIALS).text())
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
    assertThat(workflow(place, "lab").other()).isEmpty();
    Path workflows = Files.createDirectories(folder.resolve(".github/workflows"));
    Files.writeString(
        workflows.resolve("deploy.yaml"), workflow(place, "lab").text().replace("\n", "\r\n"));
    Files.writeString(workflows.resolve("lab.yml"), workflow(place, "lab").text());
    assertThat(workflow(place, "lab").other())
        .contains(new WorkflowText.Other(Path.of(".github/workflows/deploy.yaml"), true));
    assertThat(workflow(place, "la").other()).isEmpty();
  }

  @Test
  void oneThatSurelyDeploysIsToldBeforeOneThatMay() throws IOException {
    Place place = Place.around(folder, ROOT, Optional.empty());
    Path workflows = Files.createDirectories(folder.resolve(".github/workflows"));
    Files.writeString(
        workflows.resolve("a.yml"),
        "on: push\njobs: { a: { steps: [{ run: flakeferry run }] } }\n");
    assertThat(workflow(place, "lab").other())
        .contains(new WorkflowText.Other(Path.of(".github/workflows/a.yml"), false));
    Files.writeString(workflows.resolve("b.yml"), workflow(place, "lab").text());
    assertThat(workflow(place, "lab").other())
        .contains(new WorkflowText.Other(Path.of(".github/workflows/b.yml"), true));
  }

  @Test
  void whatIsNoWorkflowIsNoneThatDeploys() throws IOException {
    Path workflows = Files.createDirectories(folder.resolve(".github/workflows"));
    Files.write(workflows.resolve("latin.yml"), new byte[] {'n', (byte) 0xfc});
    Files.createDirectory(workflows.resolve("folder.yml"));
    Files.createSymbolicLink(workflows.resolve("dead.yml"), folder.resolve("nowhere"));
    assertThat(workflow(Place.around(folder, ROOT, Optional.empty()), "lab").other()).isEmpty();
  }

  @Test
  void aBucketIsOpenedByKeysInTheStepsEnvironment() {
    Place place = Place.around(folder, Path.of("machines"), Optional.empty());
    assertThat(workflow(place, "lab", CacheLogin.AWS_KEYS).text())
        .doesNotContain("cache-credentials")
        .endsWith(
            """
                      flake: machines
                    env:
                      AWS_ACCESS_KEY_ID: ${{ secrets.AWS_ACCESS_KEY_ID }}
                      AWS_SECRET_ACCESS_KEY: ${{ secrets.AWS_SECRET_ACCESS_KEY }}
            """);
  }

  @ParameterizedTest
  @CsvSource({
    "https://cache.example.org, CREDENTIALS",
    "s3://boards?region=eu, AWS_KEYS",
    "s3://boards?endpoint=s3.example.org, AWS_KEYS",
    "s3://boards?profile=boards,",
    "file:///srv/cache,",
  })
  void whatOpensACacheIsByItsUrl(String url, @Nullable CacheLogin login) {
    String policy =
        "caches: [{ url: '%s' }, { url: 's3://previews', for: pull-requests }]\nboards: { a: { host-key: %s } }\n"
            .formatted(
                url,
                "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ3rXxKf1GGk8DxlZhYe1hKHlZ5M3wYm3Pj1fZr0v7mO");
    assertThat(CacheLogin.of(PolicyReader.read("flakeferry.yml", policy)))
        .isEqualTo(Optional.ofNullable(login).map(Set::of).orElse(Set.of()));
  }

  @Test
  void aFolderThatIsNoCloneIsAPlaceToo() throws IOException {
    Files.createDirectory(folder.resolve(".gitea"));
    Place place = Place.around(folder, ROOT, Optional.empty());
    assertThat(place.forge()).contains(Forge.GITEA);
    assertThat(place.branch()).isEqualTo("main");
    assertThat(place.policy()).isEqualTo(Path.of("flakeferry.yml"));
  }

  @Test
  void theWorkflowIsThatOfTheFirstSteps() throws IOException {
    Matcher block =
        Pattern.compile("(?s)production\\.yml`:\n\n```yaml\n(.*?)```")
            .matcher(Docs.text(Docs.FIRST_STEPS));
    assertThat(block.find()).isTrue();
    assertThat(
            workflow(
                    Place.around(folder, ROOT, Optional.empty()),
                    "production",
                    CacheLogin.CREDENTIALS)
                .text())
        .isEqualTo(block.group(1));
  }
}
