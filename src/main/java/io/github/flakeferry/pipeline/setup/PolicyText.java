package io.github.flakeferry.pipeline.setup;

import io.github.flakeferry.fleet.Endpoint;
import io.github.flakeferry.fleet.PolicyReader;
import io.github.flakeferry.model.PublicKey;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The text of a policy; what it gives is held against the policy's own reader. */
final class PolicyText {
  /** The tag by which the one environment chooses its boards. */
  static final String ENVIRONMENT = "production";

  private static final Pattern BOARDS = Pattern.compile("(?m)^boards:[ \\t]*\\n");

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
   * @throws io.github.flakeferry.fleet.PolicyInvalid if an answer makes no policy
   */
  String of(List<NewBoard> boards, String branch, Optional<String> cache, PublicKey signer) {
    return checked(
        cache
                .map(
                    url ->
                        "caches:\n  - url: %s\n    public-key: %s\n"
                            .formatted(Scalars.plainOrQuoted(url), signer))
                .orElse("")
            + "boards:\n"
            + blocks(boards)
            + """
            environments:
              %1$s:
                on: { push: %2$s }
                boards: %1$s
            """
                .formatted(ENVIRONMENT, Scalars.plainOrQuoted(branch)));
  }

  /**
   * One that is there, with more boards.
   *
   * @throws SetupRefused if its boards are not a block to add to
   */
  String with(String text, List<NewBoard> more) {
    if (more.isEmpty()) {
      return text;
    }
    Matcher boards = BOARDS.matcher(text);
    if (!boards.find()) {
      throw SetupRefused.noBlock(file, blocks(more));
    }
    return checked(text.substring(0, boards.end()) + blocks(more) + text.substring(boards.end()));
  }

  /** Whether one of its caches may want a user and a password, or a token. */
  boolean mayWantLogin(String text) {
    return PolicyReader.read(file, text).caches().stream()
        .anyMatch(cache -> String.valueOf(cache.url().getScheme()).startsWith("http"));
  }

  private String checked(String text) {
    PolicyReader.read(file, text);
    return text;
  }

  private static String blocks(List<NewBoard> boards) {
    return boards.stream().map(PolicyText::block).collect(Collectors.joining());
  }

  private static String block(NewBoard board) {
    Endpoint at = board.endpoint();
    var block = new StringBuilder("  " + Scalars.plainOrQuoted(board.name().value()) + ":\n");
    block
        .append("    configuration: ")
        .append(Scalars.plainOrQuoted(board.configuration()))
        .append('\n');
    block.append("    host: ").append(Scalars.plainOrQuoted(at.host())).append('\n');
    if (at.port() != Endpoint.SSH) {
      block.append("    port: ").append(at.port()).append('\n');
    }
    if (!at.user().equals(Endpoint.ROOT)) {
      block.append("    user: ").append(Scalars.plainOrQuoted(at.user())).append('\n');
    }
    block.append("    host-key: ").append(board.hostKey()).append('\n');
    block.append("    tags: [");
    board.platform().ifPresent(platform -> block.append(platform.machine()).append(", "));
    return block.append(ENVIRONMENT).append("]\n").toString();
  }
}
