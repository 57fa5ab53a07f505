package io.github.flakeferry.testbed;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** Stands before an HTTP server and hands on what is asked, but for what a script says. */
public final class FaultyProxy implements AutoCloseable {
  // of the connection, or told by the server that it was made for
  private static final Set<String> NOT_HANDED_ON =
      Set.of("connection", "content-length", "transfer-encoding", "expect", "date");

  /** What happens in place of an answer. */
  public sealed interface Fault {
    /** The server is not asked. */
    record Answers(int status, Map<String, String> headers, String text) implements Fault {}

    /** The connection ends without an answer, and nothing reaches the server. */
    record Drops() implements Fault {}

    /** The server does what it was asked, and nobody hears of it. */
    record LosesAnswer() implements Fault {}

    /** Half of the answer's body, and the connection ends. */
    record CutsShort() implements Fault {}

    /** All as it should be, after a while. */
    record Delays(Duration time) implements Fault {}

    /** The same, but that it is too busy (503) where more than so many are under way. */
    record Takes(int most, Duration time) implements Fault {}

    /** Nothing, as long as the proxy is open. */
    record Stalls() implements Fault {}
  }

  /** Asked once for each request, by many threads at once. */
  public interface Script {
    /** What happens to a request, where it is not just handed on; the target has the query. */
    Optional<Fault> fault(String method, String target);
  }

  private final URI server;
  private final Script script;
  private final HttpServer http;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final AtomicInteger underWay = new AtomicInteger();
  private final OkHttpClient client =
      new OkHttpClient.Builder().followRedirects(false).retryOnConnectionFailure(false).build();

  private FaultyProxy(URI server, Script script) throws IOException {
    this.server = server;
    this.script = script;
    this.http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.setExecutor(threads);
    http.createContext("/", this::handle);
    http.start();
  }

  public static FaultyProxy before(URI server, Script script) throws IOException {
    return new FaultyProxy(server, script);
  }

  /** {@code HOST:PORT}. */
  public String address() {
    return "127.0.0.1:" + http.getAddress().getPort();
  }

  /** Where it is, without a slash at the end. */
  public URI uri() {
    return URI.create("http://" + address());
  }

  private void handle(HttpExchange exchange) throws IOException {
    int now = underWay.incrementAndGet();
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      String target = exchange.getRequestURI().toString();
      Optional<Fault> fault = script.fault(exchange.getRequestMethod(), target);
      switch (fault.orElse(null)) {
        case null -> answer(exchange, ask(exchange, body), false);
        case Fault.Answers(int status, Map<String, String> headers, String text) -> {
          headers.forEach(exchange.getResponseHeaders()::set);
          byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
          exchange.getResponseBody().write(bytes);
        }
        case Fault.Drops() -> {}
        case Fault.LosesAnswer() -> ask(exchange, body).close();
        case Fault.CutsShort() -> answer(exchange, ask(exchange, body), true);
        case Fault.Delays(Duration time) -> {
          Thread.sleep(time);
          answer(exchange, ask(exchange, body), false);
        }
        case Fault.Takes(int most, Duration time) -> {
          if (now > most) {
            exchange.sendResponseHeaders(503, -1);
          } else {
            Thread.sleep(time);
            answer(exchange, ask(exchange, body), false);
          }
        }
        case Fault.Stalls() -> closed.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      underWay.decrementAndGet();
    }
  }

  private Response ask(HttpExchange exchange, byte[] body) throws IOException {
    String method = exchange.getRequestMethod();
    boolean sends =
        !Set.of("GET", "HEAD").contains(method) && (body.length > 0 || !method.equals("DELETE"));
    var request =
        new Request.Builder()
            .url(server.resolve(exchange.getRequestURI().toString()).toString())
            .method(method, sends ? RequestBody.create(body) : null);
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              if (!NOT_HANDED_ON.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.addHeader(name, value));
              }
            });
    return client.newCall(request.build()).execute();
  }

  private static void answer(HttpExchange exchange, Response asked, boolean half)
      throws IOException {
    try (asked) {
      asked
          .headers()
          .toMultimap()
          .forEach(
              (name, values) -> {
                if (!NOT_HANDED_ON.contains(name)) {
                  exchange.getResponseHeaders().put(name, values);
                }
              });
      byte[] body = asked.body().bytes();
      boolean head = exchange.getRequestMethod().equals("HEAD");
      if (head) {
        Optional.ofNullable(asked.header("Content-Length"))
            .ifPresent(length -> exchange.getResponseHeaders().set("Content-Length", length));
      }
      exchange.sendResponseHeaders(asked.code(), head || body.length == 0 ? -1 : body.length);
      if (!head) {
        exchange.getResponseBody().write(half ? Arrays.copyOf(body, body.length / 2) : body);
      }
    }
  }

  @Override
  public void close() {
    closed.countDown();
    http.stop(0);
    threads.close();
    client.dispatcher().executorService().shutdown();
    client.connectionPool().evictAll();
  }
}
