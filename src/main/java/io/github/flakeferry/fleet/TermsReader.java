package io.github.flakeferry.fleet;

import io.github.flakeferry.model.BoardAction;
import io.github.flakeferry.model.terms.FailedUnits;
import io.github.flakeferry.model.terms.Generations;
import io.github.flakeferry.model.terms.Generations.Collect;
import io.github.flakeferry.model.terms.HealthChecks;
import io.github.flakeferry.model.terms.RebootTerms;
import io.github.flakeferry.model.terms.Terms;
import io.github.flakeferry.model.terms.TransferMode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads how an environment treats its boards: all that is neither a trigger nor an order. */
final class TermsReader {
  static final List<String> GC_KEYS = List.of("when-below");

  private static final Map<String, BoardAction> ACTIONS =
      Words.of(BoardAction.SWITCH, BoardAction.TEST, BoardAction.BOOT, BoardAction.DRY_ACTIVATE);
  private static final Map<String, FailedUnits> FAILED_UNITS = Words.of(FailedUnits.values());
  private static final Map<String, TransferMode> TRANSFERS = Words.of(TransferMode.values());
  private static final Map<String, RebootTerms.When> REBOOTS = Words.of(RebootTerms.When.values());
  private static final String GC = "never, always or {when-below: 2GiB}";

  // a confirmation is a new SSH connection: below this it would time out on good boards
  private static final Duration LEAST_CONFIRM = Duration.ofSeconds(2);
  // a board that waits longer has been unreachable for too long
  private static final Duration MOST_CONFIRM = Duration.ofHours(1);

  private final Section section;
  private final Faults faults;

  TermsReader(Section section, Faults faults) {
    this.section = section;
    this.faults = faults;
  }

  /** What is done with a system; previews try it and nothing else. */
  BoardAction action(boolean preview) {
    BoardAction fallback = preview ? BoardAction.TEST : BoardAction.SWITCH;
    BoardAction action = section.choice("action", ACTIONS, fallback);
    if (preview && action != BoardAction.TEST) {
      told("action", "an environment with 'on: pull_request' only tests");
    }
    return action;
  }

  /** All the rest. */
  Terms terms(boolean preview, BoardAction action) {
    Duration activation =
        section
            .duration("activation-timeout", Duration.ofSeconds(5), Duration.ofDays(1))
            .orElse(Terms.DEFAULT.activation());
    Duration confirm =
        section
            .duration("confirm-timeout", LEAST_CONFIRM, MOST_CONFIRM)
            .orElse(Terms.DEFAULT.confirm());
    return new Terms(
        activation,
        confirm,
        section.choice("failed-units", FAILED_UNITS, Terms.DEFAULT.failedUnits()),
        health(confirm),
        section.choice("transfer", TRANSFERS, Terms.DEFAULT.transfer()),
        reboot(preview, action),
        new Generations(
            section.integer("keep-generations", Generations.DEFAULT.keep(), 1, 1000), collect()));
  }

  // a board that goes back while it is still being checked was never checked
  private HealthChecks health(Duration confirm) {
    Optional<HealthReader.Read> read =
        section
            .find("health")
            .flatMap(
                node -> Section.of(node.place(), node, "health checks", HealthReader.KEYS, faults))
            .map(health -> new HealthReader(health, faults).read(confirm));
    read.flatMap(HealthReader.Read::deadlinePlace)
        .filter(place -> confirm.compareTo(read.get().checks().deadline()) < 0)
        .ifPresent(
            place ->
                faults.add(
                    section.find("confirm-timeout").map(Node::place).orElse(place),
                    "the confirm-timeout of "
                        + Durations.format(confirm)
                        + " is shorter than the health checks' timeout of "
                        + Durations.format(read.get().checks().deadline())
                        + ": the board would go back while it is checked"));
    return read.map(HealthReader.Read::checks)
        .orElseGet(() -> HealthReader.within(HealthChecks.DEFAULT, confirm));
  }

  private RebootTerms reboot(boolean preview, BoardAction action) {
    RebootTerms.When when = section.choice("reboot", REBOOTS, RebootTerms.NEVER.when());
    boolean unprotected = section.flag("unprotected-reboot", false);
    if (when == RebootTerms.When.NEVER) {
      if (unprotected) {
        told("unprotected-reboot", "only with 'reboot: if-needed' or 'reboot: always'");
      }
    } else if (preview) {
      told("reboot", "a preview never reboots a board: a restart ends it");
    } else if (action == BoardAction.TEST || action == BoardAction.DRY_ACTIVATE) {
      told("reboot", "after 'action: " + action.label() + "' a restart brings the old system back");
    }
    return new RebootTerms(
        when,
        unprotected,
        section
            .duration("reboot-timeout", Duration.ofSeconds(10), Duration.ofDays(1))
            .orElse(RebootTerms.NEVER.deadline()));
  }

  private Collect collect() {
    Optional<Node> found = section.find("gc");
    if (found.isEmpty()) {
      return new Collect.Never();
    }
    return switch (found.get()) {
      case Node.Text(var _, var word, var _) when word.equals("never") -> new Collect.Never();
      case Node.Text(var _, var word, var _) when word.equals("always") -> new Collect.Always();
      case Node.Fields fields ->
          Section.of(fields.place(), fields, "a map", GC_KEYS, faults)
              .flatMap(gc -> gc.require("when-below", "expected " + GC))
              .flatMap(this::whenBelow)
              .orElseGet(Collect.Never::new);
      case Node.Text _,
          Node.Numeral _,
          Node.Flag _,
          Node.Nothing _,
          Node.Items _,
          Node.Broken _ -> {
        faults.wrongType(found.get(), GC);
        yield new Collect.Never();
      }
    };
  }

  private Optional<Collect> whenBelow(Node node) {
    OptionalLong bytes =
        node instanceof Node.Text(var _, var text, var _)
            ? Sizes.parse(text)
            : OptionalLong.empty();
    if (bytes.isEmpty()) {
      faults.wrongType(node, "an amount such as 500MiB or 2GiB");
      return Optional.empty();
    }
    return Optional.of(new Collect.WhenBelow(bytes.getAsLong()));
  }

  private void told(String key, String message) {
    section.find(key).ifPresent(node -> faults.add(node.place(), message));
  }
}
