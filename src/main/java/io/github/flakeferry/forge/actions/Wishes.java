package io.github.flakeferry.forge.actions;

import io.github.flakeferry.model.BoardAction;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.Wish;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/**
 * Reads the inputs of {@code workflow_dispatch} whose names are ours. A workflow may have others.
 * What was left empty is not there or an empty text.
 */
final class Wishes {
  private static final List<BoardAction> ACTIONS =
      List.of(BoardAction.SWITCH, BoardAction.TEST, BoardAction.BOOT, BoardAction.DRY_ACTIVATE);

  private final Payload payload;

  private Wishes(Payload payload) {
    this.payload = payload;
  }

  /**
   * Reads them.
   *
   * @throws io.github.flakeferry.forge.EventUnreadable if one is malformed
   */
  static Wish of(Payload payload) {
    var wishes = new Wishes(payload);
    return new Wish(
        wishes.text("environment"),
        wishes.text("boards"),
        wishes.read("action", "switch, test, boot or dry-activate", Wishes::action),
        wishes.text("ref"),
        wishes.read("pull-request", "a pull request's number", Wishes::number),
        wishes.read("commit", "a full commit id", Wishes::commit));
  }

  private Optional<String> text(String name) {
    JsonNode value = payload.at("inputs." + name);
    String text = value.isNumber() ? value.toString() : value.isString() ? value.asString() : "";
    return Optional.of(text.strip()).filter(t -> !t.isEmpty());
  }

  private <T> Optional<T> read(String name, String expected, Function<String, Optional<T>> reader) {
    Optional<String> text = text(name);
    Optional<T> value = text.flatMap(reader);
    if (text.isPresent() && value.isEmpty()) {
      throw payload.bad("inputs." + name, expected);
    }
    return value;
  }

  private static Optional<BoardAction> action(String text) {
    return ACTIONS.stream().filter(a -> a.label().equals(text)).findFirst();
  }

  private static Optional<Long> number(String text) {
    return text.matches("#?[1-9][0-9]{0,17}")
        ? Optional.of(Long.valueOf(text.replace("#", "")))
        : Optional.empty();
  }

  private static Optional<GitRevision> commit(String text) {
    try {
      return Optional.of(new GitRevision(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
