package io.github.flakeferry.pipeline.setup;

import io.github.flakeferry.fleet.BoardPolicy;
import io.github.flakeferry.fleet.Endpoint;
import io.github.flakeferry.fleet.Policy;
import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.HostKey;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Gets to know the boards that the user has named and the policy has not. */
final class NewBoards {
  private final Dialog dialog;
  private final Place place;
  private final Optional<FlakeLook> flake;
  private final Introduction introduction;

  /**
   * @param flake absent where there is no Nix to ask
   */
  NewBoards(Dialog dialog, Place place, Optional<FlakeLook> flake, Introduction introduction) {
    this.dialog = dialog;
    this.place = place;
    this.flake = flake;
    this.introduction = introduction;
  }

  /**
   * Those of a policy; for one that is not there yet it asks for a board where none was named.
   *
   * @throws Failure if one can't be reached, or its key is not to be trusted
   */
  List<NewBoard> of(List<Endpoint> named, Optional<Policy> policy) {
    List<BoardPolicy> there = policy.map(Policy::boards).orElse(List.of());
    List<Introduction.Met> met =
        policy.isEmpty() && named.isEmpty()
            ? List.of(askForBoard())
            : named.stream()
                .filter(endpoint -> isNew(endpoint, there))
                .map(introduction::meet)
                .toList();
    introduction.refuseUnshown(met, pinned(named, there));
    var questions =
        new BoardQuestions(
            dialog,
            flake,
            there.stream().map(board -> board.name().value()).collect(Collectors.toSet()));
    return met.stream().map(introduction::with).map(questions::about).toList();
  }

  private Introduction.Met askForBoard() {
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
    Optional<BoardPolicy> known = there.stream().filter(board -> isAt(board, endpoint)).findFirst();
    known.ifPresent(
        board ->
            dialog.say("%s is %s in %s already".formatted(endpoint, board.name(), place.policy())));
    return known.isEmpty();
  }

  private static List<HostKey> pinned(List<Endpoint> named, List<BoardPolicy> there) {
    return there.stream()
        .filter(board -> named.stream().anyMatch(endpoint -> isAt(board, endpoint)))
        .flatMap(board -> board.address().hostKeys().stream())
        .toList();
  }

  // the same address behind jump hosts is another machine
  private static boolean isAt(BoardPolicy board, Endpoint endpoint) {
    return board.address().jumps().isEmpty()
        && board.address().host().equalsIgnoreCase(endpoint.host())
        && board.address().port() == endpoint.port();
  }
}
