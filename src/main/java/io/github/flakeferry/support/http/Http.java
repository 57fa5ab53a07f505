package io.github.flakeferry.support.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLException;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/**
 * Sends requests, waits and sends them again where that can help, and follows redirects; the
 * credential of a request stays on its own host. For any number of threads.
 */
public final class Http implements AutoCloseable {
  private static final int MOST_ATTEMPTS = 6;
  private static final int MOST_REDIRECTS = 5;
  private static final int MOST_BYTES = 64 << 20;
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

  private final OkHttpClient client =
      new OkHttpClient.Builder()
          .followRedirects(false)
          .connectTimeout(Duration.ofSeconds(10))
          .readTimeout(Duration.ofSeconds(30))
          .writeTimeout(Duration.ofSeconds(30))
          .proxyAuthenticator(new ProxyLogin())
          .build();

  /**
   * Sends a request.
   *
   * @param patience what its waits may take
   * @return the last answer, whatever its status
   * @throws HttpTrouble if there was none
   */
  public HttpAnswer send(HttpRequest request, Patience patience) throws IOException {
    for (int attempt = 1; ; attempt++) {
      boolean mayRepeat = attempt < MOST_ATTEMPTS;
      try {
        HttpAnswer answer = follow(request);
        Optional<Duration> wait = Waits.after(request, answer, attempt, patience.clock().instant());
        if (!mayRepeat || wait.isEmpty() || !patience.waitFor(wait.get())) {
          return answer;
        }
      } catch (HttpTrouble e) {
        boolean nothingSent = e.fault() instanceof ConnectException;
        if (!mayRepeat
            || !(request.repeatable() || nothingSent)
            || Tls.isLasting(e.fault())
            || !patience.waitFor(Waits.doubling(attempt))) {
          throw e;
        }
      }
    }
  }

  @Override
  public void close() {
    client.connectionPool().evictAll();
  }

  // A redirect to another origin is followed without the credential, and only for what changes
  // nothing; never from https to http. GitHub asks that 301 and 302 be repeated as they were.
  private HttpAnswer follow(HttpRequest first) throws HttpTrouble {
    HttpRequest request = first;
    for (int hop = 0; ; hop++) {
      HttpAnswer answer = once(request);
      Optional<HttpRequest> next = next(request, answer);
      if (next.isEmpty() || hop == MOST_REDIRECTS) {
        return answer;
      }
      request = next.get();
    }
  }

  private static Optional<HttpRequest> next(HttpRequest request, HttpAnswer answer) {
    Optional<String> location = answer.header("location");
    if (!REDIRECTS.contains(answer.status()) || location.isEmpty()) {
      return Optional.empty();
    }
    boolean changesNothing = Set.of("GET", "HEAD").contains(request.method());
    try {
      URI target = request.uri().resolve(location.get());
      boolean sameOrigin = Origin.of(target).equals(Origin.of(request.uri()));
      boolean downgrade =
          request.uri().getScheme().equals("https") && !"https".equals(target.getScheme());
      if (downgrade || !(sameOrigin || changesNothing)) {
        return Optional.empty();
      }
      boolean asGet = answer.status() == 303 && !changesNothing;
      return Optional.of(
          new HttpRequest(
              asGet ? "GET" : request.method(),
              target,
              request.headers(),
              asGet ? Optional.empty() : request.body(),
              sameOrigin ? request.authorization() : Optional.empty(),
              request.repeatable(),
              request.deadline()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private HttpAnswer once(HttpRequest request) throws HttpTrouble {
    var builder = new Request.Builder().url(request.uri().toString());
    request.headers().forEach(builder::header);
    request.authorization().ifPresent(a -> builder.header("Authorization", a.reveal()));
    builder.method(
        request.method(), request.body().map(b -> new Outgoing(b, request)).orElse(null));
    var call = client.newCall(builder.build());
    call.timeout()
        .timeout(request.deadline().toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS);
    try (Response response = call.execute()) {
      var headers = new HashMap<String, List<String>>();
      for (String name : response.headers().names()) {
        headers.put(name.toLowerCase(Locale.ROOT), response.headers(name));
      }
      return new HttpAnswer(response.code(), Map.copyOf(headers), read(response));
    } catch (IOException e) {
      throw new HttpTrouble(request, problem(e), e);
    }
  }

  private static byte[] read(Response response) throws IOException {
    try (InputStream in = response.body().byteStream()) {
      var bytes = new ByteArrayOutputStream();
      byte[] some = new byte[1 << 16];
      for (int n = in.read(some); n >= 0; n = in.read(some)) {
        if (bytes.size() + n > MOST_BYTES) {
          throw new IOException("the answer is longer than " + (MOST_BYTES >> 20) + " MiB");
        }
        bytes.write(some, 0, n);
      }
      return bytes.toByteArray();
    }
  }

  private static String problem(IOException e) {
    return switch (e) {
      case UnknownHostException u -> "there is no such host";
      case NoRouteToHostException n -> "there is no way to that host";
      case ConnectException c -> "the connection was refused or not made in time";
      case SSLException s -> "TLS: " + s.getMessage();
      case InterruptedIOException i -> "no answer in time";
      default -> String.valueOf(e.getMessage());
    };
  }
}
