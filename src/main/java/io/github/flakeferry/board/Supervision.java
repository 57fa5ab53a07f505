package io.github.flakeferry.board;

import io.github.flakeferry.model.BoardAction;
import io.github.flakeferry.model.Outcome;
import io.github.flakeferry.model.StorePath;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One run of the supervisor on a board: starts it and acknowledges it.
 *
 * @param token names the run there: the time, so that names sort by age, and a random part
 */
record Supervision(String token) {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss").withZone(ZoneOffset.UTC);
  private static final Duration START = Duration.ofSeconds(60);

  static Supervision create(Instant now) {
    byte[] random = new byte[4];
    new SecureRandom().nextBytes(random);
    return new Supervision(TIME.format(now) + "-" + HexFormat.of().formatHex(random));
  }

  /**
   * Starts the supervisor, detached from this connection.
   *
   * @throws BoardFailure if it can't be started; nothing has been activated then
   * @throws IOException if the link is lost: it may have been started or not
   */
  void start(Connection connection, Deployment deployment, StorePath system) throws IOException {
    var order = new LinkedHashMap<String, String>();
    order.put("action", deployment.action().label());
    order.put("new", system.toString());
    order.put("activation-seconds", seconds(deployment.terms().activation()));
    order.put("confirm-seconds", seconds(deployment.terms().confirm()));
    order.put("owner", Scripts.oneLine(deployment.owner()));
    deployment.commit().ifPresent(commit -> order.put("commit", commit.value()));
    deployment
        .lease()
        .filter(owner -> deployment.action() == BoardAction.TEST)
        .ifPresent(owner -> order.put("lease", Scripts.oneLine(owner)));
    var lines = new StringBuilder();
    order.forEach((key, value) -> lines.append(key).append(' ').append(value).append('\n'));
    var answer =
        connection.run(
            Scripts.with(
                "start",
                Map.of(
                    "token", token,
                    "order", lines.toString().stripTrailing(),
                    "supervisor", Scripts.read("supervisor"))),
            true,
            START);
    if (answer.status() != 0 || !answer.output().startsWith("started ")) {
      throw new BoardFailure(
          Outcome.FAILED,
          "the supervisor can't be started on "
              + deployment.board()
              + ": "
              + Scripts.oneLine(answer.errors()),
          "It needs root, systemd-run and a writable /nix/var.");
    }
  }

  /** What came of an attempt to acknowledge. */
  enum Acknowledged {
    /** The supervisor will commit. */
    CONFIRMED,
    /** The deadline was sooner. */
    TOO_LATE,
    /** It has not come to waiting, or is beyond it. */
    NOT_WAITING
  }

  /**
   * Tells the supervisor that all is well, over a connection made after the activation.
   *
   * @throws IOException if the link is lost: it may have been told or not
   */
  Acknowledged acknowledge(Connection connection, Duration patience) throws IOException {
    var answer =
        connection.run(Scripts.with("acknowledge", Map.of("token", token)), true, patience);
    String said = answer.output().strip();
    if (said.equals("confirmed " + token)) {
      return Acknowledged.CONFIRMED;
    }
    if (said.equals("deadline " + token)) {
      return Acknowledged.TOO_LATE;
    }
    if (said.startsWith("not-waiting ")) {
      return Acknowledged.NOT_WAITING;
    }
    throw new IOException(
        "the acknowledgement was not understood: " + Scripts.oneLine(said + " " + answer.errors()));
  }

  private static String seconds(Duration duration) {
    return Long.toString(duration.toSeconds());
  }
}
