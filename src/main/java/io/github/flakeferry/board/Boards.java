package io.github.flakeferry.board;

import io.github.flakeferry.board.delta.Encodings;
import io.github.flakeferry.model.BoardAddress;
import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.Closure;
import io.github.flakeferry.model.ContentSource;
import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.OldContents;
import io.github.flakeferry.model.Outcome;
import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.SshIdentity;
import io.github.flakeferry.model.UnitChanges;
import io.github.flakeferry.support.process.SearchPath;
import io.github.flakeferry.support.progress.Progress;
import io.github.flakeferry.support.progress.ProgressEvent;
import io.github.flakeferry.support.progress.Wait;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** All that is done to boards. May be used by several threads, one board each. */
public final class Boards implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(20);

  private final Connector connector;
  private final ContentSource contents;
  private final Encodings encodings;
  private final Progress progress;
  private final Map<BoardName, List<String>> failedBefore = new ConcurrentHashMap<>();

  /**
   * Boards whose old systems are where their new ones are, or nowhere.
   *
   * @param identity logs in on all boards and jump hosts
   * @param contents where the NARs of what a board lacks come from
   * @throws io.github.flakeferry.model.Failure if there is no key to be had from it
   */
  public Boards(SshIdentity identity, ContentSource contents, Progress progress) {
    this(identity, contents, OldContents.in(contents), progress);
  }

  /**
   * @param identity logs in on all boards and jump hosts
   * @param contents where the NARs of what a board lacks come from
   * @param old where those of what it has come from
   * @throws io.github.flakeferry.model.Failure if there is no key to be had from it
   */
  public Boards(SshIdentity identity, ContentSource contents, OldContents old, Progress progress) {
    this.connector = new Connector(Login.of(identity));
    this.contents = contents;
    this.encodings = new Encodings(contents, old, ServeProtocol::announce, SearchPath.OURS);
    this.progress = progress;
  }

  /**
   * Brings a board to a system, or leaves it as it was. Blocks until the board has decided or can't
   * be reached any more. An interrupt before the activation cancels it; after that the board
   * decides by itself.
   *
   * @return what became of it, whatever the board does: nothing is thrown for that
   */
  public BoardResult deploy(Deployment deployment) {
    var run = new DeploymentRun(connector, contents, encodings, progress, deployment);
    BoardResult result = run.result();
    failedBefore.put(deployment.board(), run.failedBefore());
    progress.report(new ProgressEvent.BoardEnded(result));
    return result;
  }

  /**
   * Asks a board that {@link #deploy} has brought to its system whether it is still there and well:
   * it runs and boots the system, and passes the health checks. Changes nothing.
   *
   * @return what is amiss, {@link Outcome#SUPERSEDED} where the board has been given a newer commit
   *     since; empty when all is well, or when the thread is interrupted
   */
  public Optional<BoardFailure> amiss(Deployment deployment) {
    try {
      return new LookAgain(
              connector, deployment, failedBefore.getOrDefault(deployment.board(), List.of()))
          .amiss();
    } catch (InterruptedIOException e) {
      return Optional.empty();
    }
  }

  /**
   * Asks a board about itself and changes nothing.
   *
   * @throws BoardFailure if it can't be reached, is another one than was pinned, or answers what
   *     can't be understood
   */
  public BoardFacts facts(BoardName board, BoardAddress address) {
    return ask(board, address, connection -> Facts.ask(connection, address));
  }

  /**
   * Asks a board about itself and what it runs, and changes nothing.
   *
   * @throws BoardFailure as {@link #facts}, and if it can't tell what its system refers to
   */
  public BoardView view(BoardName board, BoardAddress address) {
    return ask(
        board,
        address,
        connection -> {
          BoardFacts facts = Facts.ask(connection, address);
          Optional<Closure> closure =
              facts.current().isPresent()
                  ? Facts.closure(connection, facts.current().get())
                  : Optional.empty();
          return closure
              .map(known -> new BoardView(facts, known))
              .orElseThrow(
                  () ->
                      new BoardFailure(
                          FailureCode.BOARD_STRANGE,
                          board + " does not tell what its system refers to",
                          "Look at /run/current-system there, and at its store: `nix-store"
                              + " --verify`."));
        });
  }

  /**
   * Asks a board what activating a system would do to its units. Nothing is activated.
   *
   * @param deployment of an incoming system
   * @param bring whether the board is sent what it lacks of it, as in a deployment; else nothing of
   *     the board changes
   * @return empty if it has not the system
   * @throws BoardFailure as {@link #facts}, if it would not activate the system, or can't take it
   */
  public Optional<UnitChanges> rehearse(Deployment deployment, boolean bring) {
    if (!(deployment.wanted() instanceof Wanted.Incoming wanted)) {
      throw new IllegalArgumentException("nothing is known of " + deployment.wanted());
    }
    if (!bring) {
      return ask(
          deployment.board(),
          deployment.address(),
          connection -> new DryActivation(connection, deployment).ask(wanted));
    }
    progress.report(
        new ProgressEvent.BoardStep(
            deployment.board(), "copy", Optional.of(deployment.address().toString())));
    try {
      return connected(
          deployment.board(),
          deployment.address(),
          connection -> brought(connection, deployment, wanted));
    } finally {
      progress.report(new ProgressEvent.BoardLeft(deployment.board()));
    }
  }

  private Optional<UnitChanges> brought(
      Connection connection, Deployment deployment, Wanted.Incoming wanted) throws IOException {
    BoardFacts facts = Facts.ask(connection, deployment.address());
    Preflight.checkBoard(facts, deployment);
    // open until it was asked: the board's collector keeps what was sent
    try (var delivery = new Delivery(connector, connection, deployment, contents, progress)) {
      List<PathInfo> missing = delivery.missing();
      Preflight.check(facts, deployment, missing);
      if (!missing.isEmpty()) {
        Optional<Closure> previous = Facts.closure(connection, facts.current().orElseThrow());
        delivery.bringAsWanted(missing, facts, previous, encodings);
      }
      return new DryActivation(delivery.connection(), deployment).ask(wanted);
    }
  }

  /**
   * Reads what a board keeps of one of its activations, and changes nothing.
   *
   * @throws BoardFailure as {@link #facts}, and if it has no such log or may not tell it
   */
  public RunLog log(BoardName board, BoardAddress address, RunLog.Wanted wanted) {
    return ask(board, address, connection -> new Logbook(connection, board, progress).read(wanted));
  }

  private interface Question<T> {
    T ask(Connection connection) throws IOException;
  }

  private <T> T ask(BoardName board, BoardAddress address, Question<T> question) {
    try (var _ = Wait.begin("asking " + board, progress)) {
      return connected(board, address, question);
    }
  }

  private <T> T connected(BoardName board, BoardAddress address, Question<T> question) {
    try (Connection connection = connector.open(address, CONNECT)) {
      return question.ask(connection);
    } catch (IOException e) {
      throw new BoardFailure(
          FailureCode.OFFLINE, "the link to %s was lost: %s".formatted(board, e.getMessage()), "");
    }
  }

  /** Forgets what is under way; all calls should have ended. */
  @Override
  public void close() {
    connector.close();
    encodings.close();
  }
}
