package io.github.flakeferry.forge.actions;

import io.github.flakeferry.forge.EventUnreadable;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.support.Words;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The event file: a webhook's payload (GitHub docs, "Webhook events and payloads"). */
record Payload(Path file, String event, JsonNode root) {
  private static final JsonMapper JSON = new JsonMapper();
  // GitHub caps a payload at 25 MB
  private static final long LONGEST = 100L << 20;

  static Payload read(Path file, String event) {
    try {
      if (Files.size(file) > LONGEST) {
        throw EventUnreadable.noFile(file, "is too long for an event");
      }
      JsonNode root = JSON.readTree(Files.readAllBytes(file));
      if (!root.isObject()) {
        throw EventUnreadable.notJson(file, 1, 1, "it should be an object");
      }
      return new Payload(file, event, root);
    } catch (JacksonException e) {
      TokenStreamLocation at = e.getLocation();
      throw EventUnreadable.notJson(
          file,
          at == null ? 1 : at.getLineNr(),
          at == null ? 1 : at.getColumnNr(),
          e.getOriginalMessage());
    } catch (NoSuchFileException e) {
      throw EventUnreadable.noFile(file, "does not exist");
    } catch (IOException e) {
      throw EventUnreadable.noFile(file, "can't be read: " + e.getMessage());
    }
  }

  /**
   * A value by its field names.
   *
   * @param field such as {@code pull_request.head.sha}
   */
  JsonNode at(String field) {
    return root.at("/" + field.replace('.', '/'));
  }

  Optional<String> text(String field) {
    JsonNode node = at(field);
    return node.isString() && !node.asString().isEmpty()
        ? Optional.of(node.asString())
        : Optional.empty();
  }

  boolean isTrue(String field) {
    return at(field).isBoolean() && at(field).asBoolean();
  }

  String neededText(String field) {
    return text(field).orElseThrow(() -> bad(field, "a text"));
  }

  long neededNumber(String field) {
    JsonNode node = at(field);
    if (!node.isIntegralNumber() || !node.canConvertToLong() || node.asLong() <= 0) {
      throw bad(field, "a positive number");
    }
    return node.asLong();
  }

  GitRevision neededCommit(String field) {
    try {
      return new GitRevision(text(field).orElse(""));
    } catch (IllegalArgumentException e) {
      throw bad(field, "a full commit id");
    }
  }

  EventUnreadable bad(String field, String expected) {
    JsonNode node = at(field);
    String found =
        switch (node.getNodeType()) {
          case MISSING -> "it is missing";
          case NULL -> "it is null";
          // a name that somebody chose, on its way to a log
          case STRING ->
              "it is '" + Words.shortened(Words.printableLine(node.asString()), 60) + "'";
          case NUMBER -> "it is " + node;
          case ARRAY, BINARY, BOOLEAN, OBJECT, POJO ->
              "it is of type " + node.getNodeType().name().toLowerCase(java.util.Locale.ROOT);
        };
    return EventUnreadable.badField(file, event, field, expected, found);
  }
}
