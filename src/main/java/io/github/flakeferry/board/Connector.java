package io.github.flakeferry.board;

import io.github.flakeferry.model.BoardAddress;
import io.github.flakeferry.model.FailureCode;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import net.schmizz.keepalive.KeepAliveRunner;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.common.DisconnectReason;
import net.schmizz.sshj.transport.TransportException;
import net.schmizz.sshj.userauth.UserAuthException;
import net.schmizz.sshj.userauth.method.AuthMethod;

/** Opens connections: pinned host keys only, nothing is forwarded. */
final class Connector implements AutoCloseable {
  /** How often the other side is asked whether it is there; {@link LinkWatch} hears the answer. */
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(3);

  /** How long a stream may be held up: longer than whoever watches it bears with it. */
  private static final Duration STREAM = StallWatch.Patience.USUAL.end().plusMinutes(5);

  /** Until a machine that has turned us away is asked again, the first time. */
  private static final Duration PAUSE = Duration.ofMillis(200);

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  /** What OpenSSH says to those whom PerSourcePenalties keeps out. */
  private static final String PENALTY = "Not allowed at this time";

  /** What Java says of a socket that the watchdog has closed. */
  private static final String OURSELVES = "Socket closed";

  private final Login login;
  private final Doors doors = new Doors();
  private final Watchdog watchdog = new Watchdog();

  Connector(Login login) {
    this.login = login;
  }

  /**
   * Connects, proves the other side by its pinned keys, and logs in; over the jump hosts in turn.
   * Whoever is turned away for having too much company comes again.
   *
   * @param patience for all of it, once it is our turn
   * @throws BoardFailure with DEFERRED if there is no answer, REFUSED if it is another machine or
   *     does not let us in
   * @throws InterruptedIOException if the thread is interrupted
   */
  Connection open(BoardAddress address, Duration patience) throws InterruptedIOException {
    BoardAddress first = address.jumps().isEmpty() ? address : address.jumps().getFirst();
    try (var guest = doors.enter(first, patience)) {
      long end = System.nanoTime() + patience.toNanos();
      Duration left = patience;
      for (Duration pause = PAUSE; ; pause = shorter(pause.multipliedBy(2), LONGEST_PAUSE)) {
        try {
          return attempt(address, guest, left);
        } catch (BoardFailure e) {
          left = Duration.ofNanos(end - System.nanoTime()).minus(pause.multipliedBy(2));
          if (!mayComeAgain(e) || left.isNegative()) {
            throw e;
          }
        }
        // not all at the same time
        Interruption.sleep(
            pause.plusMillis(ThreadLocalRandom.current().nextLong(pause.toMillis())));
      }
    }
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  // whose logins failed is not let in for longer than anybody waits
  private static boolean mayComeAgain(BoardFailure e) {
    return e.code() == FailureCode.TURNED_AWAY && !e.problem().contains(PENALTY);
  }

  private Connection attempt(BoardAddress address, Doors.Guest guest, Duration patience)
      throws InterruptedIOException {
    var chain = new CopyOnWriteArrayList<SSHClient>();
    var links = new CopyOnWriteArrayList<LinkWatch>();
    var hops = new ArrayList<>(address.jumps());
    hops.add(address);
    boolean done = false;
    try (var _ = watchdog.after(patience, () -> Connection.abort(List.copyOf(chain)))) {
      for (BoardAddress hop : hops) {
        hop(chain, links, hop, patience);
        guest.close();
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
    client.getConnection().setTimeoutMs((int) STREAM.toMillis());
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
      logIn(client, to);
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

  // each by itself: sshj would try the next key with a server that has closed the connection
  private void logIn(SSHClient client, BoardAddress to) throws IOException {
    int refused = 0;
    for (AuthMethod method : login.methods()) {
      try {
        client.auth(to.user(), method);
        return;
      } catch (UserAuthException e) {
        Optional<TransportException> closed = closed(e);
        if (closed.isPresent()) {
          throw endOfLogin(to, refused, closed.get());
        }
        refused++;
      }
    }
    throw new UserAuthException("no key is known there");
  }

  private static Optional<TransportException> closed(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof TransportException closed) {
        return Optional.of(closed);
      }
    }
    return Optional.empty();
  }

  // a lost link says no more than that; a server which has had enough may
  private static IOException endOfLogin(BoardAddress to, int refused, TransportException closed) {
    boolean saidWhy =
        closed.getDisconnectReason() != DisconnectReason.UNKNOWN
            && closed.getDisconnectReason() != DisconnectReason.CONNECTION_LOST;
    if (words(closed).contains(OURSELVES) || (refused == 0 && !saidWhy)) {
      return closed;
    }
    throw new BoardFailure(
        FailureCode.LOGIN,
        "%s does not let us in: it ended the login after %d %s: %s"
            .formatted(to, refused + 1, refused == 0 ? "key" : "keys", words(closed)),
        "It may let only so many keys be tried (MaxAuthTries). If the agent holds more, name the"
            + " file of the right one in FLAKEFERRY_SSH_KEY_FILE.");
  }

  // not before the login: OpenSSH takes a request before it for a fault. sshj would count what is
  // not answered, though the answers may only be waiting behind what was sent
  private static void keepAlive(SSHClient client) {
    if (client.getConnection().getKeepAlive() instanceof KeepAliveRunner runner) {
      runner.setMaxAliveCount(Integer.MAX_VALUE);
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
      case IOException late when words(late).contains(OURSELVES) ->
          unreachable(to.toString(), to.host(), late);
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
    String why = words(e).contains(OURSELVES) ? "it did not answer in time" : words(e);
    return new BoardFailure(
        FailureCode.OFFLINE,
        e instanceof UnknownHostException
            ? "the name " + host + " has no address"
            : to + " can't be reached: " + why,
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
