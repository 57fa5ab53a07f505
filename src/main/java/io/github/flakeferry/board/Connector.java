package io.github.flakeferry.board;

import io.github.flakeferry.model.BoardAddress;
import io.github.flakeferry.model.FailureCode;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import net.schmizz.keepalive.KeepAliveRunner;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.common.DisconnectReason;
import net.schmizz.sshj.transport.TransportException;
import net.schmizz.sshj.userauth.UserAuthException;

/** Opens connections: pinned host keys only, nothing is forwarded. */
final class Connector implements AutoCloseable {
  /** After three of these without an answer a link counts as lost. */
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(3);

  private static final int MISSED_KEEP_ALIVES = 3;

  /** How long an answer to a single request may take: a slow disk holds a stream up. */
  private static final Duration ANSWER = Duration.ofMinutes(2);

  private final Login login;
  private final Watchdog watchdog = new Watchdog();

  Connector(Login login) {
    this.login = login;
  }

  /**
   * Connects, proves the other side by its pinned keys, and logs in; over the jump hosts in turn.
   *
   * @param patience for all of it
   * @throws BoardFailure with DEFERRED if there is no answer, REFUSED if it is another machine or
   *     does not let us in
   * @throws InterruptedIOException if the thread is interrupted
   */
  Connection open(BoardAddress address, Duration patience) throws InterruptedIOException {
    var chain = new CopyOnWriteArrayList<SSHClient>();
    var links = new CopyOnWriteArrayList<LinkWatch>();
    var hops = new ArrayList<>(address.jumps());
    hops.add(address);
    boolean done = false;
    try (var _ = watchdog.after(patience, () -> Connection.abort(List.copyOf(chain)))) {
      for (BoardAddress hop : hops) {
        hop(chain, links, hop, patience);
      }
      done = true;
      return new Connection(address, chain, links, watchdog);
    } finally {
      if (!done) {
        new Connection(address, chain, links, watchdog).close();
      }
    }
  }

  private void hop(List<SSHClient> chain, List<LinkWatch> links, BoardAddress to, Duration patience)
      throws InterruptedIOException {
    var client = new SSHClient(SshConfig.create());
    client.setConnectTimeout((int) patience.toMillis());
    // only bounds the greeting: later the reader goes on after each time-out
    client.setTimeout((int) patience.toMillis());
    client.getTransport().setTimeoutMs((int) patience.toMillis());
    client.getConnection().setTimeoutMs((int) ANSWER.toMillis());
    var pins = new PinnedKeys(to);
    client.addHostKeyVerifier(pins);
    var link = new LinkWatch();
    links.add(link);
    try {
      if (chain.isEmpty()) {
        chain.add(client);
        client.setSocketFactory(link.sockets());
        client.connect(to.host(), to.port());
      } else {
        var through = link.from(chain.getLast().getConnection(), to.host(), to.port());
        through.open();
        chain.add(client);
        client.connectVia(through);
      }
      client.auth(to.user(), login.methods());
      link.loggedIn();
      keepAlive(client);
    } catch (IOException | IllegalStateException e) {
      IOException fault = fault(e);
      Interruption.check(fault);
      throw translate(to, pins, link.greeting(), fault);
    }
  }

  /** What sshj throws: a link that is lost while it connects is a wrong state to it. */
  static IOException fault(Exception e) {
    return e instanceof IOException fault ? fault : new IOException(e.getMessage(), e);
  }

  // not before the login: OpenSSH takes a request before it for a fault
  private static void keepAlive(SSHClient client) {
    if (client.getConnection().getKeepAlive() instanceof KeepAliveRunner runner) {
      runner.setMaxAliveCount(MISSED_KEEP_ALIVES);
      runner.setKeepAliveInterval((int) KEEP_ALIVE.toSeconds());
      runner.setDaemon(true);
      runner.start();
    }
  }

  private BoardFailure translate(BoardAddress to, PinnedKeys pins, String greeting, IOException e) {
    if (pins.refused().isPresent()) {
      return new HostKeyMismatch(to, pins.refused().orElseThrow());
    }
    return switch (e) {
      case UserAuthException refused ->
          new BoardFailure(
              FailureCode.LOGIN,
              to + " does not let us in with the key " + login.shown(),
              "Add its public half to the authorized keys of " + to.user() + " on the board.");
      case TransportException t
          when t.getDisconnectReason() == DisconnectReason.KEY_EXCHANGE_FAILED
              || t.getDisconnectReason() == DisconnectReason.PROTOCOL_VERSION_NOT_SUPPORTED ->
          new BoardFailure(
              FailureCode.BOARD_STRANGE, to + " speaks no SSH that we know: " + t.getMessage(), "");
      // closed by the watchdog
      case IOException late when words(late).contains("Socket closed") ->
          new BoardFailure(
              FailureCode.OFFLINE, to + " can't be reached: it did not answer in time", "");
      case TransportException closed when !greeting.contains("SSH-") ->
          new BoardFailure(
              FailureCode.TURNED_AWAY,
              to
                  + " can't be reached: it closed the connection without a greeting"
                  + (greeting.isEmpty() ? "" : " and said: " + greeting),
              "Its sshd turns away whom it has too many of (MaxStartups), or whose logins failed"
                  + " (PerSourcePenalties, for a while). Its journal says which.");
      default -> unreachable(to.toString(), to.host(), e);
    };
  }

  /**
   * What it means that there is no connection, whoever would be at the other end.
   *
   * @param to for people
   */
  static BoardFailure unreachable(String to, String host, IOException e) {
    return new BoardFailure(
        FailureCode.OFFLINE,
        e instanceof UnknownHostException
            ? "the name " + host + " has no address"
            : to + " can't be reached: " + words(e),
        "");
  }

  private static String words(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  @Override
  public void close() {
    watchdog.close();
  }
}
