package io.github.flakeferry.support.http;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What a server answered, its body included. */
public final class HttpAnswer {
  private final int status;
  private final Map<String, List<String>> headers;
  private final byte[] body;

  /**
   * @param headers by their names in lower case
   */
  HttpAnswer(int status, Map<String, List<String>> headers, byte[] body) {
    this.status = status;
    this.headers = Map.copyOf(headers);
    this.body = body;
  }

  public int status() {
    return status;
  }

  /** Whether the status is 2xx. */
  public boolean succeeded() {
    return status / 100 == 2;
  }

  /**
   * Whether it was refused because of a limit, and may be done later (RFC 6585; GitHub docs, "Rate
   * limits for the REST API").
   */
  public boolean isLimit() {
    return status == 429
        || (status == 403
            && (header("retry-after").isPresent()
                || isUsedUp()
                || text().toLowerCase(Locale.ROOT).contains("secondary rate limit")));
  }

  /** Whether no more requests may be made before the limit is reset. */
  boolean isUsedUp() {
    return header("x-ratelimit-remaining").filter("0"::equals).isPresent();
  }

  /** The first header with this name. */
  public Optional<String> header(String name) {
    return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()).stream().findFirst();
  }

  /** The body, of which the caller may do what it likes. */
  public byte[] bytes() {
    return body.clone();
  }

  /** The body as UTF-8. */
  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return "HTTP status " + status;
  }
}
