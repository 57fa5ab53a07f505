package io.github.flakeferry.forge.actions;

import io.github.flakeferry.model.Secret;
import io.github.flakeferry.support.http.Http;
import io.github.flakeferry.support.http.HttpAnswer;
import io.github.flakeferry.support.http.HttpBody;
import io.github.flakeferry.support.http.HttpRequest;
import io.github.flakeferry.support.http.HttpTrouble;
import io.github.flakeferry.support.http.Patience;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A forge's REST API: turns status codes into {@link ApiTrouble}. The URL of every request is made
 * here from the API's own; none is taken from an answer, so the token goes nowhere else. Writes
 * keep a distance; what is read again is asked for by its ETag, which costs nothing of the limits
 * where nothing changed.
 */
public final class Api {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int NOT_MODIFIED = 304;
  // GitHub takes 2,500 comments on an issue, and 1,000 statuses in a context
  private static final int MOST_PAGES = 100;

  private final URI url;
  private final Secret token;
  private final Dialect dialect;
  private final Http http;
  private final Patience patience;
  private final Manners manners;
  private final Map<String, Known> known = new ConcurrentHashMap<>();
  private Instant nextWrite = Instant.MIN;
  private boolean hurried;

  Api(URI url, Secret token, Dialect dialect, Http http, Patience patience, Manners manners) {
    this.url = url;
    this.token = token;
    this.dialect = dialect;
    this.http = http;
    this.patience = patience;
    this.manners = manners;
  }

  /**
   * An answer.
   *
   * @param hasNext whether a further page follows; empty where the forge does not say
   */
  public record Answer(int status, JsonNode body, Optional<Boolean> hasNext) {}

  private record Known(String etag, Answer answer) {}

  /** Reads an item of a list, and says whether the next one is wanted. */
  public interface Reader {
    boolean read(JsonNode item) throws ApiTrouble, IOException;
  }

  /**
   * Reads a list page by page. The link to the next page is not followed: it could lead the token
   * elsewhere.
   *
   * @param path with the beginning of a query
   * @param items where the list is in an answer, such as {@code /check_runs}; empty where it is all
   */
  public void each(String path, String items, Reader reader) throws ApiTrouble, IOException {
    for (int page = 1; page <= MOST_PAGES; page++) {
      Answer answer = get(path + (path.contains("?") ? "&" : "?") + dialect.page(page));
      JsonNode list = answer.body().at(items);
      for (JsonNode item : list) {
        if (!reader.read(item)) {
          return;
        }
      }
      if (!answer.hasNext().orElse(!list.isEmpty())) {
        return;
      }
    }
  }

  Dialect dialect() {
    return dialect;
  }

  /** Whether there are but a few seconds left. */
  public synchronized boolean isHurried() {
    return hurried;
  }

  /** Writes go out without a pause from now on. */
  synchronized void hurry() {
    hurried = true;
  }

  /**
   * Reads something.
   *
   * @param path with its query, from the slash on
   */
  public Answer get(String path) throws ApiTrouble, IOException {
    Known before = known.get(path);
    HttpRequest request = HttpRequest.get(at(path));
    HttpAnswer said = send(before == null ? request : request.header("If-None-Match", before.etag));
    if (said.status() == NOT_MODIFIED && before != null) {
      return before.answer;
    }
    Answer answer = read(said);
    said.header("etag").ifPresent(etag -> known.put(path, new Known(etag, answer)));
    return answer;
  }

  /**
   * Writes something.
   *
   * @param repeatable whether doing it twice is the same as doing it once
   */
  public Answer write(String method, String path, Map<String, ?> fields, boolean repeatable)
      throws ApiTrouble, IOException {
    var body = new HttpBody.OfText("application/json", JSON.writeValueAsString(fields));
    return write(HttpRequest.get(at(path)).sending(method, body, repeatable));
  }

  /** Removes something. */
  void delete(String path) throws ApiTrouble, IOException {
    write(HttpRequest.delete(at(path)));
  }

  private Answer write(HttpRequest request) throws ApiTrouble, IOException {
    keepApart();
    try {
      return read(send(request));
    } finally {
      wrote();
    }
  }

  // only the outbox writes, so nobody else comes in between
  private void keepApart() throws InterruptedIOException {
    Duration left;
    synchronized (this) {
      left = Duration.between(manners.clock().instant(), nextWrite);
      if (hurried || !left.isPositive()) {
        return;
      }
    }
    try {
      manners.sleeper().sleep(left);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted between two reports");
    }
  }

  private synchronized void wrote() {
    nextWrite = manners.clock().instant().plus(manners.apart());
  }

  private URI at(String path) {
    return URI.create(url + path);
  }

  private HttpAnswer send(HttpRequest request) throws ApiTrouble, IOException {
    HttpRequest complete = request.header("User-Agent", "flakeferry").bearer(token);
    for (var header : dialect.headers().entrySet()) {
      complete = complete.header(header.getKey(), header.getValue());
    }
    try {
      return http.send(complete, patience);
    } catch (HttpTrouble e) {
      throw new ApiTrouble(0, false, url.getAuthority() + " did not answer: " + e.problem());
    }
  }

  private Answer read(HttpAnswer answer) throws ApiTrouble {
    JsonNode body = parse(answer);
    if (!answer.succeeded()) {
      String said = body.path("message").asString("");
      throw new ApiTrouble(
          answer.status(),
          answer.isLimit(),
          url.getAuthority() + " said " + answer.status() + (said.isEmpty() ? "" : ": " + said));
    }
    return new Answer(answer.status(), body, hasNext(answer));
  }

  // where Gitea counts a list, it links its pages, too
  private Optional<Boolean> hasNext(HttpAnswer answer) {
    boolean linked = answer.header("link").filter(l -> l.contains("rel=\"next\"")).isPresent();
    return linked || dialect.linksPages() || answer.header("x-total-count").isPresent()
        ? Optional.of(linked)
        : Optional.empty();
  }

  // an error may come from a proxy, as a page
  private JsonNode parse(HttpAnswer answer) throws ApiTrouble {
    try {
      return JSON.readTree(answer.bytes());
    } catch (JacksonException e) {
      if (answer.succeeded()) {
        throw new ApiTrouble(
            answer.status(),
            false,
            url.getAuthority() + " answered with something that is not JSON");
      }
      return JSON.createObjectNode();
    }
  }
}
