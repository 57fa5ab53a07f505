package io.github.flakeferry.support.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.flakeferry.model.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class HttpTest {
  private static final Instant NOW = Instant.parse("2026-11-22T16:00:00Z");

  private record Seen(String method, String path, String authorization, String body) {}

  /** A server that gives prepared answers, one after another, the last one again and again. */
  private static final class Server implements AutoCloseable {
    private final HttpServer server;
    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final List<Map.Entry<Integer, Map<String, String>>> answers =
        new CopyOnWriteArrayList<>();
    private int next;

    Server() throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext("/", this::answer);
      server.start();
    }

    Server then(int status, Map<String, String> headers) {
      answers.add(Map.entry(status, headers));
      return this;
    }

    URI uri(String path) {
      return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    private synchronized void answer(HttpExchange exchange) throws IOException {
      try (exchange) {
        seen.add(
            new Seen(
                exchange.getRequestMethod(),
                exchange.getRequestURI().toString(),
                String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")),
                new String(exchange.getRequestBody().readAllBytes(), UTF_8)));
        var answer = answers.get(Math.min(next++, answers.size() - 1));
        answer.getValue().forEach(exchange.getResponseHeaders()::set);
        if (answer.getKey() != 0) {
          exchange.sendResponseHeaders(answer.getKey(), -1);
        }
      }
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }

  private static final java.nio.charset.Charset UTF_8 = java.nio.charset.StandardCharsets.UTF_8;
  private final Http http = new Http();
  private final List<Duration> waits = new ArrayList<>();
  private final Patience patience =
      new Patience(Duration.ofSeconds(60), InstantSource.fixed(NOW), waits::add);
  private Server server;
  private Server other;

  @BeforeEach
  void start() throws IOException {
    server = new Server();
    other = new Server().then(200, Map.of());
  }

  @AfterEach
  void stop() {
    server.close();
    other.close();
    http.close();
  }

  private HttpRequest get() {
    return HttpRequest.get(server.uri("/a?b=c")).bearer(new Secret("t0ken"));
  }

  private HttpRequest post(boolean repeatable) {
    return get().sending("POST", new HttpBody.OfText("text/plain", "x"), repeatable);
  }

  @Test
  void waitsAsLongAsTheServerSays() throws IOException {
    server.then(429, Map.of("Retry-After", "7")).then(200, Map.of());
    assertThat(http.send(get(), patience).status()).isEqualTo(200);
    assertThat(waits).containsExactly(Duration.ofSeconds(7));
  }

  @Test
  void understandsADateInRetryAfter() throws IOException {
    server.then(503, Map.of("Retry-After", "Sun, 22 Nov 2026 16:00:09 GMT")).then(200, Map.of());
    assertThat(http.send(get(), patience).status()).isEqualTo(200);
    assertThat(waits).containsExactly(Duration.ofSeconds(9));
  }

  @Test
  void waitsUntilAUsedUpLimitIsReset() throws IOException {
    server
        .then(
            403,
            Map.of(
                "X-RateLimit-Remaining",
                "0",
                "X-RateLimit-Reset",
                Long.toString(NOW.getEpochSecond() + 30)))
        .then(200, Map.of());
    assertThat(http.send(get(), patience).status()).isEqualTo(200);
    assertThat(waits).containsExactly(Duration.ofSeconds(30));
  }

  @Test
  void doesNotWaitLongerThanThereIsPatienceFor() throws IOException {
    server.then(429, Map.of("Retry-After", "61"));
    assertThat(http.send(get(), patience).status()).isEqualTo(429);
    assertThat(waits).isEmpty();
    assertThat(server.seen).hasSize(1);
  }

  @Test
  void sharesItsPatienceAmongRequests() throws IOException {
    server.then(429, Map.of("Retry-After", "25"));
    http.send(get(), patience);
    http.send(get(), patience);
    assertThat(waits).containsExactly(Duration.ofSeconds(25), Duration.ofSeconds(25));
  }

  @Test
  void givesUpOnAServerThatStaysDown() throws IOException {
    server.then(502, Map.of());
    assertThat(http.send(get(), patience).status()).isEqualTo(502);
    assertThat(waits).hasSize(5).isSorted();
    assertThat(server.seen).hasSize(6);
  }

  @Test
  void takesARefusalForAnAnswer() throws IOException {
    server.then(403, Map.of());
    assertThat(http.send(get(), patience).status()).isEqualTo(403);
    assertThat(server.seen).hasSize(1);
  }

  @Test
  void doesNotRepeatWhatMayHaveHappened() throws IOException {
    server.then(500, Map.of()).then(0, Map.of());
    assertThat(http.send(post(false), patience).status()).isEqualTo(500);
    assertThat(server.seen).hasSize(1);
    assertThatThrownBy(() -> http.send(post(false), patience)).isInstanceOf(HttpTrouble.class);
    assertThat(server.seen).hasSize(2);
  }

  @Test
  void repeatsWhatTheServerDidNotTake() throws IOException {
    server.then(503, Map.of()).then(201, Map.of());
    assertThat(http.send(post(false), patience).status()).isEqualTo(201);
    assertThat(server.seen).extracting(Seen::body).containsExactly("x", "x");
  }

  @Test
  void repeatsWhereAnAnswerWasLostAndTwiceIsOnce() throws IOException {
    server.then(0, Map.of()).then(201, Map.of());
    assertThat(http.send(post(true), patience).status()).isEqualTo(201);
  }

  @Test
  void keepsTheTokenFromOtherHosts() throws IOException {
    server.then(302, Map.of("Location", other.uri("/b").toString()));
    assertThat(http.send(get(), patience).status()).isEqualTo(200);
    assertThat(server.seen).extracting(Seen::authorization).containsExactly("Bearer t0ken");
    assertThat(other.seen).extracting(Seen::authorization).containsExactly("null");
  }

  @Test
  void sendsNothingThatChangesThingsToAnotherHost() throws IOException {
    server.then(307, Map.of("Location", other.uri("/b").toString()));
    assertThat(http.send(post(true), patience).status()).isEqualTo(307);
    assertThat(other.seen).isEmpty();
  }

  @Test
  void followsARenamedRepositoryOnTheSameHost() throws IOException {
    server.then(301, Map.of("Location", "/repositories/1/x")).then(201, Map.of());
    assertThat(http.send(post(true), patience).status()).isEqualTo(201);
    assertThat(server.seen.getLast())
        .isEqualTo(new Seen("POST", "/repositories/1/x", "Bearer t0ken", "x"));
  }

  @Test
  void leavesACircleOfRedirects() throws IOException {
    server.then(302, Map.of("Location", "/a"));
    assertThat(http.send(get(), patience).status()).isEqualTo(302);
    assertThat(server.seen).hasSize(6);
  }

  @Test
  void saysWhereNobodyListens() throws IOException {
    int port;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    var request = HttpRequest.get(URI.create("http://127.0.0.1:" + port + "/a?signature=s3cret"));
    assertThatThrownBy(() -> http.send(request, patience))
        .isInstanceOfSatisfying(
            HttpTrouble.class,
            e -> {
              assertThat(e.problem()).isEqualTo("the connection was refused or not made in time");
              assertThat(e.place()).isEqualTo("http://127.0.0.1:" + port + "/a");
              assertThat(e).hasMessageNotContaining("s3cret");
            });
    assertThat(waits).hasSize(5);
  }

  @Test
  void takesNoCredentialsInUrlsAndPlainHeaders() {
    assertThatThrownBy(() -> HttpRequest.get(URI.create("http://u:p@127.0.0.1/")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> get().header("authorization", "Bearer x"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(get().toString()).isEqualTo("GET " + server.uri("/a"));
  }
}
