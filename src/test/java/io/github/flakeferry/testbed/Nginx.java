package io.github.flakeferry.testbed;

import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.support.progress.Progress;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Debian's nginx on loopback, as people have it for a cache (ngx_http_dav_module): below {@code
 * /open} for everybody, below {@code /login} for a user with a password, below {@code /token} for
 * the bearer of a token, and below {@code /read-only} for nobody who writes.
 *
 * @param folder what it serves
 */
public record Nginx(Path folder, LoopbackPort port, Process process) implements AutoCloseable {
  /** {@code user:password}. */
  public static final String LOGIN = "ferry:correct horse";

  public static final String TOKEN = "a-token-of-the-test";

  /**
   * Starts it.
   *
   * @param folder for its files
   * @throws TestbedUnavailable where it can't be fetched
   */
  public static Nginx start(Path folder) throws IOException {
    return start(folder, "", "", "");
  }

  /**
   * Starts it with more locations.
   *
   * @param folder for its files
   * @param locations settings in which {@code /var/lib/cache} is what it serves, and {@code
   *     /etc/nginx/cache-users} knows {@link #LOGIN}
   */
  public static Nginx with(Path folder, String locations) throws IOException {
    return start(folder, "", "", locations);
  }

  /**
   * Starts one that has room for few.
   *
   * @param connections that it has at once
   * @param backlog of those that wait to be accepted
   */
  public static Nginx small(Path folder, int connections, int backlog) throws IOException {
    return start(
        folder, "worker_connections %d;".formatted(connections), " backlog=" + backlog, "");
  }

  private static Nginx start(Path folder, String events, String listen, String locations)
      throws IOException {
    Path program = program().resolve("usr/sbin/nginx");
    LoopbackPort port = LoopbackPort.free();
    Path www = Files.createDirectories(folder.resolve("www"));
    String[] login = LOGIN.split(":", 2);
    Files.writeString(folder.resolve("users"), login[0] + ":{PLAIN}" + login[1] + "\n");
    Path settings =
        Files.writeString(
            folder.resolve("nginx.conf"), settings(folder, port, events, listen, locations));
    Process process =
        new ProcessBuilder(
                program.toString(),
                "-e",
                folder + "/error.log",
                "-p",
                folder.toString(),
                "-c",
                settings.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("nginx.log").toFile())
            .start();
    port.await(process, folder.resolve("nginx.log"));
    return new Nginx(www, port, process);
  }

  private static String settings(
      Path folder, LoopbackPort port, String events, String listen, String locations) {
    return """
      daemon off;
      user root;
      pid %1$s/pid;
      error_log %1$s/error.log;
      events { %4$s }
      http {
        access_log off;
        client_body_temp_path %1$s/body;
        proxy_temp_path %1$s/proxy;
        fastcgi_temp_path %1$s/fastcgi;
        uwsgi_temp_path %1$s/uwsgi;
        scgi_temp_path %1$s/scgi;
        server {
          listen %2$s%5$s;
          root %1$s/www;
          client_max_body_size 0;
          create_full_put_path on;
          location /open/ { dav_methods PUT; }
          location /login/ {
            dav_methods PUT;
            auth_basic cache;
            auth_basic_user_file %1$s/users;
          }
          location /token/ {
            if ($http_authorization != "Bearer %3$s") { return 401; }
            dav_methods PUT;
          }
          location /read-only/ { }
          %6$s
        }
      }
      """
        .formatted(
            folder,
            port.address(),
            TOKEN,
            events,
            listen,
            locations
                .replace("/var/lib/cache", folder + "/www")
                .replace("/etc/nginx/cache-users", folder + "/users"));
  }

  // unpacked and not installed: no service starts, and none is changed
  private static Path program() throws IOException {
    Requirements.ofThisMachine(Progress.SILENT).demand(Set.of(Tool.DPKG_DEB));
    Path home =
        Path.of(
            Optional.ofNullable(System.getenv("FLAKEFERRY_CACHE")).orElse("/var/cache/flakeferry"));
    return new MadeOnce(home)
        .get(
            "nginx",
            target -> {
              Path work = Files.createDirectories(target.resolveSibling("nginx.download"));
              Command.of("apt-get", "download", "-q", "nginx").in(work).run().orThrow();
              try (Stream<Path> packages = Files.list(work)) {
                for (Path file : packages.toList()) {
                  Tool.DPKG_DEB.command("-x", file.toString(), target.toString()).run().orThrow();
                  Files.delete(file);
                }
              }
              Files.delete(work);
            });
  }

  /**
   * The address of a cache.
   *
   * @param part open, login, token or read-only
   */
  public URI uri(String part) {
    return URI.create("http://%s/%s".formatted(port.address(), part));
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
