package io.github.flakeferry.board;

import io.github.flakeferry.model.HostKey;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.security.PublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.transport.verification.HostKeyVerifier;

/** Asks a machine that nobody has pinned yet for its host key, and goes no further. */
public final class FirstContact {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private FirstContact() {}

  /**
   * The key that it shows, an ed25519 one where it has one. Nothing proves it: somebody has to
   * compare it.
   *
   * @param host IPv6 without brackets
   * @throws BoardFailure if it can't be reached or speaks no SSH
   */
  public static HostKey hostKey(String host, int port) throws InterruptedIOException {
    return hostKey(host, port, PATIENCE);
  }

  /**
   * @param patience for all of it
   */
  static HostKey hostKey(String host, int port, Duration patience) throws InterruptedIOException {
    var shown = new Shown();
    try (var watchdog = new Watchdog();
        var client = new SSHClient(SshConfig.create());
        // a time-out begins anew with each byte
        var _ = watchdog.after(patience, () -> Connection.abort(List.of(client)))) {
      client.setConnectTimeout((int) patience.toMillis());
      client.setTimeout((int) patience.toMillis());
      client.getTransport().setTimeoutMs((int) patience.toMillis());
      client.addHostKeyVerifier(shown);
      client.connect(host, port);
    } catch (IOException | IllegalStateException e) {
      if (shown.key.isEmpty()) {
        IOException fault = Connector.fault(e);
        Interruption.check(fault);
        throw Connector.unreachable(host + " port " + port, host, fault);
      }
    }
    return shown.key.orElseThrow();
  }

  /** Takes no key, and keeps it. */
  private static final class Shown implements HostKeyVerifier {
    // written by sshj's own thread
    private volatile Optional<HostKey> key = Optional.empty();

    @Override
    public boolean verify(String host, int port, PublicKey offered) {
      key = Optional.of(PinnedKeys.hostKey(offered));
      return false;
    }

    @Override
    public List<String> findExistingAlgorithms(String host, int port) {
      return List.of("ssh-ed25519");
    }
  }
}
