package io.github.flakeferry.pipeline.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flakeferry.fleet.Endpoint;
import io.github.flakeferry.fleet.PolicyInvalid;
import io.github.flakeferry.model.HostKey;
import io.github.flakeferry.model.SystemPlatform;
import io.github.flakeferry.nix.Platforms;
import io.github.flakeferry.support.progress.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With boards that show a key that the user has named, and tell nothing else. */
final class SetupTest {
  private static final HostKey KEY =
      HostKey.parse(
          "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ3rXxKf1GGk8DxlZhYe1hKHlZ5M3wYm3Pj1fZr0v7mO");
  private static final SystemPlatform X86 = new SystemPlatform("x86_64-linux");
  private static final FlakeLook FLAKE =
      new FlakeLook(List.of("desk", "lab"), _ -> new Platforms(X86, X86));
  private static final String DESK = "root@desk.lan";
  private static final String SET_SECRET = "gh secret set BOARDS_SSH_KEY";

  @TempDir private Path home;
  private Path root;

  @BeforeEach
  void makeFolder() throws IOException {
    root = Files.createDirectory(home.resolve("boards"));
  }

  private Place place() {
    return Place.around(root, Path.of(""), Optional.empty());
  }

  private Path keys() {
    return home.resolve("keys");
  }

  private void init(Dialog dialog, String... boards) {
    init(dialog, place(), boards);
  }

  private void init(Dialog dialog, Place place, String... boards) {
    new Setup(
            dialog,
            () -> FLAKE,
            place,
            new Wishes(
                Stream.of(boards).map(at -> Endpoint.parse(at).orElseThrow()).toList(),
                boards.length == 0 ? List.of() : List.of(new NamedKey(KEY.fingerprint())),
                Optional.empty(),
                List.of(),
                keys(),
                true),
            _ -> KEY,
            Progress.SILENT)
        .begin();
  }

  private Path write(String file, String text) throws IOException {
    Path there = root.resolve(file);
    Files.createDirectories(there.resolveSibling(""));
    return Files.writeString(there, text);
  }

  private Path policy() {
    return root.resolve("flakeferry.yml");
  }

  private void fleet() throws IOException {
    write(
        "flakeferry.yml",
        """
        boards:
          lab: { host: lab.lan, host-key: %s, tags: [production] }
        environments:
          production: { on: { push: main }, boards: production }
        """
            .formatted(KEY));
  }

  private static String said(Script dialog) {
    return String.join("\n", dialog.said());
  }

  @Test
  void aBucketIsOpenedByTwoSecrets() {
    var dialog = new Script("", "s3://boards?region=eu");
    init(dialog, DESK);
    assertThat(root.resolve(".github/workflows/production.yml"))
        .content()
        .contains("AWS_SECRET_ACCESS_KEY: ${{ secrets.AWS_SECRET_ACCESS_KEY }}");
    assertThat(said(dialog)).contains("gh secret set AWS_SECRET_ACCESS_KEY --env production");
  }

  @Test
  void whatTheCacheIsNotToBlameForEndsIt() {
    Place place = place();
    var odd =
        new Place(
            place.root(),
            place.flake(),
            place.policy(),
            place.forge(),
            "!main",
            place.remote(),
            place.hasCommit(),
            place.folder());
    assertThatExceptionOfType(PolicyInvalid.class)
        .isThrownBy(() -> init(new Script("", "https://cache.example.org"), odd, DESK));
    var dialog = new Script("", "ftp://cache", "");
    init(dialog, DESK);
    assertThat(said(dialog)).contains("'ftp://cache' is no cache to publish to");
  }

  @Test
  void aBoardIsNamedOnce() {
    assertThatThrownBy(() -> init(new Script(), DESK, "deploy@DESK.lan"))
        .isInstanceOf(SetupRefused.class)
        .hasMessage("root@desk.lan and deploy@DESK.lan have the same host and port");
  }

  @Test
  void theSameAddressBehindAJumpHostIsAnotherBoard() throws IOException {
    write(
        "flakeferry.yml",
        """
        boards:
          lab: { host: 10.0.0.2, jump: { host: door.lan, host-key: %1$s }, host-key: %1$s, tags: [production] }
        environments:
          production: { on: { push: main }, boards: production }
        """
            .formatted(KEY));
    init(new Script("desk", "y"), "root@10.0.0.2");
    assertThat(policy()).content().contains("  desk:\n", "host: 10.0.0.2\n");
  }

  @Test
  void aBoardThatDidNotGetInIsNoSuccess() throws IOException {
    fleet();
    String before = Files.readString(policy());
    assertThatThrownBy(() -> init(Script.ofNobody(), DESK))
        .isInstanceOfSatisfying(
            SetupRefused.class,
            e ->
                assertThat(e.advice())
                    .contains(
                        "\nboards:\n  desk:\n", "host: desk.lan", "tags: [x86_64, production]"))
        .hasMessageContaining("nobody agreed to a change of it");
    assertThat(policy()).hasContent(before);
    assertThat(keys()).doesNotExist();

    var declined = new Script("", "n");
    init(declined, DESK);
    assertThat(declined.said()).endsWith("Nothing was written.");
  }

  @Test
  void aFleetsSecretsAreToBeSetOnlyWhereItHasNone() throws IOException {
    fleet();
    var first = new Script();
    init(first);
    assertThat(said(first))
        .contains(SET_SECRET, "Only if runs of this fleet have no keys yet")
        .contains("wrote .github/workflows/production.yml");
    var again = new Script();
    init(again);
    assertThat(said(again)).contains(SET_SECRET).doesNotContain("Only if runs of this fleet");
  }

  @Test
  void whereAnotherWorkflowDeploysNoSecretIsToBeSet() throws IOException {
    fleet();
    write(
        ".github/workflows/ci.yml",
        "on: push\njobs: { a: { steps: [{ run: flakeferry run }] } }\n");
    var dialog = new Script();
    init(dialog);
    assertThat(said(dialog))
        .contains("ci.yml may deploy to `production`, so no other workflow is written.")
        .doesNotContain("gh ");
  }

  @Test
  void whereOursIsDeclinedNoSecretIsToBeSet() throws IOException {
    fleet();
    write(".github/workflows/production.yml", "on: push\njobs: {}\n");
    var dialog = new Script("n");
    init(dialog);
    assertThat(said(dialog))
        .contains("left .github/workflows/production.yml")
        .doesNotContain("gh ");
  }

  @Test
  void elsewhereThereIsAPolicyAndNoWorkflow() {
    Place place = place();
    var elsewhere =
        new Place(
            place.root(),
            place.flake(),
            place.policy(),
            Optional.empty(),
            place.branch(),
            Optional.of("https://me:word@gitlab.com/me/boards"),
            place.hasCommit(),
            place.folder());
    var dialog = new Script("", "");
    init(dialog, elsewhere, DESK);
    assertThat(said(dialog))
        .contains("gitlab.com runs none of the workflows that are written here", "wrote flakeferry")
        .doesNotContain("GitHub", "gh ", "word@");
    assertThat(root.resolve(".github")).doesNotExist();
    assertThat(keys().resolve("ssh-key")).exists();
  }

  @Test
  void whereAFileCanNoLongerBeWrittenNoKeyIs() throws IOException {
    fleet();
    Path workflow = write(".github/workflows/production.yml", "on: push\njobs: {}\n");
    var meddling =
        new Dialog() {
          @Override
          public void say(String text) {}

          @Override
          public String ask(String question, String proposal) {
            return proposal;
          }

          @Override
          public boolean isAnswered() {
            return true;
          }

          @Override
          public boolean confirm(String question) {
            try {
              Files.writeString(workflow, "mine\n");
            } catch (IOException e) {
              throw new AssertionError(e);
            }
            return true;
          }
        };
    assertThatThrownBy(() -> init(meddling))
        .isInstanceOf(SetupRefused.class)
        .hasMessageContaining("was changed since it was looked at");
    assertThat(keys()).doesNotExist();
  }
}
