package io.github.flakeferry.fleet;

import io.github.flakeferry.model.BoardAction;
import io.github.flakeferry.model.terms.SmokeCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads {@code environments:}. */
final class EnvironmentReader {
  static final List<String> KEYS =
      List.of(
          "on",
          "boards",
          "lease",
          "label",
          "when-busy",
          "waves",
          "wave-pause",
          "max-failures",
          "action",
          "smoke",
          "smoke-timeout",
          "activation-timeout",
          "confirm-timeout",
          "health",
          "failed-units",
          "transfer",
          "reboot",
          "unprotected-reboot",
          "reboot-timeout",
          "keep-generations",
          "gc");

  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9._-]{0,62}");
  private final Faults faults;

  EnvironmentReader(Faults faults) {
    this.faults = faults;
  }

  List<EnvironmentDraft> read(Node node) {
    if (!(node instanceof Node.Fields(var _, var entries))) {
      faults.wrongType(node, "a map of environments by their names");
      return List.of();
    }
    var drafts = new ArrayList<EnvironmentDraft>();
    for (Node.Entry entry : entries) {
      if (!NAME.matcher(entry.key()).matches()) {
        faults.add(
            entry.place(),
            "expected an environment's name: letters, digits, dots, hyphens and underscores, at most"
                + " 63, found "
                + Shown.quoted(entry.key()));
      }
      Section.of(entry.place(), entry.value(), "an environment", KEYS, faults)
          .map(section -> draft(section, entry.key()))
          .ifPresent(drafts::add);
    }
    return drafts;
  }

  private EnvironmentDraft draft(Section section, String name) {
    String of = "the environment " + Shown.quoted(name);
    Optional<Trigger> trigger =
        section
            .require("on", of + " has no 'on': expected " + TriggerReader.EXPECTED)
            .flatMap(new TriggerReader(faults)::read);
    Optional<Node> boards =
        section.require("boards", of + " has no 'boards': expected " + SelectorReader.EXPECTED);
    boolean preview = trigger.isPresent() && trigger.get().matchesPullRequest();
    var previews = preview(section, trigger.isPresent() && !preview);
    var terms = new TermsReader(section, faults);
    BoardAction action = terms.action(preview);
    return new EnvironmentDraft(
        section.owner(),
        name,
        trigger,
        boards.flatMap(new SelectorReader(faults)::read),
        boards.map(Node::place).orElse(section.owner()),
        previews,
        action,
        smoke(section),
        terms.terms(preview, action),
        section.find("waves").map(new WaveReader(faults)::read).orElse(List.of()),
        wavePause(section),
        section.integer("max-failures", 0, 0, 1_000_000));
  }

  private SmokeCommands smoke(Section section) {
    if (section.find("smoke").isEmpty()) {
      section
          .find("smoke-timeout")
          .ifPresent(node -> faults.add(node.place(), "only with 'smoke', whose commands it ends"));
    }
    return new SmokeCommands(
        section.commands("smoke"),
        section
            .duration("smoke-timeout", Duration.ofSeconds(1), Duration.ofHours(1))
            .orElse(SmokeCommands.NONE.deadline()));
  }

  private Duration wavePause(Section section) {
    boolean oneWave =
        section
            .find("waves")
            .map(node -> node instanceof Node.Items(var _, var waves) && waves.size() == 1)
            .orElse(true);
    if (oneWave) {
      section
          .find("wave-pause")
          .ifPresent(
              node ->
                  faults.add(
                      node.place(),
                      "only with several waves, as in 'waves: [canary, rest]': it comes between"
                          + " them"));
    }
    return section
        .duration("wave-pause", Duration.ofSeconds(1), Duration.ofDays(1))
        .orElse(Duration.ZERO);
  }

  private PreviewPolicy preview(Section section, boolean unfit) {
    Optional<Duration> lease =
        section.duration("lease", Duration.ofMinutes(1), Duration.ofDays(90));
    Optional<String> label =
        section
            .text("label", "a label's name such as preview")
            .map(text -> text.value().strip())
            .filter(name -> !name.isEmpty());
    var whenBusy =
        section.choice(
            "when-busy", Words.of(PreviewPolicy.WhenBusy.values()), PreviewPolicy.WhenBusy.WAIT);
    if (unfit) {
      for (String key : List.of("lease", "label", "when-busy")) {
        section
            .find(key)
            .ifPresent(
                n ->
                    faults.add(
                        n.place(),
                        "only an environment with 'on: pull_request' has '" + key + "'"));
      }
    }
    return new PreviewPolicy(lease, label, whenBusy);
  }
}
