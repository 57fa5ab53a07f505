package io.github.flakeferry.cache;

import io.github.flakeferry.model.Secret;
import io.github.flakeferry.support.http.ProxyLogin;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import okhttp3.ConnectionPool;
import okhttp3.Credentials;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/**
 * A cache behind HTTP that takes PUT. Redirects are not followed: a PUT must not become a GET, and
 * credentials go to no other host.
 */
final class HttpBinaryCache implements BinaryCache {
  /** A server may work on a large file before it answers. */
  static final Duration PATIENCE = Duration.ofMinutes(5);

  /** It has nothing to work on where there is little to send. */
  static final Duration SHORT_PATIENCE = Duration.ofSeconds(30);

  private static final long LONGEST_TEXT = 1 << 20;
  private static final Duration CONNECT = Duration.ofSeconds(15);

  private final HttpUrl base;
  private final Optional<String> authorization;
  private final OkHttpClient client;
  private final OkHttpClient uploader;
  private final Retries retries;
  private final Window window = new Window();
  private final HttpProblems problems;

  /**
   * @param credentials {@code user:password}, or a bearer token
   * @param patience how long the answer to an upload may be awaited; what is small has no more than
   *     half a minute
   */
  HttpBinaryCache(URI url, Optional<Secret> credentials, Retries retries, Duration patience) {
    this(url, credentials, retries, patience, shorter(patience, SHORT_PATIENCE));
  }

  HttpBinaryCache(
      URI url,
      Optional<Secret> credentials,
      Retries retries,
      Duration patience,
      Duration shortPatience) {
    HttpUrl parsed = HttpUrl.get(url.toString());
    // parameters of a store's URL are for Nix; a base without its slash would lose its last part
    this.base = parsed.newBuilder().query(null).fragment(null).addPathSegment("").build();
    this.authorization = credentials.map(HttpBinaryCache::header);
    this.retries = retries;
    this.problems = new HttpProblems(url());
    this.client =
        new OkHttpClient.Builder()
            .followRedirects(false)
            .followSslRedirects(false)
            .connectTimeout(shorter(patience, CONNECT))
            .writeTimeout(Duration.ofSeconds(60))
            .readTimeout(shortPatience)
            .proxyAuthenticator(new ProxyLogin())
            // a server may have a thread for each, and no more than for some
            .connectionPool(new ConnectionPool(Window.MOST, 10, TimeUnit.SECONDS))
            .build();
    this.uploader = client.newBuilder().readTimeout(patience).build();
  }

  /** The less of how long an upload is waited for and what is enough for something small. */
  static Duration shorter(Duration patience, Duration enough) {
    return patience.compareTo(enough) < 0 ? patience : enough;
  }

  private static String header(Secret credentials) {
    String text = credentials.reveal();
    int colon = text.indexOf(':');
    return colon < 0
        ? "Bearer " + text
        : Credentials.basic(
            text.substring(0, colon), text.substring(colon + 1), StandardCharsets.UTF_8);
  }

  @Override
  public String url() {
    String text = base.toString();
    return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
  }

  @Override
  public Optional<String> read(String name) {
    return attempt(
        () -> {
          try (Response response = call(request(name).get().build())) {
            if (isAbsent(response)) {
              return Optional.empty();
            }
            expectSuccess("GET", name, response);
            String text = response.peekBody(LONGEST_TEXT).string();
            if (HttpProblems.isHtml(response, text)) {
              throw problems.html(name, response.code());
            }
            return Optional.of(text);
          } catch (IOException e) {
            throw problems.unreachable(name, e);
          }
        });
  }

  @Override
  public boolean has(String name) {
    return ask(name, response -> true);
  }

  @Override
  public boolean has(String name, long bytes) {
    return ask(name, response -> Long.toString(bytes).equals(response.header("Content-Length")));
  }

  private boolean ask(String name, Predicate<Response> condition) {
    // compressed for the way it would have no length
    Request request = request(name).head().header("Accept-Encoding", "identity").build();
    return attempt(
        () -> {
          try (Response response = call(request)) {
            if (isAbsent(response)) {
              return false;
            }
            expectSuccess("HEAD", name, response);
            return condition.test(response);
          } catch (IOException e) {
            throw problems.unreachable(name, e);
          }
        });
  }

  /** What time it is there, as it says in its answers. */
  Optional<Instant> date() {
    return attempt(
        () -> {
          try (Response response = call(request(CacheInfo.NAME).head().build())) {
            return Optional.ofNullable(response.headers().getInstant("Date"));
          } catch (IOException e) {
            throw problems.unreachable(CacheInfo.NAME, e);
          }
        });
  }

  @Override
  public void write(String name, String text) {
    put(client, request(name), name, body(name, text));
  }

  // who doesn't know the condition takes the file (RFC 9110, section 13.1.2)
  @Override
  public boolean create(String name, String text) {
    return put(client, request(name).header("If-None-Match", "*"), name, body(name, text));
  }

  @Override
  public void upload(String name, Path file) {
    put(uploader, request(name), name, RequestBody.create(file.toFile(), type(name)));
  }

  private static RequestBody body(String name, String text) {
    return RequestBody.create(text.getBytes(StandardCharsets.UTF_8), type(name));
  }

  /** Returns false where the request had a condition that was not met. */
  private boolean put(OkHttpClient by, Request.Builder request, String name, RequestBody body) {
    return attempt(
        () -> {
          try (Response response = by.newCall(request.put(body).build()).execute()) {
            if (response.code() == 412) {
              return false;
            }
            expectSuccess("PUT", name, response);
            // 201 may come with a page that says so; 200 with one is a login or an error
            if (response.code() == 200
                && HttpProblems.isHtml(response, response.peekBody(LONGEST_TEXT).string())) {
              throw problems.html(name, response.code());
            }
            return true;
          } catch (IOException e) {
            throw problems.unreachable(name, e);
          }
        });
  }

  // the types that Nix itself sends (libstore/binary-cache-store.cc)
  static MediaType type(String name) {
    String ending = name.substring(name.lastIndexOf('.') + 1);
    return MediaType.get(
        switch (ending) {
          case "narinfo" -> "text/x-nix-narinfo";
          case CacheInfo.NAME -> "text/x-nix-cache-info";
          case "ls" -> "application/json";
          case "drv" -> "text/plain; charset=utf-8";
          default -> "application/x-nix-nar";
        });
  }

  private <T> T attempt(Supplier<T> request) {
    return retries.run(() -> window.run(request));
  }

  private Request.Builder request(String name) {
    var builder = new Request.Builder().url(base.newBuilder().addPathSegments(name).build());
    authorization.ifPresent(value -> builder.header("Authorization", value));
    return builder;
  }

  private Response call(Request request) throws IOException {
    return client.newCall(request).execute();
  }

  private static boolean isAbsent(Response response) {
    return response.code() == 404 || response.code() == 410;
  }

  private void expectSuccess(String method, String name, Response response) {
    if (!response.isSuccessful()) {
      throw problems.refused(method, name, response);
    }
  }

  @Override
  public void close() {
    client.connectionPool().evictAll();
    client.dispatcher().executorService().shutdown();
  }
}
