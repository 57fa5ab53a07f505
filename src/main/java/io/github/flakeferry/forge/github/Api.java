package io.github.flakeferry.forge.github;

import io.github.flakeferry.model.Secret;
import io.github.flakeferry.support.http.Http;
import io.github.flakeferry.support.http.HttpAnswer;
import io.github.flakeferry.support.http.HttpBody;
import io.github.flakeferry.support.http.HttpRequest;
import io.github.flakeferry.support.http.HttpTrouble;
import io.github.flakeferry.support.http.Patience;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * GitHub's REST API (version 2022-11-28): turns status codes into {@link ApiTrouble}. The URL of
 * every request is made here from the API's own; none is taken from an answer, so the token goes
 * nowhere else.
 */
final class Api {
  private static final JsonMapper JSON = new JsonMapper();

  private final URI url;
  private final Secret token;
  private final Http http;
  private final Patience patience;

  Api(URI url, Secret token, Http http, Patience patience) {
    this.url = url;
    this.token = token;
    this.http = http;
    this.patience = patience;
  }

  /**
   * An answer.
   *
   * @param hasNext whether a further page follows
   */
  record Answer(JsonNode body, boolean hasNext) {}

  /**
   * Reads something.
   *
   * @param path with its query, from the slash on
   */
  Answer get(String path) throws ApiTrouble, IOException {
    return send(HttpRequest.get(at(path)));
  }

  /**
   * Writes something.
   *
   * @param repeatable whether doing it twice is the same as doing it once
   */
  Answer write(String method, String path, Map<String, String> fields, boolean repeatable)
      throws ApiTrouble, IOException {
    var body = new HttpBody.OfText("application/json", JSON.writeValueAsString(fields));
    return send(HttpRequest.get(at(path)).sending(method, body, repeatable));
  }

  private URI at(String path) {
    return URI.create(url + path);
  }

  private Answer send(HttpRequest request) throws ApiTrouble, IOException {
    HttpAnswer answer;
    try {
      answer =
          http.send(
              request
                  .header("Accept", "application/vnd.github+json")
                  .header("X-GitHub-Api-Version", "2022-11-28")
                  .header("User-Agent", "flakeferry")
                  .bearer(token),
              patience);
    } catch (HttpTrouble e) {
      throw new ApiTrouble(0, url.getAuthority() + " did not answer: " + e.problem());
    }
    JsonNode body = parse(answer);
    if (!answer.succeeded()) {
      String said = body.path("message").asString("");
      throw new ApiTrouble(
          answer.status(),
          url.getAuthority() + " said " + answer.status() + (said.isEmpty() ? "" : ": " + said));
    }
    return new Answer(
        body, answer.header("link").filter(l -> l.contains("rel=\"next\"")).isPresent());
  }

  // an error may come from a proxy, as a page
  private JsonNode parse(HttpAnswer answer) throws ApiTrouble {
    try {
      return JSON.readTree(answer.bytes());
    } catch (JacksonException e) {
      if (answer.succeeded()) {
        throw new ApiTrouble(
            answer.status(), url.getAuthority() + " answered with something that is not JSON");
      }
      return JSON.createObjectNode();
    }
  }
}
