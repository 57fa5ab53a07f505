package io.github.flakeferry.fleet;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads {@code on:}. */
final class TriggerReader {
  static final List<String> KEYS = List.of("push", "release", "prerelease", "tag");

  static final String PULL_REQUEST = "pull_request";
  static final String EXPECTED = "pull_request, {push: main}, {release: \"v*\"} or {tag: \"v*\"}";

  // git-check-ref-format(1), with * and ? as wildcards
  private static final Pattern REF = Pattern.compile("(?!!)[^\\p{Cntrl} ~^:\\[\\\\]+");

  private final Faults faults;

  TriggerReader(Faults faults) {
    this.faults = faults;
  }

  Optional<Trigger> read(Node node) {
    return switch (node) {
      case Node.Text text -> word(text);
      case Node.Fields fields -> map(fields);
      case Node.Numeral _, Node.Flag _, Node.Nothing _, Node.Items _, Node.Broken _ -> {
        faults.wrongType(node, EXPECTED);
        yield Optional.empty();
      }
    };
  }

  private Optional<Trigger> word(Node.Text text) {
    if (text.value().equals(PULL_REQUEST)) {
      return Optional.of(new Trigger.PullRequest());
    }
    String word = Shown.quoted(text.value());
    if (KEYS.contains(text.value())) {
      faults.add(text.place(), "which ones? expected " + EXPECTED + ", found " + word);
    } else {
      String meant = Section.meant(text.value(), List.of(PULL_REQUEST));
      String hint = meant.startsWith("did") ? "; " + meant : "";
      faults.add(text.place(), "expected " + EXPECTED + ", found " + word + hint);
    }
    return Optional.empty();
  }

  private Optional<Trigger> map(Node.Fields fields) {
    Optional<Node.Entry> colon =
        fields.entries().stream().filter(e -> e.key().equals(PULL_REQUEST)).findFirst();
    if (colon.isPresent()) {
      faults.add(colon.get().place(), "expected just 'on: pull_request', with nothing after it");
      return Optional.empty();
    }
    int before = faults.count();
    Section.of(fields.place(), fields, "a trigger", KEYS, faults);
    if (faults.count() > before) {
      return Optional.empty();
    }
    if (fields.entries().size() != 1) {
      faults.add(
          fields.place(),
          "expected one of "
              + String.join(", ", KEYS)
              + (fields.entries().isEmpty() ? "" : ": each event has an environment of its own"));
      return Optional.empty();
    }
    Node.Entry entry = fields.entries().getFirst();
    List<String> patterns = patterns(entry);
    if (faults.count() > before) {
      return Optional.empty();
    }
    return Optional.of(
        switch (entry.key()) {
          case "push" -> new Trigger.Push(patterns);
          case "tag" -> new Trigger.Tag(patterns);
          default -> new Trigger.Release(patterns, entry.key().equals("prerelease"));
        });
  }

  private List<String> patterns(Node.Entry entry) {
    String expected =
        entry.key().equals("push")
            ? "a branch or a pattern such as main or \"release/*\""
            : "a tag or a pattern such as \"v*\"";
    var patterns = new ArrayList<String>();
    for (Node node : Faults.oneOrMore(entry.value())) {
      Optional<Node.Text> text = faults.text(node, expected);
      if (text.isPresent() && text.get().value().startsWith("refs/")) {
        faults.wrongType(text.get(), expected + ", without refs/heads/ or refs/tags/");
      } else if (text.isPresent() && !REF.matcher(text.get().value()).matches()) {
        faults.wrongType(text.get(), expected + " (only * ** and ? are special)");
      } else {
        text.ifPresent(t -> patterns.add(t.value()));
      }
    }
    return patterns;
  }
}
