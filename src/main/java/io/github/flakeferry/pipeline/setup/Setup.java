package io.github.flakeferry.pipeline.setup;

import io.github.flakeferry.board.KnownHosts;
import io.github.flakeferry.fleet.BoardPolicy;
import io.github.flakeferry.fleet.Endpoint;
import io.github.flakeferry.fleet.Policy;
import io.github.flakeferry.fleet.PolicyInvalid;
import io.github.flakeferry.fleet.PolicyReader;
import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.SshIdentity;
import io.github.flakeferry.nix.Nix;
import io.github.flakeferry.nix.NixMissing;
import io.github.flakeferry.support.progress.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** {@code flakeferry init}: looks, asks, writes, and says what is left to do. */
public final class Setup {
  private static final CrossVariant NOT_KNOWN = new CrossVariant.NotNeeded();

  private final Dialog dialog;
  private final Nix nix;
  private final Place place;
  private final Wishes wishes;
  private final Progress progress;

  /**
   * What the user has said beforehand.
   *
   * @param boards to begin with
   * @param hostKeys or their fingerprints, of any of the boards
   * @param login looks at the boards
   * @param knownHosts the user's own, and the machine's
   * @param keys the folder for what runs log in and sign with
   * @param keysNamed whether the user has named that folder
   */
  public record Wishes(
      List<Endpoint> boards,
      List<String> hostKeys,
      Optional<SshIdentity> login,
      List<Path> knownHosts,
      Path keys,
      boolean keysNamed) {
    public Wishes {
      boards = List.copyOf(boards);
      hostKeys = List.copyOf(hostKeys);
      knownHosts = List.copyOf(knownHosts);
    }
  }

  /**
   * @param progress is told what is waited for, never while the dialog waits for an answer
   */
  public Setup(Dialog dialog, Nix nix, Place place, Wishes wishes, Progress progress) {
    this.dialog = dialog;
    this.nix = nix;
    this.place = place;
    this.wishes = wishes;
    this.progress = progress;
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
    Optional<Policy> policy = text.map(t -> PolicyReader.read(place.policy().toString(), t));
    place
        .unread()
        .ifPresent(
            file ->
                dialog.say("%s is there, too: nobody reads %s.".formatted(place.policy(), file)));

    List<NewBoard> met = boards(flake, policy);
    List<CrossVariant.Missing> missing = missing(flake, met);
    Optional<Destination> destination = Destination.of(dialog, policy, place.branch());
    List<NewBoard> boards = met.stream().map(board -> tagged(board, destination)).toList();
    KeyFolder folder = keyFolders.choose();
    CiKeys keys = CiKeys.in(folder.path(), place.name() + "-1");
    tell(keys, folder, policy.isPresent());
    var policies = new PolicyText(place.policy().toString());
    String wanted =
        text.map(t -> policies.with(t, boards, place.branch()))
            .orElseGet(() -> newPolicy(policies, boards, keys));
    boolean login = policies.mayWantLogin(wanted);

    var files = new NewFiles(dialog, place.root());
    if (!files.add(place.policy(), wanted)) {
      dialog.say("Nothing was written.");
      return;
    }
    Optional<String> environment = destination.map(Destination::name);
    environment.ifPresent(name -> addWorkflow(files, name, login));
    keys.write(folder);
    files.write();
    dialog.say(
        "\nWhat is left to do:\n\n"
            + new NextSteps(place, environment, keys, boards, login, missing).text());
  }

  private void addWorkflow(NewFiles files, String environment, boolean login) {
    WorkflowText.other(place, environment)
        .ifPresentOrElse(
            other ->
                dialog.say(
                    "%s runs Flakeferry for `%s` already, so no other workflow is written."
                        .formatted(other, environment)),
            () ->
                files.add(
                    WorkflowText.file(place.forge(), environment),
                    WorkflowText.of(place, environment, login)));
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

  private void tell(CiKeys keys, KeyFolder folder, boolean fleetIsThere) {
    if (!keys.areNew()) {
      dialog.say("Runs log in and sign with the keys that are in %s.".formatted(folder.path()));
    } else if (fleetIsThere) {
      dialog.say(
          "There are no keys in %s: new ones are made. If runs of this fleet have others, leave the"
                  .formatted(folder.path())
              + " secrets as they are, and name the folder of those with --keys next time.");
    } else {
      dialog.say("Runs log in and sign with new keys, in %s.".formatted(folder.path()));
    }
  }

  private Optional<FlakeLook> flake() {
    try {
      return Optional.of(
          new FlakeLook(nix, nix.flakeOf(place.root(), place.flake(), place.hasCommit())));
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

  private List<NewBoard> boards(Optional<FlakeLook> flake, Optional<Policy> policy) {
    List<BoardPolicy> there = policy.map(Policy::boards).orElse(List.of());
    var introduction =
        new Introduction(
            dialog,
            new KnownHosts(wishes.knownHosts()),
            wishes.hostKeys(),
            wishes.login(),
            progress);
    var questions =
        new BoardQuestions(
            dialog,
            flake,
            there.stream().map(board -> board.name().value()).collect(Collectors.toSet()));
    List<Introduction.Met> met =
        policy.isEmpty() && wishes.boards().isEmpty()
            ? List.of(askForBoard(introduction))
            : wishes.boards().stream()
                .filter(endpoint -> isNew(endpoint, there))
                .map(introduction::meet)
                .toList();
    return met.stream().map(introduction::with).map(questions::about).toList();
  }

  private Introduction.Met askForBoard(Introduction introduction) {
    return dialog.ask(
        "Which board, as ssh reaches it (root@HOST)?",
        "",
        answer -> {
          Endpoint endpoint =
              Endpoint.parse(answer).orElseThrow(() -> SetupRefused.noBoard(answer));
          try {
            return introduction.meet(endpoint);
          } catch (Failure failure) {
            throw SetupRefused.of(failure);
          }
        });
  }

  private boolean isNew(Endpoint endpoint, List<BoardPolicy> there) {
    Optional<BoardPolicy> known =
        there.stream()
            .filter(
                board ->
                    board.address().host().equalsIgnoreCase(endpoint.host())
                        && board.address().port() == endpoint.port())
            .findFirst();
    known.ifPresent(
        board ->
            dialog.say("%s is %s in %s already".formatted(endpoint, board.name(), place.policy())));
    return known.isEmpty();
  }

  private String newPolicy(PolicyText policies, List<NewBoard> boards, CiKeys keys) {
    return dialog.ask(
        "Which binary cache is all published to, so that nothing is built twice (https://…, s3://…)?"
            + " Empty for none:",
        "",
        answer -> {
          Optional<String> cache = Optional.of(answer).filter(url -> !url.isEmpty());
          try {
            return policies.of(boards, place.branch(), cache, keys.publicKey());
          } catch (PolicyInvalid invalid) {
            throw cache.<Failure>map(url -> SetupRefused.badCache(url, invalid)).orElse(invalid);
          }
        });
  }

  private List<CrossVariant.Missing> missing(Optional<FlakeLook> flake, List<NewBoard> boards) {
    var missing = new ArrayList<CrossVariant.Missing>();
    for (String configuration : boards.stream().map(NewBoard::configuration).distinct().toList()) {
      switch (flake.flatMap(look -> CrossVariant.of(look, configuration)).orElse(NOT_KNOWN)) {
        case CrossVariant.NotNeeded() -> {}
        case CrossVariant.Found(String name) ->
            dialog.say("Runs build %s, the cross variant of %s.".formatted(name, configuration));
        case CrossVariant.Missing lacking -> missing.add(lacking);
      }
    }
    return missing;
  }
}
