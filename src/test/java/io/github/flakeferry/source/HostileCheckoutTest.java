package io.github.flakeferry.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.flakeferry.Attempt;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.Repository;
import io.github.flakeferry.source.HostileRepository.Entry;
import io.github.flakeferry.source.SourceFailed.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Commits that would have a checkout write elsewhere, or run something. */
final class HostileCheckoutTest {
  private static final String MAIN = "refs/heads/main";

  @TempDir private Path folder;
  private HostileRepository repository;
  private HostileRepository library;
  private GitRevision ofLibrary;
  private Path outside;

  @BeforeEach
  void begin() throws IOException {
    repository = new HostileRepository(folder.resolve("origin"));
    library = new HostileRepository(folder.resolve("library"));
    ofLibrary = library.push(MAIN, Map.of("lib.nix", Entry.text("{ }\n")));
    outside = Files.createDirectory(folder.resolve("outside"));
  }

  @AfterEach
  void end() {
    repository.close();
    library.close();
  }

  private GitSource open() {
    return GitSource.open(
        new Repository("owner/boards", repository.url(), "main"), Optional.empty());
  }

  /** It may well be checked out, or is refused in words. */
  private void attempt(GitRevision commit) {
    try (var source = open()) {
      var thrown = catchThrowable(() -> source.checkOut(commit, MAIN));
      assertThat(thrown == null || thrown instanceof SourceFailed).as("%s", thrown).isTrue();
    }
  }

  @Attempt(to = "to write into Git's folder or beside the checkout", got = "refused")
  @ParameterizedTest
  @ValueSource(
      strings = {
        ".git/hooks/post-checkout",
        ".git/config",
        ".git",
        "sub/.git/config",
        ".GIT/config",
        ".git./config",
        ".git /config",
        "git~1/config",
        "../outside/file",
        "sub/../../outside/file",
        "./file"
      })
  void aTreeThatReachesIntoGitsFolderOrOut(String path) throws IOException {
    var files = new TreeMap<String, Entry>();
    files.put("flake.nix", Entry.text("{ }"));
    files.put(path, Entry.text("[core]\n\thooksPath = pwned\n"));
    GitRevision commit = repository.push(MAIN, files);
    try (var source = open()) {
      var failure = catchThrowableOfType(SourceFailed.class, () -> source.checkOut(commit, MAIN));
      assertThat(failure).hasMessageContaining("can't be checked out: Invalid path");
      assertThat(failure.kind()).isEqualTo(Kind.HOSTILE);
    }
    assertThat(outside).isEmptyDirectory();
  }

  @Attempt(to = "the same, through a link", got = "nothing written there")
  @Test
  void aLinkAndAFolderOfTheSameName() throws IOException {
    GitRevision commit =
        repository.push(
            MAIN, Map.of("d", new Entry.Link(outside.toString()), "d/file", Entry.text("pwned")));
    attempt(commit);
    assertThat(outside).isEmptyDirectory();
  }

  @Attempt(to = "filters that run a program", got = "not run")
  @Test
  void aFilterThatRunsAProgram() throws IOException {
    Path pwned = outside.resolve("pwned");
    String config =
        "[filter \"evil\"]\n\tsmudge = touch %1$s\n\tclean = touch %1$s\n\tprocess = touch %1$s\n\trequired\n"
            .formatted(pwned);
    GitRevision commit =
        repository.push(
            MAIN,
            Map.of(
                ".gitattributes", Entry.text("* filter=evil diff=evil merge=evil\n"),
                ".gitconfig", Entry.text(config),
                ".lfsconfig", Entry.text("[lfs]\n\turl = https://mallory.example\n"),
                "flake.nix", Entry.text("{ }")));
    try (var source = open()) {
      var checkout = source.checkOut(commit, MAIN);
      assertThat(checkout.folder().resolve("flake.nix")).hasContent("{ }");
      assertThat(Files.readString(checkout.folder().resolve(".git/config"))).doesNotContain("evil");
    }
    assertThat(outside).isEmptyDirectory();
  }

  @Attempt(to = "branches and tags that are called like the commit", got = "the commit")
  @Test
  void aBranchThatIsCalledLikeTheCommit() throws IOException {
    GitRevision good = repository.push(MAIN, Map.of("flake.nix", Entry.text("good")));
    GitRevision evil = repository.push("refs/heads/evil", Map.of("flake.nix", Entry.text("evil")));
    repository.point("refs/heads/" + good, evil);
    repository.point("refs/tags/" + good, evil);
    repository.point("refs/heads/" + good.abbreviated(), evil);
    try (var source = open()) {
      var checkout = source.checkOut(good, MAIN);
      assertThat(checkout.folder().resolve("flake.nix")).hasContent("good");
      assertThat(checkout.folder().resolve(".git/HEAD")).hasContent(good.value());
    }
  }

  @Attempt(to = "a branch that is called like an option or a command", got = "taken for a name")
  @ParameterizedTest
  @ValueSource(strings = {"--upload-pack=touch${IFS}pwned", "-q", "--", "$(touch pwned)", "`x`;x"})
  void aBranchThatIsCalledLikeAnOption(String name) throws IOException {
    GitRevision commit =
        repository.push("refs/heads/" + name, Map.of("flake.nix", Entry.text("{ }")));
    try (var source =
        GitSource.open(new Repository("owner/boards", repository.url(), name), Optional.empty())) {
      assertThat(source.defaultBranchTip()).isEqualTo(commit);
      assertThat(source.find("refs/heads/" + name)).contains(commit);
      assertThat(source.isOnDefaultBranch(commit)).isTrue();
      assertThat(source.checkOut(commit, "refs/heads/" + name).folder().resolve("flake.nix"))
          .hasContent("{ }");
    }
    assertThat(Path.of("pwned")).doesNotExist();
  }

  private GitRevision withModule(String path, String name, String settings) throws IOException {
    return repository.push(
        MAIN,
        Map.of(
            ".gitmodules",
            Entry.text(
                "[submodule \"%s\"]\n\tpath = %s\n\turl = %s\n%s"
                    .formatted(
                        name,
                        path,
                        settings.contains("url =") ? "unused" : library.url(),
                        settings.indent(1))),
            path,
            new Entry.Module(ofLibrary)));
  }

  @Attempt(
      to = "a submodule by a program, an option, a file or a protocol that has no token",
      got = "not followed")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "ext::sh -c touch% pwned",
        "-u./pwned",
        "--upload-pack=touch pwned",
        "ssh://-oProxyCommand=touch%20pwned/x",
        "ssh://git@mallory.example/x",
        "git@mallory.example:x/y",
        "git://mallory.example/x",
        "file+x:///etc",
        "FILE:///etc",
        "ftp://mallory.example/x",
        "/etc",
        "mallory.example/x",
        ":"
      })
  void aSubmoduleFromSomewhereElse(String url) throws IOException {
    GitRevision commit = withModule("library", "library", "url = " + url);
    try (var source = open()) {
      var failure = catchThrowableOfType(SourceFailed.class, () -> source.checkOut(commit, MAIN));
      assertThat(failure.kind()).isEqualTo(Kind.SUBMODULE);
      assertThat(failure).hasMessageContaining("which is not followed");
    }
    assertThat(Path.of("pwned")).doesNotExist();
  }

  static Stream<Arguments> modules() {
    return Stream.of(
        Arguments.of("a program to update", "library", "library", "update = !touch pwned"),
        Arguments.of("a name that leads out", "library", "../../../outside", ""),
        Arguments.of("a name that leads to Git's folder", "library", "../hooks", ""),
        Arguments.of("an absolute name", "library", "/tmp/pwned", ""),
        Arguments.of("hooks of its own", "library", "library", "hooksPath = /tmp"));
  }

  @Attempt(
      to = "a submodule with a program, or a name that leads elsewhere",
      got = "nothing run, nothing written there")
  @ParameterizedTest(name = "{0}")
  @MethodSource("modules")
  void aSubmoduleWith(String what, String path, String name, String setting) throws IOException {
    GitRevision commit = withModule(path, name, setting);
    attempt(commit);
    assertThat(outside).isEmptyDirectory();
    assertThat(List.of(Path.of("pwned"), Path.of("/tmp/pwned"))).allMatch(Files::notExists);
    try (var files = Files.list(folder)) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .containsExactlyInAnyOrder("origin", "library", "outside");
    }
  }

  @Attempt(to = "a submodule outside the checkout", got = "refused")
  @ParameterizedTest
  @ValueSource(strings = {"../outside/x", "sub/../../outside/x", ".git/modules/x", ".git/hooks"})
  void aSubmoduleAt(String path) throws IOException {
    GitRevision commit = withModule(path, "library", "");
    try (var source = open()) {
      var failure = catchThrowableOfType(SourceFailed.class, () -> source.checkOut(commit, MAIN));
      assertThat(failure.kind()).isEqualTo(Kind.HOSTILE);
    }
    assertThat(outside).isEmptyDirectory();
  }

  @Attempt(to = "the same, through a link", got = "nothing written there")
  @Test
  void aSubmoduleBehindALink() throws IOException {
    var files = new TreeMap<String, Entry>();
    files.put("d", new Entry.Link(outside.toString()));
    files.put("d/library", new Entry.Module(ofLibrary));
    files.put(
        ".gitmodules",
        Entry.text("[submodule \"l\"]\n\tpath = d/library\n\turl = %s\n".formatted(library.url())));
    GitRevision commit = repository.push(MAIN, files);
    attempt(commit);
    assertThat(outside).isEmptyDirectory();
  }

  @Attempt(to = "the runner's file as its list of submodules", got = "nothing of it is told")
  @Test
  void aListOfSubmodulesThatIsALink() throws IOException {
    Path secret = Files.writeString(outside.resolve("secret"), "[t0psecret]\n\turl = x\n");
    GitRevision commit =
        repository.push(
            MAIN,
            Map.of(
                ".gitmodules", new Entry.Link(secret.toString()),
                "library", new Entry.Module(ofLibrary)));
    try (var source = open()) {
      var thrown = catchThrowable(() -> source.checkOut(commit, MAIN));
      assertThat(String.valueOf(thrown)).doesNotContain("t0psecret");
    }
  }
}
