package io.github.flakeferry.fleet;

import io.github.flakeferry.support.Suggestions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A map of the file whose keys are known. What is of the wrong type is told and then taken as
 * absent, so that reading goes on to the next fault.
 */
final class Section {
  private static final String COMMAND = "a command on one line";
  private static final Pattern ONE_LINE = Pattern.compile("[^\\p{Cntrl}]+");

  private final Place owner;
  private final List<Node.Entry> entries;
  private final Faults faults;

  private Section(Place owner, List<Node.Entry> entries, Faults faults) {
    this.owner = owner;
    this.entries = entries;
    this.faults = faults;
  }

  /**
   * Tells keys that are unknown.
   *
   * @param owner where what is missing is told: the key of the map
   * @param what for "expected …": {@code a board}
   * @return absent if the node is no map
   */
  static Optional<Section> of(
      Place owner, Node node, String what, List<String> keys, Faults faults) {
    if (!(node instanceof Node.Fields(var _, var entries))) {
      faults.wrongType(node, what + " with " + String.join(", ", keys));
      return Optional.empty();
    }
    for (Node.Entry entry : entries) {
      if (!keys.contains(entry.key())) {
        faults.add(
            entry.place(),
            "unknown key " + Shown.quoted(entry.key()) + ": " + meant(entry.key(), keys));
      }
    }
    return Optional.of(new Section(owner, entries, faults));
  }

  /** "did you mean 'x'?" or, where nothing is near, what there is. */
  static String meant(String word, List<String> words) {
    return Suggestions.nearest(word, words)
        .map(near -> "did you mean '" + near + "'?")
        .orElseGet(
            () -> "expected " + (words.size() == 1 ? "" : "one of ") + String.join(", ", words));
  }

  Place owner() {
    return owner;
  }

  Optional<Node> find(String key) {
    return entries.stream().filter(e -> e.key().equals(key)).map(Node.Entry::value).findFirst();
  }

  /** The value, or a fault that says that it is missing. */
  Optional<Node> require(String key, String missing) {
    Optional<Node> value = find(key);
    if (value.isEmpty()) {
      faults.add(owner, missing);
    }
    return value;
  }

  /**
   * A text that is not blank.
   *
   * @param expected for "expected …": {@code the name of a user}
   */
  Optional<Node.Text> text(String key, String expected) {
    return find(key).flatMap(node -> faults.text(node, expected));
  }

  /**
   * The values that a list has, or the one that stands for a list of it.
   *
   * @param expected as for {@link #text}
   * @param read tells itself what is wrong with a value
   */
  <T> List<T> all(String key, String expected, Function<Node.Text, Optional<T>> read) {
    var values = new ArrayList<T>();
    for (Node node : find(key).map(Faults::oneOrMore).orElse(List.of())) {
      faults.text(node, expected).flatMap(read).ifPresent(values::add);
    }
    return values;
  }

  /** Lines for a shell. */
  List<String> commands(String key) {
    return all(key, COMMAND, this::command);
  }

  private Optional<String> command(Node.Text text) {
    if (ONE_LINE.matcher(text.value()).matches()) {
      return Optional.of(text.value());
    }
    faults.wrongType(text, COMMAND);
    return Optional.empty();
  }

  int integer(String key, int fallback, int least, int most) {
    Optional<Node> found = find(key);
    if (found.isEmpty()) {
      return fallback;
    }
    if (found.get() instanceof Node.Numeral(var _, var _, var value)
        && value.isPresent()
        && value.getAsInt() >= least
        && value.getAsInt() <= most) {
      return value.getAsInt();
    }
    boolean quoted =
        found.get() instanceof Node.Text(var _, var text, var _) && text.matches("[0-9]+");
    faults.wrongType(
        found.get(),
        "a whole number from " + least + " to " + most + (quoted ? ", without quotes" : ""));
    return fallback;
  }

  boolean flag(String key, boolean fallback) {
    Optional<Node> found = find(key);
    if (found.isEmpty()) {
      return fallback;
    }
    if (found.get() instanceof Node.Flag(var _, var value)) {
      return value;
    }
    faults.wrongType(found.get(), "true or false, without quotes");
    return fallback;
  }

  /**
   * One of some words.
   *
   * @param words in the order in which they are told
   */
  <T> T choice(String key, Map<String, T> words, T fallback) {
    Optional<Node> found = find(key);
    if (found.isEmpty()) {
      return fallback;
    }
    String expected = oneOf(List.copyOf(words.keySet()));
    if (!(found.get() instanceof Node.Text(var place, var word, var _)) || word.isBlank()) {
      faults.wrongType(found.get(), expected);
      return fallback;
    }
    T value = words.get(word);
    if (value == null) {
      String hint =
          Suggestions.nearest(word, words.keySet())
              .map(near -> "; did you mean '" + near + "'?")
              .orElse("");
      faults.add(place, "expected " + expected + ", found " + Shown.quoted(word) + hint);
      return fallback;
    }
    return value;
  }

  private static String oneOf(List<String> words) {
    return String.join(", ", words.subList(0, words.size() - 1)) + " or " + words.getLast();
  }

  Optional<Duration> duration(String key, Duration least, Duration most) {
    Optional<Node> found = find(key);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Optional<Duration> duration =
        found.get() instanceof Node.Text(var _, var text, var _)
            ? Durations.parse(text)
            : Optional.empty();
    if (duration.isEmpty()) {
      faults.wrongType(found.get(), "a duration such as 90s, 5m, 24h or 7d");
    } else if (duration.get().compareTo(least) < 0 || duration.get().compareTo(most) > 0) {
      faults.add(
          found.get().place(),
          "expected from " + Durations.format(least) + " to " + Durations.format(most));
      return Optional.empty();
    }
    return duration;
  }
}
