package io.github.flakeferry.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.flakeferry.model.Secret;
import io.github.flakeferry.testbed.HttpCache;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

final class HttpBinaryCacheTest {
  private static final Retries QUICK = new Retries(3, Duration.ofMillis(5));
  @TempDir private Path folder;

  /** Answers each request by the next of its answers, and by the last one from then on. */
  private static final class Scripted implements AutoCloseable {
    private final HttpServer server;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<String> authorizations = new CopyOnWriteArrayList<>();
    private final List<String> conditions = new CopyOnWriteArrayList<>();

    interface Answer {
      void give(HttpExchange exchange) throws IOException;
    }

    Scripted(Answer... answers) throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/",
          exchange -> {
            try (exchange) {
              int n = Math.min(requests.size(), answers.length - 1);
              requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
              Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
                  .ifPresent(authorizations::add);
              Optional.ofNullable(exchange.getRequestHeaders().getFirst("If-None-Match"))
                  .ifPresent(conditions::add);
              exchange.getRequestBody().readAllBytes();
              answers[n].give(exchange);
            }
          });
      server.start();
    }

    URI uri() {
      return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/sub");
    }

    @Override
    public void close() {
      server.stop(0);
    }

    static Answer status(int status, String... header) {
      return exchange -> {
        for (int i = 0; i < header.length; i += 2) {
          exchange.getResponseHeaders().set(header[i], header[i + 1]);
        }
        exchange.sendResponseHeaders(status, -1);
      };
    }

    static Answer body(int status, String type, String text) {
      return exchange -> {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
      };
    }
  }

  private static BinaryCache open(URI uri) {
    return BinaryCaches.open(uri, Optional.empty(), QUICK);
  }

  private static PublishFailed refusal(BinaryCache cache) {
    return catchThrowableOfType(PublishFailed.class, () -> cache.write("x.narinfo", "text"));
  }

  @Test
  void whatIsWrittenIsThere() throws IOException {
    try (var server = HttpCache.start(folder.resolve("cache"));
        var cache = open(server.uri())) {
      assertThat(cache.read("x.narinfo")).isEmpty();
      assertThat(cache.has("x.narinfo")).isFalse();
      cache.write("x.narinfo", "text");
      assertThat(cache.read("x.narinfo")).contains("text");
      assertThat(cache.has("x.narinfo")).isTrue();
      Path file = Files.write(folder.resolve("file"), new byte[3_000_000]);
      cache.upload("nar/x.nar.zst", file);
      assertThat(folder.resolve("cache/nar/x.nar.zst")).hasSameBinaryContentAs(file);
    }
  }

  @Test
  void credentialsAreALoginOrATokenAndNeverShown() throws IOException {
    try (var server = HttpCache.start(folder)) {
      for (String credentials : List.of("ci:pass:word", "token-abc")) {
        if (credentials.startsWith("ci")) {
          server.requireLogin("ci", new Secret("pass:word"));
        } else {
          server.requireToken(new Secret("token-abc"));
        }
        try (var cache =
                BinaryCaches.open(server.uri(), Optional.of(new Secret(credentials)), QUICK);
            var without = open(server.uri())) {
          cache.write("x.narinfo", "text");
          assertThat(cache.read("x.narinfo")).contains("text");
          PublishFailed failed = refusal(without);
          assertThat(failed.status()).hasValue(401);
          assertThat(failed.problem()).isEqualTo(server.uri() + " answers PUT x.narinfo with 401.");
          assertThat(failed.advice()).contains("credentials");
        }
      }
    }
  }

  @Test
  void aRefusalIsNotTriedAgainAndSaysWhatToDo() throws IOException {
    for (var expected :
        List.of(
            java.util.Map.entry(403, "permissions"),
            java.util.Map.entry(405, "does not take PUT"),
            java.util.Map.entry(404, "does not take PUT"),
            java.util.Map.entry(413, "size"),
            java.util.Map.entry(507, "full"))) {
      try (var server = new Scripted(Scripted.status(expected.getKey()));
          var cache = open(server.uri())) {
        PublishFailed failed = refusal(cache);
        assertThat(failed.status()).hasValue(expected.getKey());
        assertThat(failed.advice()).contains(expected.getValue());
        assertThat(server.requests).containsExactly("PUT /sub/x.narinfo");
      }
    }
  }

  @Test
  void whatPassesIsTriedAgainAndNotForEver() throws IOException {
    try (var server =
            new Scripted(
                Scripted.status(503, "Retry-After", "0"),
                HttpExchange::close, // no answer at all
                Scripted.status(201));
        var cache = open(server.uri())) {
      cache.write("x.narinfo", "text");
      assertThat(server.requests).hasSizeGreaterThanOrEqualTo(3);
    }
    try (var server = new Scripted(Scripted.status(500));
        var cache = open(server.uri())) {
      assertThat(refusal(cache).status()).hasValue(500);
      assertThat(server.requests).hasSize(3);
    }
  }

  @Test
  void whatIsThereIsNotMadeOnceMore() throws IOException {
    try (var server = new Scripted(Scripted.status(412), Scripted.status(201));
        var cache = open(server.uri())) {
      assertThat(cache.create("x.narinfo", "text")).isFalse();
      assertThat(cache.create("x.narinfo", "text")).isTrue();
      assertThat(server.conditions).containsExactly("*", "*");
    }
    try (var cache = open(folder.resolve("cache").toUri())) {
      assertThat(cache.create("x.narinfo", "one")).isTrue();
      assertThat(cache.create("x.narinfo", "two")).isFalse();
      assertThat(cache.read("x.narinfo")).contains("one");
    }
  }

  @Test
  void aFileThatIsShorterIsNotTheSame() throws IOException {
    try (var server = HttpCache.start(folder.resolve("cache"));
        var http = open(server.uri());
        var files = open(server.folder().toUri())) {
      http.write("nar/x", "text");
      for (BinaryCache cache : List.of(http, files)) {
        assertThat(cache.has("nar/x", 4)).isTrue();
        assertThat(cache.has("nar/x", 5)).isFalse();
        assertThat(cache.has("nar/y", 0)).isFalse();
      }
    }
  }

  @Test
  void aWebPageIsNoCache() throws IOException {
    try (var server = new Scripted(Scripted.body(200, "text/html", "<html>Log in</html>"));
        var cache = open(server.uri())) {
      PublishFailed read =
          catchThrowableOfType(PublishFailed.class, () -> cache.read("nix-cache-info"));
      assertThat(read.problem()).contains("web page");
      assertThat(refusal(cache).problem()).contains("web page");
    }
    try (var server = new Scripted(Scripted.body(201, "text/html", "<html>Created</html>"));
        var cache = open(server.uri())) {
      cache.write("x.narinfo", "text");
      assertThat(server.requests).hasSize(1);
    }
  }

  @Test
  void aRedirectIsNotFollowedWithCredentials() throws IOException {
    try (var other = new Scripted(Scripted.status(201));
        var server = new Scripted(Scripted.status(307, "Location", other.uri() + "?token=1"));
        var cache = BinaryCaches.open(server.uri(), Optional.of(new Secret("token")), QUICK)) {
      PublishFailed failed = refusal(cache);
      assertThat(failed.advice()).contains(other.uri().toString()).doesNotContain("token=1");
      assertThat(server.authorizations).containsExactly("Bearer token");
      assertThat(other.requests).isEmpty();
    }
  }

  @Test
  void aServerThatIsNotThereIsSaidToBeOutOfReach() throws IOException {
    int port;
    try (var socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    try (var cache = open(URI.create("http://127.0.0.1:" + port))) {
      PublishFailed failed = refusal(cache);
      assertThat(failed.problem())
          .isEqualTo(
              "http://127.0.0.1:%d can't be reached: nothing listens there.".formatted(port));
      assertThat(failed.status()).isEmpty();
    }
  }

  @Test
  void aHandshakeThatIsCutShortMayPass() throws IOException {
    try (var socket = new ServerSocket(0)) {
      var cut = new AtomicInteger();
      Thread.ofVirtual()
          .start(
              () -> {
                while (!socket.isClosed()) {
                  try (var _ = socket.accept()) {
                    cut.incrementAndGet();
                  } catch (IOException e) {
                    return;
                  }
                }
              });
      try (var cache = open(URI.create("https://127.0.0.1:" + socket.getLocalPort()))) {
        PublishFailed failed = refusal(cache);
        assertThat(failed.extent()).isEqualTo(PublishFailed.Extent.PASSING);
        assertThat(failed.problem()).contains("no TLS connection");
        assertThat(cut.get()).isGreaterThanOrEqualTo(QUICK.attempts());
      }
    }
  }

  @Test
  @Timeout(60)
  void onlyAnUploadIsWaitedForLong() throws Exception {
    var asked = new CountDownLatch(1);
    Path file = Files.write(folder.resolve("file"), new byte[1000]);
    try (var server =
            new Scripted(
                exchange -> await(asked), // says nothing
                Scripted.status(201));
        var cache =
            new HttpBinaryCache(
                server.uri(),
                Optional.empty(),
                new Retries(1, Duration.ZERO),
                Duration.ofMinutes(30),
                Duration.ofMillis(100))) {
      PublishFailed failed =
          catchThrowableOfType(PublishFailed.class, () -> cache.read("x.narinfo"));
      assertThat(failed.problem()).contains("does not answer in time");
      asked.countDown();
      cache.upload("nar/x", file);
      assertThat(server.requests).last().isEqualTo("PUT /sub/nar/x");
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void urlsThatAreNoCachesAreRefused() {
    for (String url :
        List.of("ftp://host/x", "file://host/x", "cache.example.org", "https://u:geheim@host/")) {
      PublishFailed failed = catchThrowableOfType(PublishFailed.class, () -> open(URI.create(url)));
      assertThat(failed.advice()).isNotEmpty();
      assertThat(failed.problem() + failed.cache()).doesNotContain("geheim");
    }
  }
}
