package io.github.flakeferry.board;

import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.PublicKey;
import io.github.flakeferry.model.UnitChanges;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Asks a board what activating a system would do to its units. Nothing is activated. */
final class DryActivation {
  /** A bit more than the board gives it. */
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final Connection connection;
  private final Deployment deployment;

  /**
   * @param deployment of an incoming system
   */
  DryActivation(Connection connection, Deployment deployment) {
    this.connection = connection;
    this.deployment = deployment;
  }

  /**
   * Asks.
   *
   * @return empty if the board does not have the system
   * @throws BoardFailure if it does not tell: REFUSED for a system that it would not activate, BUSY
   *     while another one is being activated
   * @throws IOException if the link is lost
   */
  Optional<UnitChanges> ask(Wanted.Incoming wanted) throws IOException {
    var words = new ArrayList<>(List.of(wanted.system().toString()));
    wanted.signers().stream().map(PublicKey::toString).forEach(words::add);
    var call = new BoardScript.Call("rehearse", words);
    Connection.Answer answer = connection.run(call, PATIENCE);
    if (answer.status() != 0) {
      throw NotTold.of(deployment.board(), call, answer, "units", FailureCode.BOARD_STRANGE);
    }
    List<String> lines = answer.output().lines().toList();
    String first = lines.isEmpty() ? "" : Scripts.oneLine(lines.getFirst());
    return switch (first.replaceFirst(" .*", "")) {
      case "absent" -> Optional.empty();
      case "told" -> Optional.of(changes(lines.subList(1, lines.size())));
      case "busy" ->
          throw failure(FailureCode.ACTIVATING, "somebody is activating a system there", "");
      case "refused" -> {
        String why = first.substring("refused ".length());
        Optional<String> advice = SignatureAdvice.of(deployment, why);
        throw failure(
            advice.isPresent() ? FailureCode.SIGNATURE : FailureCode.NOT_ACTIVATED,
            why,
            advice.orElse(""));
      }
      default ->
          throw failure(FailureCode.NOT_BEGUN, first.replaceFirst("^failed ", ""), lastOf(lines));
    };
  }

  private static UnitChanges changes(List<String> log) {
    var units = new UnitLog();
    log.forEach(units::add);
    return units.changes();
  }

  private static String lastOf(List<String> lines) {
    return lines.size() < 2 ? "" : "It said last: " + Scripts.oneLine(lines.getLast());
  }

  private BoardFailure failure(FailureCode code, String why, String advice) {
    return new BoardFailure(
        code, "%s does not tell its units: %s".formatted(deployment.board(), why), advice);
  }
}
