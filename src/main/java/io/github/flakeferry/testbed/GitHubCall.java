package io.github.flakeferry.testbed;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A request for the stand-in's API.
 *
 * @param path without the query
 * @param query empty without one
 * @param body empty without one
 */
record GitHubCall(String method, String path, String query, String body) {
  private static final JsonMapper JSON = new JsonMapper();

  /** The body as JSON; an empty object where it is none. */
  JsonNode fields() {
    try {
      return JSON.readTree(body);
    } catch (JacksonException e) {
      return JSON.createObjectNode();
    }
  }

  /** What the path has in the places of a pattern, if it and the method fit. */
  Optional<Matcher> fits(String wantedMethod, Pattern pattern) {
    Matcher matcher = pattern.matcher(path);
    return method.equals(wantedMethod) && matcher.matches()
        ? Optional.of(matcher)
        : Optional.empty();
  }

  boolean isWrite() {
    return !method.equals("GET");
  }

  /** A parameter of the query. */
  Optional<String> parameter(String name) {
    Matcher value = Pattern.compile("(?:^|&)" + name + "=([^&]*)").matcher(query);
    return value.find()
        ? Optional.of(URLDecoder.decode(value.group(1), StandardCharsets.UTF_8))
        : Optional.empty();
  }

  int number(String name, int otherwise) {
    return parameter(name)
        .filter(text -> text.matches("\\d{1,6}"))
        .map(Integer::parseInt)
        .orElse(otherwise);
  }
}
