package io.github.flakeferry.testbed;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the stand-in's API answers.
 *
 * @param status 0: nothing, the connection is closed
 */
record GitHubAnswer(int status, Map<String, String> headers, String body) {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int MOST_ON_A_PAGE = 100;

  GitHubAnswer {
    headers = Map.copyOf(headers);
  }

  static GitHubAnswer of(int status, JsonNode body) {
    return new GitHubAnswer(status, Map.of(), body.toString());
  }

  static GitHubAnswer nothing() {
    return new GitHubAnswer(204, Map.of(), "");
  }

  static GitHubAnswer problem(int status, String message) {
    return of(
        status,
        JSON.createObjectNode()
            .put("message", message)
            .put("documentation_url", "https://docs.github.com/rest")
            .put("status", Integer.toString(status)));
  }

  static GitHubAnswer forbidden() {
    return problem(403, "Resource not accessible by integration");
  }

  static GitHubAnswer invalid() {
    return problem(422, "Validation Failed");
  }

  static GitHubAnswer notFound() {
    return problem(404, "Not Found");
  }

  /**
   * One page of a list.
   *
   * @param api the API's URL
   * @param wrapped the field that it is in, beside the number of all; empty where it is all
   */
  static GitHubAnswer page(
      GitHubCall call, String api, List<? extends JsonNode> all, String wrapped) {
    int perPage = Math.clamp(call.number("per_page", 30), 1, MOST_ON_A_PAGE);
    int page = Math.max(1, call.number("page", 1));
    var array = JSON.createArrayNode();
    all.stream().skip((long) (page - 1) * perPage).limit(perPage).forEach(array::add);
    var links = new ArrayList<String>();
    String base = api + "/repositories/1" + call.path().replaceFirst("/repos/[^/]+/[^/]+", "");
    if ((long) page * perPage < all.size()) {
      links.add("<" + base + "?per_page=" + perPage + "&page=" + (page + 1) + ">; rel=\"next\"");
    }
    if (page > 1) {
      links.add("<" + base + "?per_page=" + perPage + "&page=" + (page - 1) + ">; rel=\"prev\"");
    }
    ObjectNode object = JSON.createObjectNode().put("total_count", all.size());
    JsonNode body = wrapped.isEmpty() ? array : object.set(wrapped, array);
    return new GitHubAnswer(
        200,
        links.isEmpty() ? Map.of() : Map.of("Link", String.join(", ", links)),
        body.toString());
  }

  GitHubAnswer with(Map<String, String> more) {
    var all = new HashMap<>(headers);
    all.putAll(more);
    return new GitHubAnswer(status, all, body);
  }
}
