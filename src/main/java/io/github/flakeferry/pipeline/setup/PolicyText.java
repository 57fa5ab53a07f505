package io.github.flakeferry.pipeline.setup;

import io.github.flakeferry.fleet.BoardPolicy;
import io.github.flakeferry.fleet.BoardsPlace;
import io.github.flakeferry.fleet.Policy;
import io.github.flakeferry.fleet.PolicyInvalid;
import io.github.flakeferry.fleet.PolicyReader;
import io.github.flakeferry.model.BoardAddress;
import io.github.flakeferry.model.PublicKey;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The text of a policy; what it gives is held against the policy's own reader. A YAML library that
 * writes would set the whole file anew, without its comments or in a style of its own: so lines are
 * put in, and all others stay as they are.
 */
final class PolicyText {
  /** The environment of a new policy, and the tag by which it chooses its boards. */
  static final String ENVIRONMENT = "production";

  private final String file;

  /**
   * @param file what faults name it by
   */
  PolicyText(String file) {
    this.file = file;
  }

  /**
   * A new one: pushes to a branch deploy to all of the boards.
   *
   * @param cache where to publish, with the key that signs
   * @throws PolicyInvalid if an answer makes no policy
   */
  String of(List<NewBoard> boards, String branch, Optional<String> cache, PublicKey signer) {
    String text =
        cache
                .map(
                    url ->
                        "caches:\n  - url: %s\n    public-key: %s\n"
                            .formatted(Scalars.plainOrQuoted(url), signer))
                .orElse("")
            + "boards:\n"
            + BoardText.block(boards, 2, 2)
            + environment(branch);
    PolicyReader.read(file, text);
    return text;
  }

  private static String environment(String branch) {
    return """
        environments:
          %1$s:
            on: { push: %2$s }
            boards: %1$s
        """
        .formatted(ENVIRONMENT, Scalars.plainOrQuoted(branch));
  }

  /**
   * One that is there, with more boards; and, where it has no environment at all, with one for
   * pushes to the branch.
   *
   * @throws SetupRefused if it would not be the same policy with these boards and nothing else
   */
  String with(String text, List<NewBoard> more, String branch) {
    if (more.isEmpty()) {
      return text;
    }
    Policy old = PolicyReader.read(file, text);
    boolean first = old.environments().isEmpty();
    String missing = lines(text, more, branch);
    BoardsPlace place =
        BoardsPlace.in(text).orElseThrow(() -> SetupRefused.notAdded(file, missing));
    String end = text.contains("\r\n") ? "\r\n" : "\n";
    String changed =
        switch (place) {
          case BoardsPlace.Block(var at, var indent, var step) ->
              inserted(text, at, BoardText.block(more, indent, step).replace("\n", end));
          case BoardsPlace.Braces(var at) -> inserted(text, at, BoardText.inBraces(more) + ",");
        };
    if (first) {
      changed =
          changed + (changed.endsWith("\n") ? "" : end) + environment(branch).replace("\n", end);
    }
    try {
      if (isWith(old, more, PolicyReader.read(file, changed))) {
        return changed;
      }
    } catch (PolicyInvalid invalid) {
      throw SetupRefused.notAdded(file, invalid, missing);
    }
    throw SetupRefused.notAdded(file, missing);
  }

  /** What {@link #with} adds to one, for whoever does it by hand. */
  String lines(String text, List<NewBoard> more, String branch) {
    return "boards:\n"
        + BoardText.block(more, 2, 2)
        + (PolicyReader.read(file, text).environments().isEmpty() ? environment(branch) : "");
  }

  private static String inserted(String text, int at, String more) {
    return text.substring(0, at) + more + text.substring(at);
  }

  /** Whether a policy is another one and these boards, before all others. */
  private static boolean isWith(Policy old, List<NewBoard> more, Policy now) {
    boolean first = old.environments().isEmpty();
    return now.boards()
            .equals(
                Stream.concat(more.stream().map(PolicyText::policy), old.boards().stream())
                    .toList())
        && (!first || now.environments().size() == 1)
        && new Policy(
                now.cross(),
                now.emulate(),
                now.parallel(),
                now.caches(),
                now.substituters(),
                old.boards(),
                first ? List.of() : now.environments())
            .equals(old);
  }

  private static BoardPolicy policy(NewBoard board) {
    return new BoardPolicy(
        board.name(),
        board.configuration(),
        new BoardAddress(
            board.endpoint().host(),
            board.endpoint().port(),
            board.endpoint().user(),
            List.of(),
            List.of(board.hostKey())),
        new TreeSet<>(board.tags()));
  }
}
