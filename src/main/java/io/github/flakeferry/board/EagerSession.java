package io.github.flakeferry.board;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import net.schmizz.concurrent.Event;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.connection.Connection;
import net.schmizz.sshj.connection.ConnectionException;
import net.schmizz.sshj.connection.channel.direct.Session;
import net.schmizz.sshj.connection.channel.direct.SessionChannel;

/**
 * A session that does not wait until its command is accepted: what is written to the command goes
 * along with the request, which saves a round trip.
 */
final class EagerSession extends SessionChannel {
  EagerSession(Connection connection) {
    super(connection);
  }

  /** Starts a command. A board that refuses it closes the session. */
  Session.Command start(String commandLine) throws IOException {
    Event<ConnectionException> accepted =
        sendChannelRequest("exec", true, new Buffer.PlainBuffer().putString(commandLine));
    Thread.ofVirtual().start(() -> closeUnless(accepted));
    return this;
  }

  private void closeUnless(Event<ConnectionException> accepted) {
    try {
      accepted.await(conn.getTimeoutMs(), TimeUnit.MILLISECONDS);
    } catch (ConnectionException refused) {
      try {
        close();
      } catch (IOException e) {
        // the link is gone, and the session with it
      }
    }
  }
}
