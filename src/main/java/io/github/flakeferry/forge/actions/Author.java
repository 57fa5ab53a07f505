package io.github.flakeferry.forge.actions;

import tools.jackson.databind.JsonNode;

/**
 * Who wrote a comment.
 *
 * @param login an app's ends with {@code [bot]}, which no person's can
 * @param type {@code User}, {@code Bot}, {@code Organization}; empty on forges that don't say
 */
public record Author(String login, String type) {
  static Author of(JsonNode user) {
    return new Author(user.path("login").asString(""), user.path("type").asString(""));
  }
}
