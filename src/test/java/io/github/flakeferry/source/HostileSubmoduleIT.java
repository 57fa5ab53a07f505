package io.github.flakeferry.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import io.github.flakeferry.Attempt;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.Repository;
import io.github.flakeferry.model.Secret;
import io.github.flakeferry.source.HostileRepository.Entry;
import io.github.flakeferry.source.SourceFailed.Kind;
import io.github.flakeferry.testbed.GitHubStandIn;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Submodules of a repository that is cloned by HTTP with a token: where the token goes. */
final class HostileSubmoduleIT {
  private static final String MAIN = "refs/heads/main";
  private static final Secret TOKEN = new Secret("t0ken-of-the-job");

  @TempDir private Path folder;
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private HostileRepository repository;
  private HostileRepository library;
  private GitRevision ofLibrary;
  private GitHubStandIn gitHub;
  private HttpServer elsewhere;

  @BeforeEach
  void begin() throws IOException {
    repository = new HostileRepository(folder.resolve("owner/boards.git"));
    library = new HostileRepository(folder.resolve("owner/library.git"));
    ofLibrary = library.push(MAIN, Map.of("lib.nix", Entry.text("{ }\n")));
    gitHub = GitHubStandIn.start(folder, TOKEN);
    elsewhere = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    elsewhere.createContext(
        "/",
        exchange -> {
          asked.add(exchange.getRequestURI() + " " + exchange.getRequestHeaders().entrySet());
          boolean redirects = exchange.getRequestURI().getPath().startsWith("/back/");
          if (redirects) {
            String query = "?" + exchange.getRequestURI().getRawQuery();
            String to = gitHub.serverUrl() + "/owner/library.git/info/refs" + query;
            exchange.getResponseHeaders().set("Location", to);
          }
          exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"x\"");
          exchange.sendResponseHeaders(redirects ? 302 : 401, -1);
          exchange.close();
        });
    elsewhere.start();
  }

  @AfterEach
  void end() {
    elsewhere.stop(0);
    gitHub.close();
    repository.close();
    library.close();
  }

  private Checkout checkOut(GitSource source, String url) throws IOException {
    return source.checkOut(push(url), MAIN);
  }

  private GitRevision push(String url) throws IOException {
    return repository.push(
        MAIN,
        Map.of(
            ".gitmodules",
            Entry.text("[submodule \"l\"]\n\tpath = library\n\turl = %s\n".formatted(url)),
            "library",
            new Entry.Module(ofLibrary)));
  }

  private GitSource open() {
    URI url = URI.create(gitHub.serverUrl() + "/owner/boards.git");
    return GitSource.open(new Repository("owner/boards", url, "main"), Optional.of(TOKEN));
  }

  private SourceFailed refused(String url) {
    try (var source = open()) {
      var failure = catchThrowableOfType(SourceFailed.class, () -> checkOut(source, url));
      assertThat(failure).as(url).isNotNull();
      assertThat(failure.kind()).isEqualTo(Kind.SUBMODULE);
      return failure;
    }
  }

  @Test
  void oneBesideItIsOpenedByTheToken() throws IOException {
    try (var source = open()) {
      var checkout = checkOut(source, "../library.git");
      assertThat(checkout.folder().resolve("library/lib.nix")).hasContent("{ }\n");
    }
  }

  @Attempt(
      to = "the job's token, by a submodule on another host, or one that leads back from there",
      got = "asked without it")
  @Test
  void anotherHostIsAskedWithoutTheToken() {
    String other = "http://127.0.0.1:" + elsewhere.getAddress().getPort();
    refused(other + "/owner/library.git");
    refused(other + "/back/library.git");
    refused(other.replace("127.0.0.1", "localhost") + "/owner/library.git");
    assertThat(asked).hasSizeGreaterThanOrEqualTo(3);
    assertThat(asked)
        .noneMatch(request -> request.toLowerCase(java.util.Locale.ROOT).contains("authorization"));
  }

  @Attempt(
      to = "another repository that the job's token opens, by a submodule of a fork's commit",
      got = "asked without it")
  @Test
  void aCommitThatMayBeAnybodysOpensNoOtherRepository() throws IOException {
    for (String url : List.of("../library.git", gitHub.serverUrl() + "/owner/library.git")) {
      GitRevision commit = push(url);
      try (var source = open()) {
        var failure =
            catchThrowableOfType(SourceFailed.class, () -> source.checkOutAnybodys(commit, MAIN));
        assertThat(failure).as(url).isNotNull();
        assertThat(failure.kind()).isEqualTo(Kind.SUBMODULE);
        assertThat(failure.advice()).contains("without a token");
      }
    }
    gitHub.makePublic();
    try (var source = open()) {
      var checkout = source.checkOutAnybodys(push("../library.git"), MAIN);
      assertThat(checkout.folder().resolve("library/lib.nix")).hasContent("{ }\n");
    }
  }

  @Attempt(to = "a folder of the runner as a submodule", got = "not followed")
  @Test
  void aFolderOfTheMachineIsNotFollowed() {
    for (String url :
        List.of(library.url().toString(), "/etc", "../../../../etc", "ext::sh -c x")) {
      assertThat(refused(url).problem()).contains("library");
    }
    assertThat(refused(library.url().toString())).hasMessageContaining("is not followed");
  }
}
