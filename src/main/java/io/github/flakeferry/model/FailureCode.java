package io.github.flakeferry.model;

import java.net.URI;
import java.util.Optional;

/**
 * What can go wrong, each under a code that never changes its meaning: people find it in the docs,
 * by {@code flakeferry explain}, and on the web. Its first two digits are the exit code of a run
 * that ends for it. Each has a page, {@code src/doc/errors/FF-….md}, whose heading is its title.
 */
public enum FailureCode {
  DEFECT(FailureReason.INTERNAL_ERROR, 1, "a defect of Flakeferry"),
  MACHINE_FILES(FailureReason.INTERNAL_ERROR, 2, "a file or folder of this machine can't be used"),

  COMMAND_LINE(FailureReason.USAGE, 1, "the command line is not understood"),
  INPUT(FailureReason.USAGE, 2, "an input or option has a value that it can't have"),
  SECRET_MISSING(FailureReason.USAGE, 3, "a key or another secret is missing"),
  EVENT(FailureReason.USAGE, 4, "nothing says which event started the run"),
  BOARD_UNKNOWN(FailureReason.USAGE, 5, "the policy has no such board"),
  ENVIRONMENT_UNKNOWN(FailureReason.USAGE, 6, "it is not clear which environment is meant"),
  SELECTOR(FailureReason.USAGE, 7, "a text is not a selector"),
  PROGRAM_MISSING(FailureReason.USAGE, 8, "a program that the command needs is not there"),
  HANDOVER(FailureReason.USAGE, 9, "what one job leaves for another can't be written or read"),
  JOBS(FailureReason.USAGE, 10, "the work can't be divided into jobs like this"),
  NOT_IN_STORE(FailureReason.USAGE, 11, "the store of this machine does not have a path"),
  TEST_BED(FailureReason.USAGE, 12, "this machine can't have a board of its own"),
  NO_COMMIT(FailureReason.USAGE, 13, "the folder is in no clone with a commit"),

  POLICY(FailureReason.CONFIG_INVALID, 1, "the policy has faults"),
  POLICY_MISSING(FailureReason.CONFIG_INVALID, 2, "there is no policy, or it can't be read"),
  SSH_KEY(FailureReason.CONFIG_INVALID, 3, "the SSH key can't be read"),
  SSH_AGENT(FailureReason.CONFIG_INVALID, 4, "the SSH agent gives no key"),

  REPOSITORY_UNREACHABLE(FailureReason.SOURCE_FAILED, 1, "the repository can't be reached"),
  REPOSITORY_CLOSED(FailureReason.SOURCE_FAILED, 2, "the token may not read the repository"),
  COMMIT_GONE(FailureReason.SOURCE_FAILED, 3, "the commit or branch is not in the repository"),
  SUBMODULE(FailureReason.SOURCE_FAILED, 4, "a submodule could not be had"),
  COMMIT_HOSTILE(
      FailureReason.SOURCE_FAILED, 5, "the commit has names that lead out of a checkout"),
  CHECKOUT_FOLDER(FailureReason.SOURCE_FAILED, 6, "there is no room or folder for the checkout"),
  CLONE_DAMAGED(FailureReason.SOURCE_FAILED, 7, "the clone is damaged or not whole"),

  EVALUATION(FailureReason.EVALUATION_FAILED, 1, "the flake can't be evaluated"),
  FLAKE_MISSING(FailureReason.EVALUATION_FAILED, 2, "there is no flake with configurations"),
  CONFIGURATION(FailureReason.EVALUATION_FAILED, 3, "the flake has no such system"),
  LOCK_FILE(FailureReason.EVALUATION_FAILED, 4, "an input of the flake is not locked"),
  PLATFORM(FailureReason.EVALUATION_FAILED, 5, "nothing here builds for a board's platform"),
  EMULATOR(FailureReason.EVALUATION_FAILED, 6, "this machine has no emulator for a platform"),
  NIX_MISSING(FailureReason.EVALUATION_FAILED, 7, "there is no Nix on this machine"),
  NIX_FAILED(FailureReason.EVALUATION_FAILED, 8, "Nix does not answer as it should"),
  NIXPKGS(FailureReason.EVALUATION_FAILED, 9, "the flake has no nixpkgs"),

  BUILD(FailureReason.BUILD_FAILED, 1, "something did not build"),
  SMOKE(FailureReason.BUILD_FAILED, 2, "a smoke command failed"),
  DISK_FULL(FailureReason.BUILD_FAILED, 3, "this machine has no room to build"),
  STORE(FailureReason.BUILD_FAILED, 4, "Nix can't use the store of this machine"),

  CACHE_CLOSED(FailureReason.PUBLISH_FAILED, 1, "the cache does not let us write"),
  CACHE_FULL(FailureReason.PUBLISH_FAILED, 2, "the cache is full, or takes no file of this size"),
  CACHE_DOWN(FailureReason.PUBLISH_FAILED, 3, "the cache can't be reached, or is in trouble"),
  CACHE_ADDRESS(
      FailureReason.PUBLISH_FAILED, 4, "the address is not that of a cache to publish to"),
  CACHE_KEY(FailureReason.PUBLISH_FAILED, 5, "the signing key is not the one of the cache"),
  CACHE_PATH(FailureReason.PUBLISH_FAILED, 6, "a path can't be published as it is"),
  CACHE_FOLDER(FailureReason.PUBLISH_FAILED, 7, "a file or folder for publishing can't be used"),
  CACHE_PROGRAM(FailureReason.PUBLISH_FAILED, 8, "the program that uploads is missing or failed"),

  OFFLINE(Outcome.DEFERRED, 1, "the board can't be reached"),
  TURNED_AWAY(Outcome.DEFERRED, 2, "the board closes the connection before a login"),
  LINK_LOST(Outcome.FAILED, 3, "the link to the board does not hold"),
  BOARD_STRANGE(Outcome.FAILED, 4, "the board answers what is not understood"),
  PATH_REFUSED(Outcome.FAILED, 5, "the board's Nix does not take a path"),
  BOARD_DISK_FULL(Outcome.FAILED, 6, "the board's disk got full while paths were sent"),
  NOT_FETCHED(Outcome.FAILED, 7, "the board got paths from no cache"),
  NOT_BEGUN(Outcome.FAILED, 8, "the board's supervisor failed before it activated anything"),
  NO_WAY_BACK(Outcome.FAILED, 9, "the board could not go back to its previous system"),
  NOT_RESTARTED(Outcome.FAILED, 10, "the board's restart did not bring the new system"),
  NO_LONGER_WELL(Outcome.FAILED, 11, "the board was no longer well when the next wave was due"),
  IN_DOUBT(Outcome.IN_DOUBT, 12, "what the board did is not known"),
  NOT_BACK(Outcome.IN_DOUBT, 13, "the board did not come back from its restart"),
  CANCELLED(Outcome.CANCELLED, 14, "the run was cancelled before the board was touched"),
  SKIPPED(Outcome.SKIPPED, 15, "the board was left alone, as others failed"),
  WAITING(Outcome.WAITING, 16, "the pull request waits for a board"),
  UNTRIED(Outcome.DEFERRED, 17, "no board of an earlier wave has tried the system"),

  PARTLY(FailureReason.PARTIALLY_DEPLOYED, 1, "some boards reached their systems, some did not"),

  ACTIVATION(Outcome.ROLLED_BACK, 1, "the activation failed, and the board went back"),
  NOT_HEALTHY(Outcome.ROLLED_BACK, 2, "the new system was not healthy, and the board went back"),
  NOT_CONFIRMED(Outcome.ROLLED_BACK, 3, "nobody confirmed the new system, and the board went back"),
  NO_DEFAULT(Outcome.ROLLED_BACK, 4, "the new system could not be made the default"),
  CUT_SHORT(Outcome.ROLLED_BACK, 5, "the activation was cut short, and the board went back"),

  HOST_KEY(Outcome.REFUSED, 1, "another machine answers than was pinned"),
  LOGIN(Outcome.REFUSED, 2, "the board does not let us in"),
  SIGNATURE(Outcome.REFUSED, 3, "the board trusts no signature of what it should get"),
  WRONG_MACHINE(Outcome.REFUSED, 4, "the system is for another kind of machine"),
  NO_ROOM(Outcome.REFUSED, 5, "the board has too little room or memory"),
  NOT_NIXOS(Outcome.REFUSED, 6, "the board has no NixOS, or one that is too old"),
  NOT_ROOT(Outcome.REFUSED, 7, "the user may do nothing as root on the board"),
  READ_ONLY(Outcome.REFUSED, 8, "the board's disk takes no writes"),
  UNKNOWN_SYSTEM(Outcome.REFUSED, 9, "somebody else activated what the board runs"),
  NOTHING_KEPT(Outcome.REFUSED, 10, "the board has no such generation or log"),
  CACHE_UNTRUSTED(Outcome.REFUSED, 11, "the board does not fetch from the cache"),
  OTHER_VERSION(Outcome.REFUSED, 12, "the board's flakeferry-board is of another version"),
  NEEDS_RESTART(Outcome.REFUSED, 13, "the new system needs a restart of the board"),
  NOT_ACTIVATED(Outcome.REFUSED, 14, "the board refused to activate the system"),
  NOT_MERGED(FailureReason.REFUSED, 15, "the commit is not on the default branch"),
  NOT_THE_HEAD(FailureReason.REFUSED, 16, "the commit is not the present head"),
  SHARED_STORE(FailureReason.REFUSED, 17, "what anybody may have written is not built here"),
  NOTHING_TO_DEPLOY(FailureReason.REFUSED, 18, "there is nothing to deploy"),
  RECORD(FailureReason.REFUSED, 19, "what another job built is not what it should be"),
  HOST_KEY_NEW(FailureReason.REFUSED, 20, "nobody has confirmed the host key of a new board"),
  ONLY_PREVIEWS(FailureReason.REFUSED, 21, "the board is for pull requests only"),
  HOST_KEY_REVOKED(FailureReason.REFUSED, 22, "the host key of a new board is revoked"),

  ACTIVATING(Outcome.BUSY, 1, "somebody else is activating a system on the board"),
  LENT(Outcome.BUSY, 2, "the board is lent to somebody else"),
  NO_BOARD_FREE(Outcome.BUSY, 3, "no board is free for the pull request"),

  MOVED_ON(Outcome.SUPERSEDED, 1, "there is something newer to deploy"),
  NEWER_THERE(Outcome.SUPERSEDED, 2, "the board has a newer commit"),
  REQUEST_OVER(FailureReason.SUPERSEDED, 3, "the pull request needs no board any more"),
  SWITCHED(Outcome.SUPERSEDED, 4, "somebody else activated another system meanwhile");

  private static final URI PAGES =
      URI.create("https://github.com/flakeferry/flakeferry/blob/main/src/doc/errors/");

  private final FailureReason reason;
  private final Optional<Outcome> outcome;
  private final int number;
  private final String title;

  FailureCode(FailureReason reason, int number, String title) {
    this(reason, Optional.empty(), number, title);
  }

  FailureCode(Outcome outcome, int number, String title) {
    this(reasonOf(outcome), Optional.of(outcome), number, title);
  }

  FailureCode(FailureReason reason, Optional<Outcome> outcome, int number, String title) {
    this.reason = reason;
    this.outcome = outcome;
    this.number = number;
    this.title = title;
  }

  private static FailureReason reasonOf(Outcome outcome) {
    return switch (outcome) {
      case REFUSED -> FailureReason.REFUSED;
      case BUSY -> FailureReason.BOARD_BUSY;
      case ROLLED_BACK -> FailureReason.ROLLED_BACK;
      case SUPERSEDED -> FailureReason.SUPERSEDED;
      case DEPLOYED, UNCHANGED, FAILED, DEFERRED, WAITING, IN_DOUBT, CANCELLED, SKIPPED ->
          FailureReason.DEPLOY_FAILED;
    };
  }

  /** {@code FF-1101}. */
  public String label() {
    return "FF-%02d%02d".formatted(reason.exitCode(), number);
  }

  /** What it is, in a few words: "the board can't be reached". */
  public String title() {
    return title;
  }

  /** Why a run does not end well for it. */
  public FailureReason reason() {
    return reason;
  }

  /** What it makes of a board; empty where it is no matter of one board. */
  public Optional<Outcome> outcome() {
    return outcome;
  }

  /** Where people read what to do about it. */
  public URI page() {
    return PAGES.resolve(label() + ".md");
  }

  @Override
  public String toString() {
    return label();
  }
}
