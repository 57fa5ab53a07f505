package io.github.flakeferry;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.flakeferry.cache.NarInfo;
import io.github.flakeferry.cli.terminal.PseudoTerminal;
import io.github.flakeferry.model.SigningKey;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.support.process.Exit;
import io.github.flakeferry.support.process.Finished;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** {@code flakeferry key generate} and {@code flakeferry publish}, as somebody types them. */
final class PublishByHandIT {
  @TempDir private Path folder;
  private StorePath path;

  @BeforeEach
  void add() throws IOException {
    Path file = Files.writeString(folder.resolve("by-hand"), UUID.randomUUID().toString());
    path =
        StorePath.parse(
            Command.of("nix-store", "--add", file.toString()).run().orThrow().output().strip());
  }

  private Command flakeferry(String... words) {
    return Command.of(BuiltProgram.words(words))
        .in(folder)
        .with("FLAKEFERRY_SIGNING_KEY_FILE", folder.resolve("boards-1.sec").toString());
  }

  private static String said(Finished finished) {
    return String.join("\n", finished.lastErrorLines());
  }

  @Test
  void aPathIsPublishedWithANewKey() throws IOException {
    flakeferry("key", "generate", "boards-1").run().orThrow();
    Path cache = folder.resolve("cache");
    Files.createSymbolicLink(folder.resolve("result"), Path.of(path.toString()));

    Finished published =
        flakeferry("publish", "./result", "--to", cache.toUri().toString(), "--listings")
            .run()
            .orThrow();

    assertThat(cache.resolve(path.hash() + ".ls")).content().startsWith("{\"version\":1,");
    assertThat(published.output()).startsWith("1 path published, 0 were there, ");
    var narInfo = NarInfo.parse(Files.readString(cache.resolve(NarInfo.fileName(path))));
    var key = SigningKey.parse(Files.readString(folder.resolve("boards-1.sec")));
    assertThat(key.publicKey().hasSigned(narInfo.info())).isTrue();

    Finished again =
        flakeferry("publish", path.toString(), "--to", cache.toUri().toString()).run().orThrow();
    assertThat(again.output()).startsWith("0 paths published, 1 were there, ");
  }

  private static Command nix(String... words) {
    return Command.of(words)
        .with(
            "NIX_CONFIG",
            "substituters =\nbuild-users-group =\nsandbox = false\n"
                + "experimental-features = nix-command");
  }

  /** Of two parts: the one that is returned refers to the other, which refers to the path. */
  private StorePath built(String nonce) throws IOException {
    String derivation =
        nix("nix-instantiate", "-E")
            .and(
                """
                let
                  part = name: of: derivation {
                    inherit name;
                    system = builtins.currentSystem;
                    builder = "/bin/sh";
                    args = [ "-c" "echo %1$s makes ${name}; echo ${of} %1$s >$out" ];
                  };
                in part "upper" (part "lower" (builtins.storePath "%2$s"))
                """
                    .formatted(nonce, path))
            .run()
            .orThrow()
            .output()
            .strip();
    return StorePath.parse(
        nix("nix-store", "--realise", derivation).run().orThrow().output().strip());
  }

  @Test
  void logsOfWhatWasBuiltHereGoUpAndNixShowsThem() throws IOException {
    flakeferry("key", "generate", "boards-1").run().orThrow();
    Path cache = folder.resolve("cache");
    String url = cache.toUri().toString();
    String nonce = UUID.randomUUID().toString();
    StorePath upper = built(nonce);

    Finished published =
        flakeferry("publish", upper.toString(), "--to", url, "--logs").run().orThrow();

    assertThat(published.output()).startsWith("3 paths published, 0 were there, ");
    assertThat(said(published))
        .contains("2 build logs published") // the path itself was added, and not built
        .doesNotContain("build logs are missing");
    String shown = nix("nix", "log", "--store", url, upper.toString()).run().orThrow().output();
    assertThat(shown).isEqualTo(nonce + " makes upper\n");
    Path ours = Path.of("/nix/var/log/nix/drvs");
    try (var logs = Files.newDirectoryStream(cache.resolve("log"))) {
      for (Path log : logs) {
        String name = log.getFileName().toString();
        Files.delete(ours.resolve(name.substring(0, 2)).resolve(name.substring(2) + ".bz2"));
        if (name.endsWith("-upper.drv")) {
          Files.writeString(log, "what the cache has\n");
        } else {
          Files.delete(log);
        }
      }
    }

    Finished again = flakeferry("publish", upper.toString(), "--to", url, "--logs").run().orThrow();

    assertThat(said(again)).doesNotContain("build log");
    assertThat(cache.resolve("log")).isDirectoryContaining("glob:**-upper.drv");
    assertThat(cache.resolve("log")).isDirectoryNotContaining("glob:**-lower.drv");
  }

  @Test
  void whatIsNotThereIsToldAtOnce() throws IOException {
    flakeferry("key", "generate", "boards-1").run().orThrow();
    Finished wrong =
        flakeferry(
                "publish",
                "/nix/store/00000000000000000000000000000000-none",
                "by-hand",
                path.toString(),
                "--to",
                folder.resolve("cache").toUri().toString())
            .run();

    assertThat(wrong.exit()).isEqualTo(new Exit.Code(2));
    assertThat(said(wrong))
        .contains(
            "not in the store of this machine:"
                + " /nix/store/00000000000000000000000000000000-none, by-hand")
        .contains("./result");
    assertThat(folder.resolve("cache")).doesNotExist();
  }

  @Test
  void withoutAKeyOrACacheNothingIsPublished() throws IOException {
    Finished keyless =
        Command.of(BuiltProgram.words("publish", path.toString()))
            .and("--to", folder.resolve("cache").toUri().toString())
            .run();
    assertThat(keyless.exit().succeeded()).isFalse();
    assertThat(said(keyless)).contains("no key to sign", "signing-key");

    flakeferry("key", "generate", "boards-1").run().orThrow();
    Finished nowhere = flakeferry("publish", path.toString(), "--to", "gopher://x").run();
    assertThat(nowhere.exit()).isEqualTo(new Exit.Code(7));
    assertThat(said(nowhere)).contains("gopher://x is not a cache");
    assertThat(folder.resolve("cache")).doesNotExist();
  }

  @Test
  void eventsAndResultAreLinesOfJson() throws IOException {
    flakeferry("key", "generate", "boards-1").run().orThrow();
    String cache = folder.resolve("cache").toUri().toString();

    Finished published =
        flakeferry("publish", path.toString(), "--to", cache, "--json").run().orThrow();
    assertThat(published.lastErrorLines()).isEmpty();
    var json = new ObjectMapper();
    List<String> events =
        published
            .output()
            .lines()
            .map(line -> json.readTree(line).path("event").asString())
            .toList();
    assertThat(events).contains("publish").last().isEqualTo("published");

    Finished wrong = flakeferry("publish", "none", "--to", cache, "--json").run();
    assertThat(wrong.exit()).isEqualTo(new Exit.Code(2));
    JsonNode failed = json.readTree(wrong.output().lines().toList().getLast());
    assertThat(failed.path("event").asString()).isEqualTo("failed");
    assertThat(failed.path("reason").asString()).isEqualTo("usage");
    assertThat(failed.path("message").asString()).contains("not in the store");
    assertThat(said(wrong)).contains("not in the store");
  }

  @Test
  void quietlyThereIsOnlyTheResult() throws IOException {
    flakeferry("key", "generate", "boards-1").run().orThrow();
    String cache = folder.resolve("cache").toUri().toString();
    Finished published =
        flakeferry("publish", path.toString(), "--to", cache, "--quiet").run().orThrow();
    assertThat(published.lastErrorLines()).isEmpty();
    assertThat(published.output().lines()).hasSize(1).first().asString().startsWith("1 path");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET /nix-cache-info", "GET /HASH.narinfo", "PUT"})
  void controlCEndsItAndTheLineThatLivesIsGone(String unanswered) throws Exception {
    flakeferry("key", "generate", "boards-1").run().orThrow();
    var words = new ArrayList<>(BuiltProgram.words("publish", path.toString()));
    try (var cache = new CacheThatHangs(unanswered.replace("HASH", path.hash()))) {
      String line =
          switch (unanswered) {
            case "PUT" -> "publish 0/1";
            case "GET /nix-cache-info" -> "asking " + cache.url() + "  1 s";
            default -> "\nPublish to " + cache.url() + "  1 s";
          };
      words.addAll(List.of("--to", cache.url()));
      var key = Map.of("FLAKEFERRY_SIGNING_KEY_FILE", folder.resolve("boards-1.sec").toString());
      try (var terminal = PseudoTerminal.start(80, 24, key, words)) {
        terminal.until(screen -> screen.text().contains(line));
        terminal.type("\u0003");
        assertThat(terminal.exitCode()).isEqualTo(130);
        assertThat(terminal.screen().text()).doesNotContain(line, "^C");
        assertThat(terminal.screen().isCursorBelow()).isTrue();
      }
    }
  }

  /** Has no paths, and never answers one kind of request. */
  private static final class CacheThatHangs implements AutoCloseable {
    private final HttpServer server;
    private final CountDownLatch end = new CountDownLatch(1);

    private final String unanswered;

    /**
     * @param unanswered how these requests begin
     */
    CacheThatHangs(String unanswered) throws IOException {
      this.unanswered = unanswered;
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.createContext("/", this::answer);
      server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
      try (exchange) {
        String path = exchange.getRequestURI().getPath();
        if ((exchange.getRequestMethod() + " " + path).startsWith(unanswered)) {
          end.await();
        } else if (path.equals("/nix-cache-info")) {
          byte[] info = "StoreDir: /nix/store\n".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, info.length);
          exchange.getResponseBody().write(info);
        } else {
          exchange.sendResponseHeaders(404, -1);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    String url() {
      return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
      end.countDown();
      server.stop(0);
    }
  }
}
