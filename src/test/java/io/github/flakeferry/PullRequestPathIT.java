package io.github.flakeferry;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.cache.NarInfo;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.SigningKey;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.nix.Nix;
import io.github.flakeferry.nix.NixSettings;
import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.support.process.Finished;
import io.github.flakeferry.support.progress.Progress;
import io.github.flakeferry.testbed.DemoFlake;
import io.github.flakeferry.testbed.HttpCache;
import io.github.flakeferry.testbed.RehearsedRun;
import io.github.flakeferry.testbed.Variation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * A pull request builds a system and publishes it, as it may; then the ways that we know to get
 * that, or something else by its name, onto a board of production, which trusts production's key.
 */
final class PullRequestPathIT extends JobIT {
  private static final SigningKey PREVIEWS = SigningKey.generate("previews-1");

  private final String message = "Hello " + UUID.randomUUID();
  private HttpCache production;
  private HttpCache previews;
  private GitRevision head;
  private StorePath system;
  private List<PathInfo> closure;
  private StorePath hello;

  /** With caches that boards reach, and a preview board that is off. */
  @Override
  String policy() throws IOException {
    production = start("production");
    previews = start("previews");
    return """
    caches:
      - url: %s
        public-key: %s
      - url: %s
        public-key: %s
        for: pull-requests
    boards:
      main-job: { configuration: %5$s, host: %6$s, host-key: "%7$s" }
      lab: { configuration: %5$s, host: 127.0.0.1, port: 1, host-key: "%7$s" }
    environments:
      production: { on: { push: main }, boards: main-job, confirm-timeout: 10s }
      preview: { on: pull_request, boards: lab }
    """
        .formatted(
            production.uri(),
            rehearsal.signingKey().publicKey(),
            previews.uri(),
            PREVIEWS.publicKey(),
            rehearsal.configuration(),
            board.address().host(),
            board.address().hostKeys().getFirst());
  }

  private HttpCache start(String name) throws IOException {
    return HttpCache.start(rehearsal.folder().resolve(name), board.hostAddress());
  }

  @BeforeEach
  void publishFromAPullRequest() throws IOException {
    rehearsal.push("Begin", MAIN);
    rehearsal.flake().change(Variation.FIRST.message(message));
    head = rehearsal.push("Say something else", "refs/pull/7/head");
    RehearsedRun run = runPullRequest();
    assertThat(run.exitCode()).as(run.logText()).isZero();
    system = StorePath.parse(run.output("store-paths"));
    closure = new Nix(NixSettings.DEFAULT, Progress.SILENT).closure(system);
    hello =
        closure.stream()
            .map(PathInfo::path)
            .filter(path -> path.name().startsWith("hello-"))
            .findFirst()
            .orElseThrow();
    assertThat(narInfo(previews, system)).contains("Sig: previews-1:");
    assertThat(production.requests()).noneMatch(request -> request.method().equals("PUT"));
  }

  @AfterEach
  void stopCaches() {
    production.close();
    previews.close();
  }

  @Test
  @Attempt(
      to = "its path on a board that asks the previews' cache, or a copy in production's cache",
      got = "not taken: the board trusts another key")
  void previewsCacheAmongABoardsSubstituters() throws IOException {
    copyPreviewsTo(production.folder());
    for (HttpCache cache : List.of(previews, production)) {
      trustProduction("substituters = " + cache.uri());
      for (String remote : List.of("", "daemon")) {
        Finished taken =
            board.run("NIX_REMOTE=%s nix-store --realise %s".formatted(remote, system));
        assertThat(taken.exit().succeeded()).isFalse();
        assertThat(String.join("\n", taken.lastErrorLines()))
            .contains("not signed by any of the keys");
      }
    }
    Finished pushed = copyToBoardAsDeployUser();
    assertThat(pushed.exit().succeeded()).isFalse();
    assertThat(String.join("\n", pushed.lastErrorLines())).contains("signature");
    assertThat(boardHas(system)).isFalse();

    // it is the key, and nothing else, that keeps it away
    board.setNix(
        "trusted-public-keys = " + PREVIEWS.publicKey(), "substituters = " + previews.uri());
    board.run("nix-store --realise " + system).orThrow();
    assertThat(boardHas(system)).isTrue();
  }

  @Test
  @Attempt(
      to = "another program in the previews' cache, by the name of one that production builds",
      got = "production builds, and its board gets that")
  void anotherProgramByTheSameNameInPreviewsCache() throws IOException {
    poison(previews);
    Files.writeString(
        previews.folder().resolve("nix-cache-info"), "StoreDir: /nix/store\nPriority: 1\n");
    trustProduction("substituters = %s %s".formatted(previews.uri(), production.uri()));
    forget();
    int asked = previews.requests().size();

    RehearsedRun run = merge(rehearsal.keyFile());

    assertThat(run.exitCode()).as(run.logText()).isZero();
    assertThat(run.output("store-paths")).isEqualTo(system.toString());
    assertProductions(run);
    assertThat(previews.requests().subList(asked, previews.requests().size()))
        .anyMatch(r -> r.path().equals("/" + NarInfo.fileName(hello)) && r.status() == 200)
        .filteredOn(r -> r.path().startsWith("/nar/"))
        .extracting(HttpCache.Request::path)
        .isSubsetOf(contentAddressed());
  }

  @Test
  @Attempt(
      to = "the same in production's cache",
      got = "production builds, its board gets that, and the run tells what lies there")
  void anotherProgramByTheSameNameInProductionsCache() throws IOException {
    poison(production);
    trustProduction("substituters = " + production.uri());
    forget();

    RehearsedRun run = merge(rehearsal.keyFile());

    assertThat(run.exitCode()).as(run.logText()).isEqualTo(7);
    assertThat(run.logText()).contains(hello + " with another content");
    assertProductions(run);
    assertThat(narInfo(production, hello)).contains("Sig: previews-1:").doesNotContain("demo");
  }

  @Test
  @Attempt(
      to = "what it built in production's cache, with the previews' signature",
      got = "production builds, and signs what turns out the same")
  void theSameContentInProductionsCache() throws IOException {
    copyPreviewsTo(production.folder());
    trustProduction("substituters = " + production.uri());
    forget();

    RehearsedRun run = merge(rehearsal.keyFile());

    assertThat(run.exitCode()).as(run.logText()).isZero();
    assertProductions(run);
    assertThat(narInfo(production, hello)).contains("Sig: demo-cache-1:");
  }

  @Test
  @Attempt(to = "a run of production that signs with the previews' key", got = "refused")
  void previewsKeyInPlaceOfProductions() throws IOException {
    RehearsedRun run = merge(previewsKey());
    assertThat(run.exitCode()).as(run.logText()).isEqualTo(7);
    assertThat(run.logText())
        .contains("The signing key is the one of previews-1")
        .doesNotContain("Build:");
    assertThat(boardHas(system)).isFalse();
  }

  /** What is what its name says, whoever gives it. */
  private List<String> contentAddressed() throws IOException {
    var nars = new ArrayList<String>();
    for (PathInfo info : closure) {
      if (info.contentAddress().isPresent()) {
        nars.add("/" + NarInfo.parse(narInfo(previews, info.path())).url());
      }
    }
    return nars;
  }

  private void assertProductions(RehearsedRun run) throws IOException {
    assertThat(run.logText())
        .containsPattern("Nix: [1-9][0-9]* derivations built, 0 paths fetched");
    assertThat(board.currentSystem()).isEqualTo(system);
    assertThat(board.run("/run/current-system/sw/bin/hello").orThrow().output().strip())
        .isEqualTo(message);
    board.run("nix-store --verify-path $(nix-store -qR %s)".formatted(system)).orThrow();
    assertThat(board.run("nix-store -q --hash " + hello).orThrow().output())
        .isEqualTo(
            Command.of("nix-store", "-q", "--hash", hello.toString()).run().orThrow().output());
  }

  private void trustProduction(String substituters) throws IOException {
    board.setNix(
        "trusted-public-keys = " + rehearsal.signingKey().publicKey(),
        substituters,
        "narinfo-cache-negative-ttl = 0");
  }

  private boolean boardHas(StorePath path) throws IOException {
    return board.run("nix-store --check-validity " + path).exit().succeeded();
  }

  private Finished copyToBoardAsDeployUser() throws IOException {
    Path known =
        Files.writeString(
            rehearsal.folder().resolve("known_hosts"),
            board.address().host() + " " + board.address().hostKeys().getFirst() + "\n");
    return Command.of("nix", "copy", "--from", "file://" + previews.folder(), "--to")
        .and("ssh-ng://deploy@" + board.address().host(), system.toString())
        .with("NIX_CONFIG", DemoFlake.NIX_CONFIG)
        .with(
            "NIX_SSHOPTS",
            "-i %s -o IdentitiesOnly=yes -o UserKnownHostsFile=%s"
                .formatted(board.keyFile(), known))
        .run();
  }

  private void copyPreviewsTo(Path folder) throws IOException {
    Command.of("cp", "-r", previews.folder() + "/.", folder.toString()).run().orThrow();
  }

  private static String narInfo(HttpCache cache, StorePath path) throws IOException {
    return Files.readString(cache.folder().resolve(NarInfo.fileName(path)));
  }

  private void poison(HttpCache cache) throws IOException {
    Poison.of(hello, PREVIEWS, rehearsal.folder().resolve("evil")).putInto(cache, closure);
  }

  /** As on a machine that did not build it for the pull request. */
  private void forget() throws IOException {
    List<String> all =
        Command.of("nix-store", "--query", "--referrers-closure", hello.toString())
            .run()
            .orThrow()
            .output()
            .lines()
            .toList();
    Command.of("nix-store", "--delete").and(all).run().orThrow();
  }

  private RehearsedRun merge(Path signingKey) throws IOException {
    rehearsal.git("push", "-q", rehearsal.repository().toString(), head + ":" + MAIN);
    var environment = rehearsal.environment("push", rehearsal.pushPayload(head, MAIN));
    environment.put("FLAKEFERRY_SIGNING_KEY_FILE", signingKey.toString());
    return RehearsedRun.of(BuiltProgram.words("run"), environment);
  }

  private RehearsedRun runPullRequest() throws IOException {
    JsonNode payload = PullRequestPayload.of("opened", 7, head);
    rehearsal.github().putPullRequest(payload.path("pull_request"));
    Path file = rehearsal.folder().resolve("event.json");
    Files.writeString(file, payload.toString());
    var environment = rehearsal.environment("pull_request", file);
    environment.put("FLAKEFERRY_PULL_REQUEST_SIGNING_KEY_FILE", previewsKey().toString());
    return RehearsedRun.of(BuiltProgram.words("run"), environment);
  }

  private Path previewsKey() throws IOException {
    return Files.writeString(
        rehearsal.folder().resolve("previews-key"), PREVIEWS.export().reveal());
  }
}
