package io.github.flakeferry.pipeline.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class KeyFoldersTest {
  private static final String URL = "https://github.com/me/boards.git";

  @TempDir private Path home;

  private static Place place(String root, Optional<String> remote) {
    return new Place(
        Path.of(root),
        Path.of(""),
        Path.of("flakeferry.yml"),
        Optional.of(Forge.GITHUB),
        "main",
        remote,
        true,
        Path.of(root));
  }

  private Path usual() {
    return home.resolve("boards");
  }

  private Path chosen(Place place, boolean named, Script dialog) {
    return new KeyFolders(dialog, place, usual(), named).choose().path();
  }

  private void begin(Place place) {
    KeyFolder folder = new KeyFolders(new Script(), place, usual(), false).choose();
    CiKeys.in(folder.path(), "boards-1").write(folder);
  }

  @Test
  void anotherRepositorysKeysAreNotTaken() throws IOException {
    begin(place("/home/me/boards", Optional.of(URL)));
    Place other = place("/home/me/work/boards", Optional.of("git@github.com:work/boards.git"));
    var dialog = new Script();
    assertThat(chosen(other, false, dialog)).isEqualTo(home.resolve("boards-2"));
    assertThat(dialog.said()).first().asString().contains("has the keys of " + URL);
    begin(other);
    String key = Files.readString(home.resolve("boards-2/ssh-key"));
    assertThat(usual().resolve("ssh-key")).content().isNotEqualTo(key);
    // and found again
    begin(other);
    assertThat(home.resolve("boards-2/ssh-key")).hasContent(key);
    assertThat(home.resolve("boards-3")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({
    "/home/me/boards, https://github.com/me/boards",
    "/srv/boards, git@github.com:me/boards.git",
    "/srv/boards, ssh://git@GitHub.com:22/me/boards/",
    "/home/me/boards,",
  })
  void itsOwnAreFoundAgain(String root, String remote) {
    begin(place("/home/me/boards", Optional.of(URL)));
    assertThat(chosen(place(root, Optional.ofNullable(remote)), false, new Script()))
        .isEqualTo(usual());
  }

  @Test
  void anotherRepositoryInTheSameFolderIsAnother() {
    begin(place("/home/me/boards", Optional.of(URL)));
    Place other = place("/home/me/boards", Optional.of("https://example.org/me/boards"));
    assertThat(chosen(other, false, new Script())).isEqualTo(home.resolve("boards-2"));
  }

  @ParameterizedTest
  @CsvSource({
    "git@github.com:1337/boards, git@github.com:4242/boards, false",
    "git@host:42/x, https://host/42/x, true",
    "git@host:42/x, ssh://git@host:22/42/x.git, true",
    "git@host:42/x, ssh://git@host:42/x, false",
    "https://host:8443/42/x, git@host:42/x, true",
    "https://host:8443/me/x, HTTPS://host/me/x, true",
    "git@host:/srv/x, ssh://host/srv/x, true",
    "git@host:x, git@host:42/x, false",
  })
  void aNumberIsAPortOnlyInWhatHasAScheme(String noted, String remote, boolean same) {
    begin(place("/home/me/boards", Optional.of(noted)));
    assertThat(chosen(place("/srv/other", Optional.of(remote)), false, new Script()))
        .isEqualTo(same ? usual() : home.resolve("boards-2"));
  }

  @Test
  void itsRemoteMayComeLater() throws IOException {
    begin(place("/home/me/boards", Optional.empty()));
    Place place = place("/home/me/boards", Optional.of(URL));
    assertThat(chosen(place, false, new Script())).isEqualTo(usual());
    begin(place);
    assertThat(usual().resolve("repository")).hasContent("/home/me/boards\n" + URL + "\n");
  }

  @Test
  void keysThatNobodyNotedAreAskedAbout() throws IOException {
    Files.createDirectories(usual());
    Files.writeString(usual().resolve("signing-key"), "x");
    Place place = place("/home/me/boards", Optional.empty());
    assertThat(chosen(place, false, new Script("y"))).isEqualTo(usual());
    assertThat(chosen(place, false, new Script(""))).isEqualTo(home.resolve("boards-2"));
  }

  @Test
  void aFolderThatTheUserNamesIsTakenWhosesoeverItIs() {
    begin(place("/home/me/boards", Optional.empty()));
    var dialog = new Script();
    assertThat(chosen(place("/home/me/other", Optional.empty()), true, dialog)).isEqualTo(usual());
    assertThat(dialog.said())
        .containsExactly(
            usual() + " has the keys of /home/me/boards: runs of both log in and sign with them.");
  }

  @Test
  void aPublicHalfThatIsNotTheKeysIsNeitherUsedNorOverwritten() throws IOException {
    begin(place("/home/me/boards", Optional.empty()));
    Path half = usual().resolve("ssh-key.pub");
    String right = Files.readString(half);
    Files.writeString(half, right.replace(" flakeferry", " of mine"));
    begin(place("/home/me/boards", Optional.empty()));
    assertThat(half).content().contains(" of mine");

    String other =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ3rXxKf1GGk8DxlZhYe1hKHlZ5M3wYm3Pj1fZr0v7mO\n";
    Files.writeString(half, other);
    assertThatThrownBy(() -> CiKeys.in(usual(), "boards-1"))
        .isInstanceOf(SetupRefused.class)
        .hasMessageContaining("is not the public half of the key beside it");
    assertThat(half).hasContent(other);
  }

  private KeyFolder folder() {
    return new KeyFolder(usual(), Optional.empty(), Path.of("/home/me/boards"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ssh-key", "signing-key"})
  void aKeyThatSomebodyMadeMeanwhileIsNeitherUsedNorOverwritten(String name) throws IOException {
    CiKeys keys = CiKeys.in(usual(), "boards-1");
    Files.createDirectories(usual());
    Files.writeString(usual().resolve(name), "mine\n");
    assertThatThrownBy(() -> keys.write(folder()))
        .isInstanceOf(SetupRefused.class)
        .hasMessageContaining("somebody else has made keys in " + usual());
    assertThat(usual().resolve(name)).hasContent("mine");
  }

  @Test
  void aPublicHalfAloneIsNeitherUsedNorOverwritten() throws IOException {
    begin(place("/home/me/boards", Optional.empty()));
    Path half = usual().resolve("ssh-key.pub");
    String right = Files.readString(half);
    Files.delete(usual().resolve("ssh-key"));
    assertThatThrownBy(() -> CiKeys.in(usual(), "boards-1"))
        .isInstanceOf(SetupRefused.class)
        .hasMessageContaining(half + " is there without its private half");
    assertThat(half).hasContent(right.strip());
  }
}
