package io.github.flakeferry.pipeline.check;

import io.github.flakeferry.board.BoardFacts;
import io.github.flakeferry.board.Boards;
import io.github.flakeferry.board.Fitness;
import io.github.flakeferry.fleet.BoardPolicy;
import io.github.flakeferry.fleet.Endpoint;
import io.github.flakeferry.fleet.Policy;
import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.FailureReason;
import io.github.flakeferry.model.PublicKey;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.pipeline.BoardStatus;
import io.github.flakeferry.pipeline.Fleet;
import io.github.flakeferry.pipeline.Status;
import io.github.flakeferry.support.Words;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Whether each board can be reached, is the one that was pinned, lets us do what a deployment does,
 * and is in a state for one. All are asked at once, and none is changed.
 */
public final class BoardsCheck implements Check {
  private static final Duration OFF = Duration.ofMinutes(2);
  private static final long SHORT = 1L << 30;
  private static final long SHORT_BOOT = 64L << 20;

  private final Fleet fleet;
  private final Supplier<Optional<Boards>> boards;
  private final Signers signers;

  /**
   * Whose signatures are on what boards get, where they are at hand.
   *
   * @param pullRequests of what is tried on the boards of environments for pull requests
   * @param others of all else
   */
  public record Signers(Optional<PublicKey> others, Optional<PublicKey> pullRequests) {
    /** The one whose systems a board gets. */
    Optional<PublicKey> of(Policy policy, BoardPolicy board) {
      boolean preview =
          policy.environments().stream()
              .anyMatch(
                  environment ->
                      environment.trigger().matchesPullRequest()
                          && policy.boardsOf(environment).contains(board));
      return preview ? pullRequests : others;
    }
  }

  /**
   * @param boards are opened when they are asked; absent where there is no key to log in with
   */
  public BoardsCheck(Fleet fleet, Supplier<Optional<Boards>> boards, Signers signers) {
    this.fleet = fleet;
    this.boards = boards;
    this.signers = signers;
  }

  @Override
  public String name() {
    return "board";
  }

  @Override
  public List<Finding> look() {
    Optional<Boards> opened = boards.get();
    if (opened.isEmpty()) {
      return List.of(
          Finding.warning(
              name(),
              "no board was asked: there is no SSH key and no agent",
              "Name the key that runs log in with in FLAKEFERRY_SSH_KEY_FILE."));
    }
    return new Status(fleet, opened.get())
        .ask(List.of()).stream().flatMap(status -> findings(status).stream()).toList();
  }

  private List<Finding> findings(BoardStatus status) {
    return switch (status) {
      case BoardStatus.Silent(var board, var failure)
          when failure.reason() == FailureReason.REFUSED ->
          List.of(wrong(board, failure.code(), failure.problem(), failure.advice()));
      case BoardStatus.Silent(var board, var failure) ->
          List.of(
              Finding.warning(
                  name(),
                  about(board, failure.problem()),
                  "A run leaves it for later, and deploys to it once it is there."));
      case BoardStatus.Answered answered -> findings(answered.board(), answered.facts());
    };
  }

  private List<Finding> findings(BoardPolicy board, BoardFacts facts) {
    var findings = new ArrayList<Finding>();
    Fitness.troubles(facts, board.address().user())
        .forEach(trouble -> findings.add(wrong(board, trouble.code(), trouble.words(), "")));
    trust(board, facts).ifPresent(findings::add);
    if (findings.isEmpty()) {
      findings.add(
          Finding.ok(
              name(),
              about(
                  board,
                  "%s, Nix %s, runs %s"
                      .formatted(
                          facts.machine(),
                          facts.nixVersion().orElse("none"),
                          facts.current().map(StorePath::name).orElse("no system")))));
    }
    findings.add(room(board, "/nix", facts.storeFreeBytes(), SHORT));
    facts
        .bootFreeBytes()
        .map(free -> room(board, "/boot", free, SHORT_BOOT))
        .ifPresent(findings::add);
    findings.add(clock(board, facts.clock(), Instant.now()));
    return findings;
  }

  /** Root's Nix takes what nobody signed; anybody else's only what a key signed that it trusts. */
  private Optional<Finding> trust(BoardPolicy board, BoardFacts facts) {
    Optional<PublicKey> signer = signers.of(fleet.policy(), board);
    if (board.address().user().equals(Endpoint.ROOT)
        || signer.isEmpty()
        || facts.trustedKeys().contains(signer.get().toString())) {
      return Optional.empty();
    }
    return Optional.of(
        wrong(
            board,
            FailureCode.SIGNATURE,
            "its Nix does not trust the key that signs, " + signer.get(),
            "In its configuration: nix.settings.trusted-public-keys = [ \"%s\" ];"
                .formatted(signer.get())));
  }

  private Finding room(BoardPolicy board, String folder, long free, long enough) {
    String message = about(board, "%s are free in %s".formatted(Words.bytes(free), folder));
    return free < enough
        ? Finding.warning(
            name(),
            message,
            "Collect garbage there, or let the policy do it: `gc`, `keep-generations`.")
        : Finding.ok(name(), message);
  }

  private Finding clock(BoardPolicy board, Instant theirs, Instant now) {
    Duration apart = Duration.between(now, theirs);
    String message =
        about(
            board,
            "its clock is %d s %s ours"
                .formatted(apart.abs().toSeconds(), apart.isNegative() ? "behind" : "ahead of"));
    return apart.abs().compareTo(OFF) > 0
        ? Finding.warning(name(), message, "Set the clock of whichever is wrong (NTP).")
        : Finding.ok(name(), message);
  }

  private Finding wrong(BoardPolicy board, FailureCode code, String message, String advice) {
    return Finding.wrong(name(), code, about(board, message), advice);
  }

  private static String about(BoardPolicy board, String message) {
    return board.name() + ": " + Words.printableLine(message);
  }
}
