package io.github.flakeferry.cache;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.flakeferry.support.progress.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Lets Nix read a bucket by HTTP, on this machine alone, with the credentials that this program
 * has: many a Nix is built without S3, and none has what only our environment tells. Whoever is to
 * read knows its address, in which there is a word that can't be guessed.
 */
public final class S3Gateway implements AutoCloseable {
  private final S3BinaryCache cache;
  private final Progress progress;
  private final HttpServer server;
  private final String root;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private S3Gateway(S3BinaryCache cache, Progress progress) throws IOException {
    this.cache = cache;
    this.progress = progress;
    this.root = "/" + word() + "/";
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(root, this::handle);
    server.start();
  }

  /**
   * Opens a way to read a bucket; nothing is asked of it yet.
   *
   * @param url as for {@link BinaryCaches#open}
   * @throws PublishFailed if it is none
   */
  public static S3Gateway to(URI url, Progress progress) {
    return to(BinaryCaches.bucket(url, Retries.USUAL, HttpBinaryCache.PATIENCE), progress);
  }

  static S3Gateway to(S3BinaryCache cache, Progress progress) {
    try {
      return new S3Gateway(cache, progress);
    } catch (IOException e) {
      cache.close();
      throw new UncheckedIOException("no port of this machine can be listened on", e);
    }
  }

  private static String word() {
    byte[] bytes = new byte[16];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** What Nix is given as a substituter. */
  public URI url() {
    return URI.create("http://127.0.0.1:%d%s".formatted(server.getAddress().getPort(), root));
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String name = exchange.getRequestURI().getPath().substring(root.length());
      switch (exchange.getRequestMethod()) {
        case "HEAD" -> exchange.sendResponseHeaders(cache.has(name) ? 200 : 404, -1);
        case "GET" -> send(exchange, name);
        default -> exchange.sendResponseHeaders(405, -1);
      }
    } catch (PublishFailed e) {
      progress.warn(e.told() + " " + e.advice());
      exchange.sendResponseHeaders(502, -1);
    }
  }

  private void send(HttpExchange exchange, String name) throws IOException {
    var found = cache.open(name);
    if (found.isEmpty()) {
      exchange.sendResponseHeaders(404, -1);
      return;
    }
    try (var content = found.get()) {
      long length = content.response().contentLength();
      exchange.sendResponseHeaders(200, length == 0 ? -1 : length);
      content.transferTo(exchange.getResponseBody());
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow(); // nobody reads any more what the bucket may take long to give
    threads.close();
    cache.close();
  }
}
