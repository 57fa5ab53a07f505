package io.github.flakeferry.pipeline;

import io.github.flakeferry.fleet.BoardPolicy;
import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.PublicKey;
import io.github.flakeferry.model.SystemPlatform;
import io.github.flakeferry.nix.Emulation;
import io.github.flakeferry.nix.EvaluatedSystem;
import io.github.flakeferry.nix.ForeignDerivation;
import io.github.flakeferry.support.Suggestions;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the pipeline itself refuses, before anything is built or touched. */
public final class Refused extends Failure {
  private static final int SHOWN = 10;

  private Refused(FailureCode code, String message, String advice) {
    super(code, message, advice);
  }

  static Refused noPolicy(List<String> places, String branch) {
    return new Refused(
        FailureCode.POLICY_MISSING,
        "there is no %s at the tip of %s".formatted(String.join(" or ", places), branch),
        "The policy is always read from the default branch. It says which boards there are.");
  }

  static Refused noPolicyHere(List<String> places, Path root) {
    return new Refused(
        FailureCode.POLICY_MISSING,
        "there is no %s in %s".formatted(String.join(" or ", places), root),
        "Go to the flake's folder, or name the file with --config.");
  }

  static Refused unreadablePolicy(Path file, IOException e) {
    return new Refused(
        FailureCode.POLICY_MISSING,
        e instanceof NoSuchFileException
            ? "there is no file " + file
            : "%s can't be read: %s".formatted(file, e.getMessage()),
        "");
  }

  static Refused noSuchBoard(String name, Collection<String> known) {
    return new Refused(
        FailureCode.BOARD_UNKNOWN,
        "the policy has no board '%s'%s"
            .formatted(
                name,
                Suggestions.nearest(name, known)
                    .map(n -> "; did you mean '" + n + "'?")
                    .orElse("")),
        "Its boards: " + String.join(", ", known));
  }

  static Refused noCommitHere(Path folder) {
    return new Refused(
        FailureCode.NO_COMMIT,
        folder + " is in no clone with a commit",
        "Go to a clone of the flake's repository, or commit what is there.");
  }

  static Refused inNoEnvironment(List<BoardName> boards) {
    return new Refused(
        FailureCode.ONLY_PREVIEWS,
        "%s: in no environment but those for pull requests, or the inputs leave none"
            .formatted(boards.stream().map(BoardName::toString).collect(Collectors.joining(", "))),
        "A pull request tries its system there. What deploys to a board for good is an environment"
            + " with another `on`.");
  }

  static Refused noSuchCommit(String name) {
    return new Refused(
        FailureCode.INPUT,
        "the working copy has no commit '%s'".formatted(name),
        "Name a branch, a tag or a commit that was fetched, or a path such as /nix/store/… or"
            + " ./result.");
  }

  static Refused noNixpkgs() {
    return new Refused(
        FailureCode.NIXPKGS,
        "the flake has no nixpkgs: neither an input nor a configuration has lib.systems",
        "Add an input nixpkgs.url = \"github:NixOS/nixpkgs/…\"; to flake.nix, and lock it.");
  }

  static Refused noSuchTarget(String word, Collection<String> known) {
    return new Refused(
        FailureCode.INPUT,
        "nixpkgs has no target with '%s' in its name, its system or its triple%s"
            .formatted(
                word,
                Suggestions.nearest(word, known)
                    .map(n -> "; did you mean '" + n + "'?")
                    .orElse("")),
        "`flakeferry systems` prints all of them.");
  }

  static Refused noSsh() {
    return new Refused(
        FailureCode.PROGRAM_MISSING,
        "there is no program `ssh` in the PATH",
        "Install it: `apt-get install openssh-client` on Debian and Ubuntu. All other commands do"
            + " without it.");
  }

  static Refused oneBoardForAGeneration() {
    return new Refused(
        FailureCode.INPUT,
        "--to names a generation of one board, and there are several",
        "Generations are numbered by each board for itself: roll back one board at a time.");
  }

  static Refused missingSecret(String what, String input) {
    return new Refused(
        FailureCode.SECRET_MISSING,
        what,
        "Give it as the input %s (or the variable FLAKEFERRY_%s, or a file named by FLAKEFERRY_%s_FILE)."
            .formatted(input, variable(input), variable(input)));
  }

  static Refused productionsKey(PublicKey key) {
    return new Refused(
        FailureCode.CACHE_KEY,
        "what pull requests build would be signed with the key of %s, which production trusts"
            .formatted(key),
        "Give pull-request-signing-key a key of its own: `flakeferry key generate NAME` makes one.");
  }

  private static String variable(String input) {
    return input.toUpperCase(java.util.Locale.ROOT).replace('-', '_');
  }

  static Refused notOnDefaultBranch(GitRevision commit, String ref, String defaultBranch) {
    return new Refused(
        FailureCode.NOT_MERGED,
        "the commit %s%s is not on %s"
            .formatted(
                commit.abbreviated(),
                ref.equals("refs/heads/" + defaultBranch) ? "" : " of " + ref,
                defaultBranch),
        "Merge it first, or name this very ref in the policy's trigger.");
  }

  static Refused sharedStore(String what, String ref) {
    return new Refused(
        FailureCode.SHARED_STORE,
        "what %s holds may come from anybody, and it would be built in %s".formatted(ref, what),
        "Other runs take what they find in a store for what its name says. Let such runs have a"
            + " container without it: no NIX_REMOTE, and nothing mounted at /nix.");
  }

  static Refused noSuchEnvironment(String name, Collection<String> known) {
    return new Refused(
        FailureCode.ENVIRONMENT_UNKNOWN,
        "the policy has no environment '%s'%s"
            .formatted(
                name,
                Suggestions.nearest(name, known)
                    .map(n -> "; did you mean '" + n + "'?")
                    .orElse("")),
        "Its environments: " + String.join(", ", known));
  }

  static Refused whichEnvironment(Collection<String> known) {
    return new Refused(
        FailureCode.ENVIRONMENT_UNKNOWN,
        "it is not clear which environment is meant",
        "Name one of them in the input environment: " + String.join(", ", known));
  }

  /** An input of a run that was started by hand. */
  static Refused badWish(String input, String problem) {
    return new Refused(FailureCode.INPUT, "the input %s: %s".formatted(input, problem), "");
  }

  static Refused noBoardWished(String selector, String environment, List<BoardPolicy> among) {
    var words =
        among.stream()
            .flatMap(board -> Stream.concat(Stream.of(board.name().value()), board.tags().stream()))
            .toList();
    return new Refused(
        FailureCode.INPUT,
        "the input boards: no board of %s matches '%s'%s"
            .formatted(
                environment,
                selector,
                Suggestions.nearest(selector, words)
                    .map(n -> "; did you mean '" + n + "'?")
                    .orElse("")),
        "Its boards: "
            + among.stream().map(board -> board.name().value()).collect(Collectors.joining(", ")));
  }

  /**
   * What its ref says of a commit.
   *
   * @param now where the ref points to; empty where it is no longer there
   * @return empty where it is the commit still
   */
  static Optional<Refused> moved(Plan.Content content, Optional<GitRevision> now) {
    if (now.equals(Optional.of(content.commit()))) {
      return Optional.empty();
    }
    return Optional.of(
        now.map(
                newer ->
                    new Refused(
                        FailureCode.MOVED_ON,
                        "%s is %s by now, no longer %s"
                            .formatted(
                                content.ref(), newer.abbreviated(), content.commit().abbreviated()),
                        "The run for the newer commit does the work; --allow-older deploys this one"
                            + " all the same."))
            .orElseGet(
                () ->
                    new Refused(
                        FailureCode.MOVED_ON,
                        "%s is no longer there: it was deleted after %s had been pushed to it"
                            .formatted(content.ref(), content.commit().abbreviated()),
                        "Push it again to deploy it; --allow-older deploys this commit all the"
                            + " same.")));
  }

  static Refused closedMeanwhile(long pullRequest) {
    return new Refused(
        FailureCode.REQUEST_OVER,
        "pull request %d was closed while its system was built".formatted(pullRequest),
        "No board is kept for it.");
  }

  static Refused unwantedMeanwhile(long pullRequest) {
    return new Refused(
        FailureCode.REQUEST_OVER,
        "pull request %d was made a draft or lost its label while its system was built"
            .formatted(pullRequest),
        "No board is kept for it.");
  }

  static Refused notThePresentHead(GitRevision asked, String ref, Optional<GitRevision> now) {
    return new Refused(
        FailureCode.NOT_THE_HEAD,
        "%s is %s, not %s"
            .formatted(ref, now.map(GitRevision::value).orElse("not there"), asked.value()),
        "Look at what is new in it, and start the workflow again with its present head.");
  }

  static Refused noSuchRef(String ref) {
    return new Refused(
        FailureCode.INPUT, "the repository has no branch or tag '%s'".formatted(ref), "");
  }

  static Refused nothingToDeploy(String why) {
    return new Refused(
        FailureCode.NOTHING_TO_DEPLOY,
        "there is nothing to deploy: " + why,
        "Start this job only where the one that builds has set the output matrix to more than"
            + " {\"include\":[]}.");
  }

  static Refused sweepsInOneJob() {
    return new Refused(
        FailureCode.JOBS,
        "a schedule is not for two jobs: only the boards tell what has to be built",
        "Start `run` by the schedule, in a job of its own.");
  }

  static Refused exportNotEmpty(Path folder) {
    return new Refused(
        FailureCode.HANDOVER,
        "%s is not empty, and the closure is to be exported there".formatted(folder),
        "Delete what an earlier build left, or name another folder.");
  }

  static Refused cantHandOver(Path path, IOException e) {
    return new Refused(
        FailureCode.HANDOVER,
        "%s can't be used: %s".formatted(path, e),
        "What was built is left there for the job that deploys it.");
  }

  static Refused tooLargeForAMatrix(int boards) {
    return new Refused(
        FailureCode.JOBS,
        "%d boards or their environments are more than a matrix of GitHub's holds (%d jobs of at"
                .formatted(boards, Matrix.MOST_GROUPS)
            + " most %d boards, and 1 MB)".formatted(Matrix.MOST_BOARDS),
        "Make a matrix for each part of them: narrow it by the inputs environment and boards.");
  }

  static Refused needsEmulator(List<EvaluatedSystem> systems, SystemPlatform machine) {
    String names =
        systems.stream()
            .map(s -> "%s (%s)".formatted(s.configuration(), s.hostPlatform()))
            .collect(Collectors.joining(", "));
    return new Refused(
        FailureCode.EMULATOR,
        "the smoke commands of %s can't run here: this machine is %s, and has no emulator for them"
            .formatted(names, machine),
        Emulation.advice(systems.getFirst().hostPlatform())
            + " Or take `smoke` out of the policy.");
  }

  static Refused needsForeignBuilders(
      String configuration, List<ForeignDerivation> derivations, SystemPlatform machine) {
    SystemPlatform platform = derivations.getFirst().platform();
    String shown =
        derivations.stream()
            .limit(SHOWN)
            .map(d -> "  " + d.derivation() + " (" + d.platform() + ")")
            .collect(Collectors.joining("\n"));
    String more =
        derivations.size() > SHOWN ? "\n  … and %d more".formatted(derivations.size() - SHOWN) : "";
    return new Refused(
        FailureCode.PLATFORM,
        "%s would have to be built on %s, and this machine is %s:\n%s%s"
            .formatted(configuration, platform, machine, shown, more),
        PlatformAdvice.of(configuration, platform, machine));
  }
}
