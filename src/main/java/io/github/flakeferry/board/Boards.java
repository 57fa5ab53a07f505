package io.github.flakeferry.board;

import io.github.flakeferry.board.delta.Encodings;
import io.github.flakeferry.model.BoardAddress;
import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.ContentSource;
import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.OldContents;
import io.github.flakeferry.model.Outcome;
import io.github.flakeferry.model.SshIdentity;
import io.github.flakeferry.support.process.SearchPath;
import io.github.flakeferry.support.progress.Progress;
import io.github.flakeferry.support.progress.ProgressEvent;
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
   * Reads what a board keeps of one of its activations, and changes nothing.
   *
   * @throws BoardFailure as {@link #facts}, and if it has no such log or may not tell it
   */
  public RunLog log(BoardName board, BoardAddress address, RunLog.Wanted wanted) {
    return ask(board, address, connection -> new Logbook(connection, board).read(wanted));
  }

  private interface Question<T> {
    T ask(Connection connection) throws IOException;
  }

  private <T> T ask(BoardName board, BoardAddress address, Question<T> question) {
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
