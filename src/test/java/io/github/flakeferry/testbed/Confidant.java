package io.github.flakeferry.testbed;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Whom a hostile flake tells what it got: a web server that listens to everybody. */
public final class Confidant implements AutoCloseable {
  /** What it was told, and when. */
  public record Told(String path, String text, Instant at) {}

  private final HttpServer server;
  private final List<Told> told = new CopyOnWriteArrayList<>();

  private Confidant(HttpServer server) {
    this.server = server;
  }

  /** Listens on a free port of loopback. */
  public static Confidant start() throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    var confidant = new Confidant(server);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            String text = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            confidant.told.add(new Told(exchange.getRequestURI().getPath(), text, Instant.now()));
            exchange.sendResponseHeaders(204, -1);
          }
        });
    server.start();
    return confidant;
  }

  public int port() {
    return server.getAddress().getPort();
  }

  /** All that was told under this path, in its order. */
  public List<Told> told(String path) {
    return told.stream().filter(t -> t.path().equals(path)).toList();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
