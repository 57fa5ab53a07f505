package io.github.flakeferry.board;

import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.RestartParts;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.model.terms.LeaseTerms;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads what {@code facts.sh} prints. A board may say anything: each field is checked. */
final class FactsReader {
  private static final int MOST = 256 << 10;
  private static final int LONGEST = 2000;

  private FactsReader() {}

  /**
   * @throws BoardFailure if it is not of the script's form
   */
  static BoardFacts read(String json) {
    if (json.length() > MOST) {
      throw new IllegalFact("more than " + (MOST >> 10) + " KiB");
    }
    JsonNode root;
    try {
      root = JsonMapper.shared().readTree(json);
    } catch (JacksonException e) {
      throw new IllegalFact("no JSON: " + Scripts.oneLine(json));
    }
    long protocol = number(root, "protocol");
    if (protocol != BoardScript.PROTOCOL) {
      throw new OtherProtocol(protocol);
    }
    return new BoardFacts(
        text(root, "machine"),
        some(text(root, "nixVersion")),
        (int) number(root, "userId"),
        truth(root, "mayBeRoot"),
        path(root, "current"),
        path(root, "booted"),
        path(root, "profile"),
        path(root, "bootDefault"),
        all(root, "generations", FactsReader::generation),
        texts(root, "bootFiles"),
        one(root, "bootedParts", FactsReader::parts),
        truth(root, "known"),
        number(root, "storeFreeBytes"),
        root.has("bootFreeBytes") ? Optional.of(number(root, "bootFreeBytes")) : Optional.empty(),
        texts(root, "readOnly"),
        number(root, "memoryBytes"),
        time(root, "clock"),
        text(root, "bootId"),
        texts(root, "failedUnits"),
        root.has("trustedKeys") ? texts(root, "trustedKeys") : List.of(),
        one(root, "foreignActivation", FactsReader::activation),
        one(root, "lastRun", FactsReader::lastRun),
        one(root, "deployed", FactsReader::deployed),
        one(root, "lease", FactsReader::lease));
  }

  private static BoardFacts.Generation generation(JsonNode node) {
    return new BoardFacts.Generation(
        (int) number(node, "number"),
        path(node, "system").orElseThrow(() -> new IllegalFact("a generation without a system")),
        time(node, "time"));
  }

  private static Map<String, String> parts(JsonNode node) {
    return RestartParts.ALL.stream()
        .collect(Collectors.toMap(name -> name, name -> text(node, name)));
  }

  private static BoardFacts.ForeignActivation activation(JsonNode node) {
    return new BoardFacts.ForeignActivation(words(node, "command"), time(node, "since"));
  }

  private static BoardFacts.LastRun lastRun(JsonNode node) {
    return new BoardFacts.LastRun(
        text(node, "token"),
        text(node, "state"),
        words(node, "reason"),
        words(node, "owner"),
        text(node, "commit"),
        path(node, "system"),
        time(node, "since"),
        truth(node, "alive"),
        text(node, "bootId"));
  }

  private static BoardFacts.Deployed deployed(JsonNode node) {
    return new BoardFacts.Deployed(
        path(node, "system").orElseThrow(() -> new IllegalFact("a deployment without a system")),
        commit(text(node, "commit")),
        words(node, "owner"),
        time(node, "since"));
  }

  private static Optional<GitRevision> commit(String text) {
    try {
      return some(text).map(GitRevision::new);
    } catch (IllegalArgumentException e) {
      throw new IllegalFact("no commit: " + Scripts.oneLine(text));
    }
  }

  // what can't be read of it is told, and hinders nobody from giving the board back
  private static Lease lease(JsonNode node) {
    try {
      var lease =
          new Lease(
              text(node, "owner"),
              path(node, "system"),
              text(node, "commit"),
              time(node, "since"),
              node.has("until") ? Optional.of(time(node, "until")) : Optional.empty(),
              text(node, "bootId"));
      return LeaseTerms.isOwner(lease.owner()) ? lease : Lease.DAMAGED;
    } catch (IllegalFact e) {
      return Lease.DAMAGED;
    }
  }

  private static <T> Optional<T> one(JsonNode node, String key, Function<JsonNode, T> read) {
    return node.has(key) ? Optional.of(read.apply(node.path(key))) : Optional.empty();
  }

  private static <T> List<T> all(JsonNode node, String key, Function<JsonNode, T> read) {
    JsonNode array = node.path(key);
    if (!array.isArray() || array.size() > 200) {
      throw new IllegalFact("no list for " + key);
    }
    var list = new ArrayList<T>();
    array.forEach(each -> list.add(read.apply(each)));
    return list;
  }

  private static String text(JsonNode node, String key) {
    return text(node.path(key), node, key);
  }

  private static String text(JsonNode value, JsonNode of, String key) {
    String text = string(value, of, key);
    if (text.length() > LONGEST) {
      throw noText(of, key);
    }
    return text;
  }

  // for people: what is long there must not keep the board from everybody
  private static String words(JsonNode node, String key) {
    return Scripts.shortened(LONGEST, string(node.path(key), node, key));
  }

  private static String string(JsonNode value, JsonNode of, String key) {
    if (!value.isString()) {
      throw noText(of, key);
    }
    return value.stringValue();
  }

  private static IllegalFact noText(JsonNode of, String key) {
    return new IllegalFact("no text for " + key + ": " + Scripts.oneLine(of.toString()));
  }

  private static long number(JsonNode node, String key) {
    JsonNode value = node.path(key);
    if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
      throw new IllegalFact("no number for " + key);
    }
    return value.longValue();
  }

  private static Instant time(JsonNode node, String key) {
    long seconds = number(node, key);
    if (seconds > 253_402_300_799L) {
      throw new IllegalFact("no time for " + key);
    }
    return Instant.ofEpochSecond(seconds);
  }

  private static boolean truth(JsonNode node, String key) {
    JsonNode value = node.path(key);
    if (!value.isBoolean()) {
      throw new IllegalFact("neither true nor false for " + key);
    }
    return value.booleanValue();
  }

  private static List<String> texts(JsonNode node, String key) {
    return all(node, key, each -> text(each, node, key));
  }

  private static Optional<String> some(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  private static Optional<StorePath> path(JsonNode node, String key) {
    return some(text(node, key))
        .map(
            text -> {
              try {
                return StorePath.parse(text);
              } catch (IllegalArgumentException e) {
                throw new IllegalFact(key + " is no store path: " + Scripts.oneLine(text));
              }
            });
  }

  /** A script of another version is installed there. */
  private static final class OtherProtocol extends BoardFailure {
    OtherProtocol(long theirs) {
      super(
          FailureCode.OTHER_VERSION,
          "its flakeferry-board speaks version %d of the protocol, this program speaks %d"
              .formatted(theirs, BoardScript.PROTOCOL),
          "Build the board's configuration with the module that `flakeferry init --board-module`"
              + " prints now, or use the program that it came from.");
    }
  }

  /** Not what the script prints. */
  private static final class IllegalFact extends BoardFailure {
    IllegalFact(String what) {
      super(
          FailureCode.BOARD_STRANGE,
          "its facts can't be understood: " + what,
          "Look at what its shell prints, and whether its disk is readable.");
    }
  }
}
