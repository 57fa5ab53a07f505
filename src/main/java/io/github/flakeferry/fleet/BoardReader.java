package io.github.flakeferry.fleet;

import io.github.flakeferry.model.BoardName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Reads {@code boards:}. */
final class BoardReader {
  static final List<String> KEYS =
      List.of("configuration", "host", "user", "port", "jump", "host-key", "tags");

  private static final String NAME =
      "a board's name: letters, digits, dots, hyphens and underscores, at most 63";
  private static final Pattern TAG = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9._-]{0,62}");

  private final Faults faults;

  BoardReader(Faults faults) {
    this.faults = faults;
  }

  /** The boards whose names could be read. */
  List<BoardDraft> read(Node node) {
    if (!(node instanceof Node.Fields(var _, var entries)) || entries.isEmpty()) {
      faults.wrongType(node, "a map of boards by their names");
      return List.of();
    }
    var drafts = new ArrayList<BoardDraft>();
    for (Node.Entry entry : entries) {
      String fallback = name(entry).map(BoardName::value).orElse("HOST");
      Section.of(entry.place(), entry.value(), "a board", KEYS, faults)
          .map(section -> draft(section, fallback))
          .filter(draft -> draft.name().value().equals(entry.key()))
          .ifPresent(drafts::add);
    }
    return drafts;
  }

  private Optional<BoardName> name(Node.Entry entry) {
    try {
      return Optional.of(new BoardName(entry.key()));
    } catch (IllegalArgumentException e) {
      faults.add(entry.place(), "expected " + NAME + ", found " + Shown.quoted(entry.key()));
      return Optional.empty();
    }
  }

  private BoardDraft draft(Section section, String name) {
    String configuration =
        section
            .text("configuration", "a name out of nixosConfigurations")
            .flatMap(this::configuration)
            .orElse(name);
    Endpoint endpoint = new EndpointReader(faults).read(section, name);
    var keys = new HostKeyReader(faults).read(section, "the board '" + name + "'", endpoint);
    List<Jump> jumps = section.find("jump").map(new JumpReader(faults)::read).orElse(List.of());
    int before = faults.count();
    SortedSet<String> tags = section.find("tags").map(this::tags).orElseGet(TreeSet::new);
    return new BoardDraft(
        section.owner(),
        new BoardName(name),
        configuration,
        endpoint,
        keys,
        jumps,
        tags,
        faults.count() == before);
  }

  private Optional<String> configuration(Node.Text text) {
    if (BoardPolicy.isConfiguration(text.value())) {
      return Optional.of(text.value());
    }
    faults.wrongType(text, "a name out of nixosConfigurations");
    return Optional.empty();
  }

  private SortedSet<String> tags(Node node) {
    var tags = new TreeSet<String>();
    if (!(node instanceof Node.Items(var _, var nodes))) {
      faults.wrongType(node, "a list of tags");
      return tags;
    }
    for (Node item : nodes) {
      Optional<Node.Text> text = faults.text(item, "a tag");
      if (text.isEmpty()) {
        continue;
      }
      String tag = text.get().value();
      if (!TAG.matcher(tag).matches()) {
        faults.wrongType(text.get(), "a tag: letters, digits, dots, hyphens and underscores");
      } else if (!tags.add(tag)) {
        faults.add(item.place(), "the tag '" + tag + "' is given twice");
      }
    }
    return tags;
  }
}
