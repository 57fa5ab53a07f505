package io.github.flakeferry.pipeline.setup;

import io.github.flakeferry.fleet.BoardPolicy;
import io.github.flakeferry.fleet.EnvironmentPolicy;
import io.github.flakeferry.fleet.Policy;
import io.github.flakeferry.fleet.Selector;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The environment of a policy that deploys to new boards: one for what is pushed to the branch.
 *
 * @param environment absent where the policy has none at all, and is to get the usual one
 */
record Destination(String name, Optional<EnvironmentPolicy> environment, Optional<Policy> policy) {

  /**
   * That of a policy; absent where none of its environments is for such pushes.
   *
   * @param policy absent where it is to be written
   * @throws SetupRefused if an answer names no such environment
   */
  static Optional<Destination> of(Dialog dialog, Optional<Policy> policy, String branch) {
    List<EnvironmentPolicy> all = policy.map(Policy::environments).orElse(List.of());
    if (all.isEmpty()) {
      return Optional.of(new Destination(PolicyText.ENVIRONMENT, Optional.empty(), policy));
    }
    List<EnvironmentPolicy> pushed =
        all.stream().filter(e -> e.trigger().matchesBranch(branch)).toList();
    if (pushed.size() <= 1) {
      return pushed.stream().map(e -> of(e, policy)).findFirst();
    }
    List<String> names = pushed.stream().map(EnvironmentPolicy::name).toList();
    return Optional.of(
        dialog.ask(
            "Several environments deploy what is pushed to %s (%s). Which one is it about?"
                .formatted(branch, String.join(", ", names)),
            names.contains(PolicyText.ENVIRONMENT) ? PolicyText.ENVIRONMENT : names.getFirst(),
            answer ->
                pushed.stream()
                    .filter(e -> e.name().equals(answer))
                    .findFirst()
                    .map(e -> of(e, policy))
                    .orElseThrow(() -> SetupRefused.noSuchEnvironment(answer, names))));
  }

  private static Destination of(EnvironmentPolicy environment, Optional<Policy> policy) {
    return new Destination(environment.name(), Optional.of(environment), policy);
  }

  /** The board with what its selector wants to see; as it is where no single tag would do. */
  NewBoard tagged(NewBoard board) {
    if (environment.isEmpty()) {
      return board.tagged(name);
    }
    Selector selector = environment.get().boards();
    if (chooses(selector, board)) {
      return board;
    }
    return tags(selector)
        .map(board::tagged)
        .filter(tagged -> chooses(selector, tagged))
        .findFirst()
        .orElse(board);
  }

  /** Whether it deploys to the board as it is. */
  boolean has(NewBoard board) {
    return environment.isEmpty() || chooses(environment.get().boards(), board);
  }

  private static boolean chooses(Selector selector, NewBoard board) {
    return selector.matches(board.name(), new TreeSet<>(board.tags()));
  }

  /** Its words that can be tags, those first that boards have; a board's name is none. */
  private Stream<String> tags(Selector selector) {
    List<BoardPolicy> boards = policy.map(Policy::boards).orElse(List.of());
    List<String> words =
        words(selector)
            .filter(word -> word.matches("[^*?]+"))
            .filter(word -> boards.stream().noneMatch(b -> b.name().value().equals(word)))
            .toList();
    Predicate<String> used = word -> boards.stream().map(BoardPolicy::tags).anyMatch(has(word));
    return Stream.concat(words.stream().filter(used), words.stream().filter(used.negate()));
  }

  private static Predicate<Set<String>> has(String word) {
    return tags -> tags.contains(word);
  }

  private static Stream<String> words(Selector selector) {
    return switch (selector) {
      case Selector.Word(var glob) -> Stream.of(glob);
      case Selector.Names _ -> Stream.empty();
      case Selector.Not(var operand) -> words(operand);
      case Selector.And(var left, var right) -> Stream.concat(words(left), words(right));
      case Selector.Or(var left, var right) -> Stream.concat(words(left), words(right));
    };
  }
}
