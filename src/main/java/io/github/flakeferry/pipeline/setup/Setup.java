package io.github.flakeferry.pipeline.setup;

import io.github.flakeferry.board.FirstContact;
import io.github.flakeferry.board.KnownHosts;
import io.github.flakeferry.fleet.CrossPolicy;
import io.github.flakeferry.fleet.Policy;
import io.github.flakeferry.fleet.PolicyInvalid;
import io.github.flakeferry.fleet.PolicyReader;
import io.github.flakeferry.nix.Nix;
import io.github.flakeferry.nix.NixMissing;
import io.github.flakeferry.support.progress.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** {@code flakeferry init}: looks, asks, writes, and says what is left to do. */
public final class Setup {
  private static final CrossVariant NOT_KNOWN = new CrossVariant.NotNeeded();

  private final Dialog dialog;
  private final Supplier<FlakeLook> flakeLook;
  private final Place place;
  private final Wishes wishes;
  private final Introduction introduction;

  /**
   * @param progress is told what is waited for, never while the dialog waits for an answer
   */
  public Setup(Dialog dialog, Nix nix, Place place, Wishes wishes, Progress progress) {
    this(
        dialog,
        () -> FlakeLook.at(nix.flakeOf(place.root(), place.flake(), place.hasCommit()), nix),
        place,
        wishes,
        board -> FirstContact.hostKey(board.host(), board.port()),
        progress);
  }

  Setup(
      Dialog dialog,
      Supplier<FlakeLook> flakeLook,
      Place place,
      Wishes wishes,
      Introduction.Contact contact,
      Progress progress) {
    this.dialog = dialog;
    this.flakeLook = flakeLook;
    this.place = place;
    this.wishes = wishes;
    this.introduction =
        new Introduction(
            dialog,
            new KnownHosts(wishes.knownHosts()),
            wishes.hostKeys(),
            wishes.login(),
            contact,
            progress);
  }

  /**
   * Does all of it. Nothing is written before all is known and asked, and so nothing where it
   * fails.
   *
   * @throws io.github.flakeferry.model.Failure if there is no flake, a board can't be reached or is
   *     not confirmed, or an answer is of no use
   */
  public void begin() {
    var keyFolders = new KeyFolders(dialog, place, wishes.keys(), wishes.keysNamed());
    Optional<FlakeLook> flake = flake();
    Optional<String> text = policyText();
    Optional<Policy> policy = text.map(this::read);
    place
        .unread()
        .ifPresent(
            file ->
                dialog.say("%s is there, too: nobody reads %s.".formatted(place.policy(), file)));

    List<NewBoard> met =
        new NewBoards(dialog, place, flake, introduction).of(wishes.boards(), policy);
    List<CrossVariant.Missing> missing =
        missing(flake, met, policy.map(Policy::cross).orElse(CrossPolicy.AUTO));
    Optional<Destination> destination = Destination.of(dialog, policy, place.branch());
    List<NewBoard> boards = met.stream().map(board -> tagged(board, destination)).toList();
    KeyFolder folder = keyFolders.choose();
    CiKeys keys = CiKeys.in(folder.path(), place.name() + "-1");
    var news = new KeyNews(keys, folder.path(), policy);
    dialog.say(news.text());
    var policies = new PolicyText(place.policy().toString());
    String wanted =
        text.map(t -> policies.with(t, boards, place.branch()))
            .orElseGet(() -> newPolicy(policies, boards, keys));

    var files = new NewFiles(dialog, place.root());
    if (!files.add(place.policy(), wanted)) {
      leave(text.map(t -> policies.lines(t, boards, place.branch())).orElse(wanted));
      return;
    }
    Optional<WorkflowText> workflow =
        destination
            .flatMap(to -> workflow(to.name(), read(wanted)))
            .filter(ours -> addWorkflow(files, ours));
    files.check();
    keys.write(folder);
    files.write();
    dialog.say(
        "\nWhat is left to do:\n\n"
            + new NextSteps(place, workflow, keys, news.mayBeOthers(), boards, missing).text());
  }

  private Policy read(String text) {
    return PolicyReader.read(place.policy().toString(), text);
  }

  /** Whoever was asked knows it. */
  private void leave(String lines) {
    if (!dialog.isAnswered()) {
      throw SetupRefused.notAgreed(place.policy(), lines);
    }
    dialog.say("Nothing was written.");
  }

  private Optional<WorkflowText> workflow(String environment, Policy policy) {
    if (place.forge().isEmpty()) {
      dialog.say(
          "%s runs none of the workflows that are written here, so none is. A job of its own can run"
                  .formatted(place.host())
              + " `flakeferry deploy BOARD…`: see \"Other forges\" in the documentation.");
    }
    return place
        .forge()
        .map(forge -> new WorkflowText(place, forge, environment, CacheLogin.of(policy)));
  }

  /** Whether it is there, or will be. */
  private boolean addWorkflow(NewFiles files, WorkflowText ours) {
    Optional<WorkflowText.Other> other = ours.other();
    other.ifPresent(
        there ->
            dialog.say(
                (there.surely()
                        ? "%s runs Flakeferry for `%s` already, so no other workflow is written."
                        : "%s may deploy to `%s`, so no other workflow is written. If it does not, let"
                            + " it name its environment, and begin again.")
                    .formatted(there.file(), ours.environment())));
    return other.isEmpty() && files.add(ours.file(), ours.text());
  }

  private NewBoard tagged(NewBoard board, Optional<Destination> destination) {
    NewBoard tagged = destination.map(to -> to.tagged(board)).orElse(board);
    if (destination.isEmpty()) {
      dialog.say(
          "No environment of %s deploys what is pushed to %s, so no tag is given to %s and no workflow written."
              .formatted(place.policy(), place.branch(), board.name()));
    } else if (!destination.get().has(tagged)) {
      dialog.say(
          "No tag makes %s one of the boards of `%s`: give it those that its selector wants."
              .formatted(board.name(), destination.get().name()));
    }
    return tagged;
  }

  private Optional<FlakeLook> flake() {
    try {
      return Optional.of(flakeLook.get());
    } catch (NixMissing missing) {
      dialog.say(missing.problem() + " So the flake is not looked at. " + missing.advice());
      return Optional.empty();
    }
  }

  private Optional<String> policyText() {
    Path file = place.root().resolve(place.policy());
    try {
      return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
    } catch (IOException e) {
      throw SetupRefused.unusable(file, e);
    }
  }

  private String newPolicy(PolicyText policies, List<NewBoard> boards, CiKeys keys) {
    // whose fault it is that what an answer makes is no policy
    policies.of(boards, place.branch(), Optional.empty(), keys.publicKey());
    return dialog.ask(
        "Which binary cache is all published to, so that nothing is built twice (https://…, s3://…)?"
            + " Empty for none:",
        "",
        answer -> {
          try {
            return policies.of(
                boards,
                place.branch(),
                Optional.of(answer).filter(url -> !url.isEmpty()),
                keys.publicKey());
          } catch (PolicyInvalid invalid) {
            throw SetupRefused.badCache(answer, invalid);
          }
        });
  }

  private List<CrossVariant.Missing> missing(
      Optional<FlakeLook> flake, List<NewBoard> boards, CrossPolicy cross) {
    var missing = new ArrayList<CrossVariant.Missing>();
    for (String configuration : boards.stream().map(NewBoard::configuration).distinct().toList()) {
      switch (flake
          .flatMap(look -> CrossVariant.of(look, configuration, cross))
          .orElse(NOT_KNOWN)) {
        case CrossVariant.NotNeeded() -> {}
        case CrossVariant.Found(String name) ->
            dialog.say("Runs build %s, the cross variant of %s.".formatted(name, configuration));
        case CrossVariant.Unnamed(String name) ->
            dialog.say(
                "Runs build %s, not its cross variant %s, as the policy says `cross: off`: name that as the board's configuration."
                    .formatted(configuration, name));
        case CrossVariant.Missing lacking -> missing.add(lacking);
      }
    }
    return missing;
  }
}
