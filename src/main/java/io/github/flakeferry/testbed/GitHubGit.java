package io.github.flakeferry.testbed;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.github.flakeferry.support.process.Command;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Git over HTTP by {@code git http-backend}, which is a CGI program (RFC 3875). As on GitHub, a
 * commit can be fetched by its id even when no branch has it any more.
 */
final class GitHubGit implements HttpHandler {
  private static final Pattern PATH = Pattern.compile("/([^/]+/[^/]+?)(?:\\.git)?(/.+)");
  private static final int MOST_HEADER_BYTES = 1 << 16;

  private final GitHubState state;

  GitHubGit(GitHubState state) {
    this.state = state;
  }

  private enum Caller {
    NOBODY,
    KNOWN,
    WRONG
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Matcher path = PATH.matcher(exchange.getRequestURI().getPath());
      Caller caller = caller(exchange);
      boolean mayRead = caller == Caller.KNOWN || (caller == Caller.NOBODY && state.isOpen());
      if (!mayRead) {
        exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"GitHub\"");
        say(exchange, 401, caller == Caller.WRONG ? "Invalid username or token." : "Who are you?");
      } else if (!path.matches() || state.repository(path.group(1)).isEmpty()) {
        say(exchange, 404, "Repository not found.");
      } else {
        serve(exchange, "/" + path.group(1) + ".git" + path.group(2), caller == Caller.KNOWN);
      }
    }
  }

  private void serve(HttpExchange exchange, String path, boolean mayWrite) throws IOException {
    var command =
        Command.of(
                "git",
                "-c",
                "safe.directory=*",
                "-c",
                "uploadpack.allowAnySHA1InWant=true",
                "-c",
                "uploadpack.allowFilter=true",
                "http-backend")
            .with("GIT_PROJECT_ROOT", state.repositories().toAbsolutePath().toString())
            .with("GIT_HTTP_EXPORT_ALL", "1")
            .with("PATH_INFO", path)
            .with("REQUEST_METHOD", exchange.getRequestMethod())
            .with("REMOTE_ADDR", "127.0.0.1")
            .with(
                "QUERY_STRING",
                Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse(""))
            .with("CONTENT_TYPE", header(exchange, "Content-Type"))
            .with("HTTP_CONTENT_ENCODING", header(exchange, "Content-Encoding"))
            .with("GIT_PROTOCOL", header(exchange, "Git-Protocol"));
    var answer = new CgiAnswer(exchange);
    // a user makes it take pushes
    (mayWrite ? command.with("REMOTE_USER", "x-access-token") : command)
        .pipe(exchange.getRequestBody(), answer);
    answer.end();
  }

  private Caller caller(HttpExchange exchange) {
    String given = header(exchange, "Authorization");
    if (given.isEmpty()) {
      return Caller.NOBODY;
    }
    try {
      String pair =
          new String(
              Base64.getDecoder().decode(given.replaceFirst("^[Bb]asic ", "")),
              StandardCharsets.UTF_8);
      return state.isToken(pair.substring(pair.indexOf(':') + 1)) ? Caller.KNOWN : Caller.WRONG;
    } catch (IllegalArgumentException e) {
      return Caller.WRONG;
    }
  }

  private static String header(HttpExchange exchange, String name) {
    return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name)).orElse("");
  }

  private static void say(HttpExchange exchange, int status, String text) throws IOException {
    exchange.getRequestBody().readAllBytes();
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  /** Takes the headers of a CGI answer apart and passes its body on. */
  private static final class CgiAnswer extends OutputStream {
    private final HttpExchange exchange;
    private final ByteArrayOutputStream head = new ByteArrayOutputStream();
    private boolean started;

    CgiAnswer(HttpExchange exchange) {
      this.exchange = exchange;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (started) {
        exchange.getResponseBody().write(bytes, offset, length);
        return;
      }
      head.write(bytes, offset, length);
      String text = head.toString(StandardCharsets.ISO_8859_1);
      int end = text.indexOf("\r\n\r\n");
      if (end >= 0) {
        start(text.substring(0, end));
        exchange
            .getResponseBody()
            .write(text.substring(end + 4).getBytes(StandardCharsets.ISO_8859_1));
      } else if (head.size() > MOST_HEADER_BYTES) {
        throw new IOException("git http-backend sent no headers");
      }
    }

    void end() throws IOException {
      if (!started) {
        exchange.sendResponseHeaders(500, -1);
      }
    }

    private void start(String headers) throws IOException {
      int status = 200;
      for (String line : headers.split("\r\n")) {
        int colon = line.indexOf(':');
        String name = line.substring(0, Math.max(0, colon));
        String value = line.substring(colon + 1).strip();
        if (name.equalsIgnoreCase("Status")) {
          status = Integer.parseInt(value.split(" ")[0]);
        } else if (!name.isEmpty()) {
          exchange.getResponseHeaders().set(name, value);
        }
      }
      started = true;
      exchange.sendResponseHeaders(status, 0);
    }
  }
}
