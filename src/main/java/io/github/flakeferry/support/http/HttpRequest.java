package io.github.flakeferry.support.http;

import io.github.flakeferry.model.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A request to be.
 *
 * @param headers without those that carry credentials
 * @param authorization the value of the header {@code Authorization}: sent to the host of {@code
 *     uri} and to no other, wherever it redirects
 * @param repeatable whether doing it twice is the same as doing it once: if not, it is not sent
 *     again once the server may have acted on it
 * @param deadline for one attempt, all of the answer included
 */
public record HttpRequest(
    String method,
    URI uri,
    Map<String, String> headers,
    Optional<HttpBody> body,
    Optional<Secret> authorization,
    boolean repeatable,
    Duration deadline) {
  private static final Set<String> CREDENTIALS =
      Set.of("authorization", "proxy-authorization", "cookie");
  private static final Duration USUAL_DEADLINE = Duration.ofMinutes(1);

  public HttpRequest {
    if (!Set.of("http", "https").contains(String.valueOf(uri.getScheme()))
        || uri.getHost() == null
        || uri.getUserInfo() != null) {
      throw new IllegalArgumentException("not an http(s) URL without credentials");
    }
    headers = Map.copyOf(headers);
    for (String name : headers.keySet()) {
      if (CREDENTIALS.contains(name.toLowerCase(Locale.ROOT))) {
        throw new IllegalArgumentException(name + " belongs in `authorization`");
      }
    }
  }

  public static HttpRequest get(URI uri) {
    return new HttpRequest(
        "GET", uri, Map.of(), Optional.empty(), Optional.empty(), true, USUAL_DEADLINE);
  }

  public static HttpRequest put(URI uri, HttpBody body) {
    return get(uri).sending("PUT", body, true);
  }

  /** Without a body: doing it twice is the same as doing it once. */
  public static HttpRequest delete(URI uri) {
    return new HttpRequest(
        "DELETE", uri, Map.of(), Optional.empty(), Optional.empty(), true, USUAL_DEADLINE);
  }

  /** The same with another method and a body. */
  public HttpRequest sending(String newMethod, HttpBody newBody, boolean isRepeatable) {
    return new HttpRequest(
        newMethod, uri, headers, Optional.of(newBody), authorization, isRepeatable, deadline);
  }

  public HttpRequest header(String name, String value) {
    var all = new LinkedHashMap<>(headers);
    all.put(name, value);
    return new HttpRequest(method, uri, all, body, authorization, repeatable, deadline);
  }

  public HttpRequest bearer(Secret token) {
    return authorizedBy(new Secret("Bearer " + token.reveal()));
  }

  public HttpRequest authorizedBy(Secret authorizationHeader) {
    return new HttpRequest(
        method, uri, headers, body, Optional.of(authorizationHeader), repeatable, deadline);
  }

  public HttpRequest within(Duration newDeadline) {
    return new HttpRequest(method, uri, headers, body, authorization, repeatable, newDeadline);
  }

  /** Where it goes, for people: without the query, which may hold a signature. */
  public String place() {
    return uri.getScheme() + "://" + uri.getRawAuthority() + String.valueOf(uri.getRawPath());
  }

  @Override
  public String toString() {
    return method + " " + place();
  }
}
