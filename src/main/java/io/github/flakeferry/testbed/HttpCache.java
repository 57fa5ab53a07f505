package io.github.flakeferry.testbed;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.*;
import java.util.concurrent.Executors;

/** temp */
public final class HttpCache implements AutoCloseable {
  private final HttpServer s;
  private final Path f;

  private HttpCache(HttpServer s, Path f) {
    this.s = s;
    this.f = f;
  }

  public static HttpCache start(Path folder) throws IOException {
    Files.createDirectories(folder);
    var s =
        HttpServer.create(new InetSocketAddress(java.net.InetAddress.getLoopbackAddress(), 0), 0);
    var c = new HttpCache(s, folder);
    s.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    s.createContext("/", c::handle);
    s.start();
    return c;
  }

  private void handle(HttpExchange x) throws IOException {
    try (x) {
      Path p = f.resolve(x.getRequestURI().getPath().substring(1));
      if (x.getRequestMethod().equals("PUT")) {
        Files.createDirectories(p.getParent());
        Files.copy(x.getRequestBody(), p, StandardCopyOption.REPLACE_EXISTING);
        x.sendResponseHeaders(201, -1);
      } else if (Files.isRegularFile(p)) {
        byte[] b = Files.readAllBytes(p);
        if (x.getRequestMethod().equals("HEAD")) {
          x.sendResponseHeaders(200, -1);
        } else {
          x.sendResponseHeaders(200, b.length == 0 ? -1 : b.length);
          x.getResponseBody().write(b);
        }
      } else x.sendResponseHeaders(404, -1);
    }
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + s.getAddress().getPort());
  }

  @Override
  public void close() {
    s.stop(0);
  }
}
