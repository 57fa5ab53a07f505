package io.github.flakeferry.testbed;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.flakeferry.model.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/**
 * A binary cache that takes what it is given: an HTTP server over a folder, with GET, HEAD and PUT.
 * A file that is being put is not seen before it is whole.
 */
public final class HttpCache implements AutoCloseable {
  /** What it was asked, and the status it answered with. */
  public record Request(String method, String path, int status) {}

  private static final int PENDING_CONNECTIONS = 128;

  static {
    // answers must not wait for the acknowledgement of the one before
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final Path folder;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private volatile Optional<Secret> authorization = Optional.empty();
  private volatile OptionalInt refusal = OptionalInt.empty();
  private volatile OptionalInt writeRefusal = OptionalInt.empty();
  private volatile long largest = Long.MAX_VALUE;
  private final Semaphore larger = new Semaphore(0);

  private HttpCache(Path folder, HttpServer server) {
    this.folder = folder;
    this.server = server;
  }

  /** Starts one on a free port of the loopback address. */
  public static HttpCache start(Path folder) throws IOException {
    return start(folder, "127.0.0.1");
  }

  /**
   * Starts one on a free port.
   *
   * @param folder where its files lie; made when it does not exist
   * @param address what it listens on: {@link TestBoard#hostAddress} for a board
   */
  public static HttpCache start(Path folder, String address) throws IOException {
    Path real = Files.createDirectories(folder).toRealPath();
    var server = HttpServer.create(new InetSocketAddress(address, 0), PENDING_CONNECTIONS);
    var cache = new HttpCache(real, server);
    server.createContext("/", cache::handle);
    server.setExecutor(cache.threads);
    server.start();
    return cache;
  }

  /** Where it is, without a slash at the end. */
  public URI uri() {
    InetSocketAddress address = server.getAddress();
    return URI.create("http://" + address.getAddress().getHostAddress() + ":" + address.getPort());
  }

  public Path folder() {
    return folder;
  }

  /** Everything it was asked, in the order of its answers. */
  public List<Request> requests() {
    return List.copyOf(requests);
  }

  /** From now on all requests need this login (RFC 7617). */
  public void requireLogin(String user, Secret password) {
    String pair = user + ":" + password.reveal();
    authorization =
        Optional.of(
            new Secret(
                "Basic "
                    + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8))));
  }

  /** From now on all requests need this token (RFC 6750). */
  public void requireToken(Secret token) {
    authorization = Optional.of(new Secret("Bearer " + token.reveal()));
  }

  /** From now on every request is answered with this status. */
  public void refuse(int status) {
    refusal = OptionalInt.of(status);
  }

  /** From now on every PUT is answered with this status. */
  public void refuseWrites(int status) {
    writeRefusal = OptionalInt.of(status);
  }

  /** Ends {@link #refuse} and {@link #refuseWrites}. */
  public void refuseNothing() {
    refusal = OptionalInt.empty();
    writeRefusal = OptionalInt.empty();
  }

  /** From now on PUTs of more bytes wait, with their bodies unread. */
  public void holdWritesAbove(long bytes) {
    largest = bytes;
  }

  /** Whether a PUT waits. */
  public boolean holdsWrites() {
    return larger.hasQueuedThreads();
  }

  /** Ends {@link #holdWritesAbove}: those that wait go on. */
  public void holdNothing() {
    largest = Long.MAX_VALUE;
    larger.release(Integer.MAX_VALUE);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      boolean writes = exchange.getRequestMethod().equals("PUT");
      if (refusal.isPresent()) {
        answer(exchange, refusal.getAsInt());
      } else if (!authorized(exchange)) {
        exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"cache\"");
        answer(exchange, 401);
      } else if (writes && writeRefusal.isPresent()) {
        answer(exchange, writeRefusal.getAsInt());
      } else {
        Optional<Path> file = fileOf(exchange.getRequestURI());
        if (file.isEmpty()) {
          answer(exchange, 400);
        } else {
          switch (exchange.getRequestMethod()) {
            case "GET", "HEAD" -> read(exchange, file.get());
            case "PUT" -> write(exchange, file.get());
            default -> answer(exchange, 405);
          }
        }
      }
    }
  }

  private boolean authorized(HttpExchange exchange) {
    Optional<Secret> wanted = authorization;
    String given = exchange.getRequestHeaders().getFirst("Authorization");
    return wanted.isEmpty() || (given != null && wanted.get().equals(new Secret(given)));
  }

  // nothing outside of the folder, and none of our own unfinished files
  private Optional<Path> fileOf(URI uri) {
    try {
      Path file = folder.resolve(uri.getPath().substring(1)).normalize();
      boolean ours =
          file.startsWith(folder) && !file.equals(folder) && !uri.getPath().contains("/.");
      return ours ? Optional.of(file) : Optional.empty();
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private void read(HttpExchange exchange, Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      answer(exchange, 404);
      return;
    }
    long size = Files.size(file);
    log(exchange, 200);
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().set("Content-Length", Long.toString(size));
      exchange.sendResponseHeaders(200, -1);
      return;
    }
    // to this server a length of 0 means that it is not known, and -1 that there is no body
    exchange.sendResponseHeaders(200, size == 0 ? -1 : size);
    try (OutputStream body = exchange.getResponseBody()) {
      Files.copy(file, body);
    }
  }

  private void write(HttpExchange exchange, Path file) throws IOException {
    Path parent = Optional.ofNullable(file.getParent()).orElse(folder);
    Files.createDirectories(parent);
    String length = exchange.getRequestHeaders().getFirst("Content-Length");
    if (length != null && Long.parseLong(length) > largest) {
      hold();
    }
    Path unfinished = Files.createTempFile(parent, ".put-", "");
    try (InputStream body = exchange.getRequestBody()) {
      Files.copy(body, unfinished, StandardCopyOption.REPLACE_EXISTING);
      boolean existed = Files.exists(file);
      Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
      answer(exchange, existed ? 204 : 201);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  private void hold() throws InterruptedIOException {
    try {
      larger.acquire();
    } catch (InterruptedException e) {
      throw new InterruptedIOException("closed");
    }
  }

  private void answer(HttpExchange exchange, int status) throws IOException {
    log(exchange, status);
    exchange.sendResponseHeaders(status, -1);
  }

  private void log(HttpExchange exchange, int status) {
    requests.add(
        new Request(exchange.getRequestMethod(), exchange.getRequestURI().getPath(), status));
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    // nothing writes to the folder any more
    threads.close();
  }
}
