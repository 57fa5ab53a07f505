package io.github.flakeferry.board;

import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.PublicKey;
import io.github.flakeferry.support.progress.Progress;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;

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
  void start(Connection connection, Deployment deployment) throws IOException {
    var order = new LinkedHashMap<String, String>();
    order.put("token", token);
    order.put("action", deployment.action().label());
    order.put("wanted", named(deployment.wanted()));
    order.put("activation-seconds", seconds(deployment.terms().activation()));
    order.put("confirm-seconds", seconds(deployment.terms().confirm()));
    order.put("owner", Scripts.oneLine(deployment.owner()));
    deployment.commit().ifPresent(commit -> order.put("commit", commit.value()));
    order.put("now", Long.toString(Instant.now().getEpochSecond()));
    deployment
        .lease()
        .ifPresent(
            lease -> {
              order.put("lease", lease.owner());
              lease
                  .until()
                  .ifPresent(end -> order.put("lease-until", Long.toString(end.getEpochSecond())));
              lease.takeFrom().ifPresent(other -> order.put("take-from", other));
            });
    if (deployment.wanted() instanceof Wanted.Incoming incoming && !incoming.signers().isEmpty()) {
      order.put(
          "keys",
          incoming.signers().stream().map(PublicKey::toString).collect(Collectors.joining(" ")));
    }
    order.put(
        "failed-units",
        switch (deployment.terms().failedUnits()) {
          case ROLL_BACK -> "roll-back";
          case ACCEPT -> "accept";
        });
    switch (deployment.terms().reboot().when()) {
      case NEVER -> {}
      case IF_NEEDED -> order.put("restart", "if-needed");
      case ALWAYS -> order.put("restart", "always");
    }
    List<String> lines =
        order.entrySet().stream().map(e -> e.getKey() + " " + e.getValue()).toList();
    var answer = connection.run(new BoardScript.Call("start", lines), START);
    if (answer.status() != 0 || !answer.output().startsWith("started ")) {
      throw new BoardFailure(
          FailureCode.NOT_BEGUN,
          "the supervisor can't be started on "
              + deployment.board()
              + ": "
              + Scripts.oneLine(answer.errors()),
          "It needs root, systemd-run and a writable /nix/var.");
    }
  }

  /**
   * The same, where somebody follows it in any case: a lost link is aborted, and whoever follows
   * finds out whether it was started.
   *
   * @throws BoardFailure if it can't be started; nothing has been activated then
   * @throws InterruptedIOException if the thread is interrupted
   */
  void startOrAbort(Connection connection, Deployment deployment, Progress progress)
      throws InterruptedIOException {
    try {
      start(connection, deployment);
    } catch (IOException e) {
      Interruption.check(e);
      progress.warn(deployment.board() + ": the link was lost while the supervisor was started");
      connection.abort();
    }
  }

  private static String named(Wanted wanted) {
    return switch (wanted) {
      case Wanted.Incoming incoming -> "path " + incoming.system();
      case Wanted.OfProfile() -> "profile";
      case Wanted.Generation(OptionalInt number) ->
          number.isPresent() ? "generation " + number.getAsInt() : "previous";
      case Wanted.Before(String run) -> "before " + run;
    };
  }

  /** What came of an attempt to acknowledge. */
  enum Acknowledged {
    /** The supervisor will commit. */
    CONFIRMED,
    /** It goes back: the deadline was sooner, or it was told to. */
    GOES_BACK,
    /** It has not come to waiting, or is beyond it. */
    NOT_WAITING
  }

  /**
   * Tells the supervisor that all is well, over a connection made after the activation.
   *
   * @throws IOException if the link is lost: it may have been told or not
   */
  Acknowledged acknowledge(Connection connection, Duration patience) throws IOException {
    var answer = connection.run(new BoardScript.Call("acknowledge", token), patience);
    return decision(answer);
  }

  /**
   * Tells the supervisor that all is not well.
   *
   * @param why one line, for people
   * @throws IOException if the link is lost: it may have been told or not
   */
  Acknowledged revoke(Connection connection, String why, Duration patience) throws IOException {
    return decision(
        connection.run(new BoardScript.Call("revoke", token, Scripts.oneLine(why)), patience));
  }

  private Acknowledged decision(Connection.Answer answer) throws IOException {
    String said = answer.output().strip();
    if (said.equals("confirmed " + token)) {
      return Acknowledged.CONFIRMED;
    }
    if (said.equals("deadline " + token) || said.equals("revoked " + token)) {
      return Acknowledged.GOES_BACK;
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
