package io.github.flakeferry.pipeline.setup;

import io.github.flakeferry.board.KnownHosts;
import io.github.flakeferry.fleet.BoardPolicy;
import io.github.flakeferry.fleet.Endpoint;
import io.github.flakeferry.fleet.Policy;
import io.github.flakeferry.fleet.PolicyReader;
import io.github.flakeferry.model.SshIdentity;
import io.github.flakeferry.nix.Nix;
import io.github.flakeferry.nix.NixMissing;
import io.github.flakeferry.source.WorkingCopy;
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

  /**
   * What the user has said beforehand.
   *
   * @param boards to begin with
   * @param hostKeys or their fingerprints, of any of the boards
   * @param login looks at the boards
   * @param knownHosts the user's own
   * @param keys the folder for what runs log in and sign with
   */
  public record Wishes(
      List<Endpoint> boards,
      List<String> hostKeys,
      Optional<SshIdentity> login,
      Path knownHosts,
      Path keys) {
    public Wishes {
      boards = List.copyOf(boards);
      hostKeys = List.copyOf(hostKeys);
    }
  }

  public Setup(Dialog dialog, Nix nix, Place place, Wishes wishes) {
    this.dialog = dialog;
    this.nix = nix;
    this.place = place;
    this.wishes = wishes;
  }

  /**
   * Does all of it. Nothing is written before all is known, and so nothing where it fails.
   *
   * @throws io.github.flakeferry.model.Failure if there is no flake, a board can't be reached or is
   *     not confirmed, or an answer is of no use
   */
  public void begin() {
    refuseClone(wishes.keys());
    Optional<FlakeLook> flake = flake();
    Optional<String> text = policyText();
    Optional<Policy> policy = text.map(t -> PolicyReader.read(place.policy().toString(), t));

    List<NewBoard> boards = boards(flake, policy);
    Optional<String> cache = policy.isPresent() ? Optional.empty() : cache();
    CiKeys keys = CiKeys.in(wishes.keys(), place.name() + "-1");
    if (policy.isEmpty() && !keys.areNew()) {
      dialog.say("Runs log in and sign with the keys that are in %s.".formatted(wishes.keys()));
    } else if (policy.isPresent() && keys.areNew()) {
      dialog.say(
          "There are no keys in %s: new ones are made. If runs of this fleet have others, leave the"
                  .formatted(wishes.keys())
              + " secrets as they are, and name the folder of those with --keys next time.");
    }
    var policies = new PolicyText(place.policy().toString());
    String wanted =
        text.map(t -> policies.with(t, boards))
            .orElseGet(() -> policies.of(boards, place.branch(), cache, keys.publicKey()));
    boolean login = policies.mayWantLogin(wanted);

    keys.write();
    var files = new NewFiles(dialog, place.root());
    files.write(place.policy(), wanted);
    if (policy.filter(Setup::lacksOurEnvironment).isPresent()) {
      dialog.say(
          "%s has no environment `%s`, so no workflow is written: give the board the tags of one of its own."
              .formatted(place.policy(), PolicyText.ENVIRONMENT));
    } else {
      files.write(
          place.forge().workflows().resolve(WorkflowText.FILE),
          WorkflowText.of(place.forge(), place.branch(), place.flake(), login));
    }
    List<CrossVariant.Missing> missing = missing(flake, boards);
    dialog.say(
        "\nWhat is left to do:\n\n"
            + new NextSteps(place.forge(), place.branch(), keys, boards, login, missing).text());
  }

  private static boolean lacksOurEnvironment(Policy policy) {
    return policy.environments().stream()
        .noneMatch(environment -> environment.name().equals(PolicyText.ENVIRONMENT));
  }

  // also another one than the flake's, and whatever links lead there
  private static void refuseClone(Path keys) {
    Path there = keys.toAbsolutePath();
    while (Files.notExists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    try (var copy = WorkingCopy.around(there.toRealPath()).orElse(null)) {
      if (copy != null) {
        throw SetupRefused.keysInside(keys, copy.root());
      }
    } catch (IOException e) {
      throw SetupRefused.unusable(there, e);
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
            dialog, new KnownHosts(wishes.knownHosts()), wishes.hostKeys(), wishes.login());
    var questions =
        new BoardQuestions(
            dialog,
            flake,
            there.stream().map(board -> board.name().value()).collect(Collectors.toSet()));
    return endpoints(policy.isEmpty()).stream()
        .filter(endpoint -> isNew(endpoint, there))
        .map(introduction::with)
        .map(questions::about)
        .toList();
  }

  private List<Endpoint> endpoints(boolean needed) {
    if (!needed || !wishes.boards().isEmpty()) {
      return wishes.boards();
    }
    return List.of(
        Endpoint.parse(dialog.ask("Which board, as ssh reaches it (root@HOST)?", ""))
            .orElseThrow(SetupRefused::noBoard));
  }

  private boolean isNew(Endpoint endpoint, List<BoardPolicy> there) {
    Optional<BoardPolicy> known =
        there.stream()
            .filter(
                board ->
                    board.address().host().equals(endpoint.host())
                        && board.address().port() == endpoint.port())
            .findFirst();
    known.ifPresent(
        board ->
            dialog.say("%s is %s in %s already".formatted(endpoint, board.name(), place.policy())));
    return known.isEmpty();
  }

  private Optional<String> cache() {
    return Optional.of(
            dialog.ask(
                "A binary cache to publish to (https://…, s3://…), so that nothing is built twice?"
                    + " None:",
                ""))
        .filter(url -> !url.isEmpty());
  }

  private List<CrossVariant.Missing> missing(Optional<FlakeLook> flake, List<NewBoard> boards) {
    var missing = new ArrayList<CrossVariant.Missing>();
    for (String configuration : boards.stream().map(NewBoard::configuration).distinct().toList()) {
      switch (flake.flatMap(look -> CrossVariant.of(look, configuration)).orElse(NOT_KNOWN)) {
        case CrossVariant.NotNeeded() -> {}
        case CrossVariant.Found(String name) ->
            dialog.say("runs build %s, the cross variant of %s".formatted(name, configuration));
        case CrossVariant.Missing lacking -> missing.add(lacking);
      }
    }
    return missing;
  }
}
