package io.github.flakeferry.board;

import io.github.flakeferry.support.Words;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.LongSupplier;
import javax.net.SocketFactory;
import net.schmizz.sshj.connection.Connection;
import net.schmizz.sshj.connection.channel.direct.DirectConnection;

/**
 * Notices that a link has died: nothing at all is heard of the other side, though it is asked for
 * an answer again and again. sshj's keep-alive can't tell: it waits for whoever writes, and on a
 * thin link its answers wait behind megabytes that are on their way, while a peer that is only slow
 * is heard of, since it gives us room to write.
 */
final class LinkWatch {
  /** Three answers that did not come. */
  private static final Duration SILENCE = Duration.ofSeconds(10);

  /** Less than a channel's room for 96 KiB in this time is no link for a transfer. */
  private static final Duration SILENCE_OF_TRANSFER = Duration.ofSeconds(30);

  /** More than this nobody has to say before the login. */
  private static final long LONGEST_GREETING = 1L << 20;

  /** Of what is said in place of a greeting, enough to tell why. */
  private static final int FIRST_WORDS = 200;

  private final ByteArrayOutputStream firstWords = new ByteArrayOutputStream();
  private volatile boolean loggedIn;
  private final LongSupplier clock;
  private volatile long heard;
  private volatile Duration silence = SILENCE;

  LinkWatch() {
    this(System::nanoTime);
  }

  /**
   * @param clock in nanoseconds
   */
  LinkWatch(LongSupplier clock) {
    this.clock = clock;
  }

  /** From now on the other side may say as much as it likes, and must say something. */
  void loggedIn() {
    heard = clock.getAsLong();
    loggedIn = true;
  }

  /** Whether much is on its way, so that an answer may take its time. */
  void transferring(boolean much) {
    silence = much ? SILENCE_OF_TRANSFER : SILENCE;
  }

  /**
   * What the other side said first, on one line: {@code SSH-2.0-OpenSSH_10.0} and more, or why it
   * does not want us (RFC 4253, section 4.2, allows lines before the version). Empty if nothing.
   */
  String greeting() {
    synchronized (firstWords) {
      return Words.printableLine(firstWords.toString(StandardCharsets.US_ASCII));
    }
  }

  /** Whether it should have been heard of long ago. */
  boolean isDead() {
    return loggedIn && clock.getAsLong() - heard > silence.toNanos();
  }

  /** Makes sockets whose streams are watched. */
  SocketFactory sockets() {
    return new Sockets();
  }

  /** The way from a jump host to the next one; it must be opened. */
  DirectConnection from(Connection jumpHost, String host, int port) {
    return new DirectConnection(jumpHost, host, port) {
      @Override
      public InputStream getInputStream() {
        return new Heard(super.getInputStream());
      }
    };
  }

  private final class Sockets extends SocketFactory {
    @Override
    public Socket createSocket() {
      return new Socket() {
        // small packets must not wait for the acknowledgement of the one before: a round trip each
        @Override
        public void connect(SocketAddress to, int timeoutMillis) throws IOException {
          super.connect(to, timeoutMillis);
          setTcpNoDelay(true);
        }

        @Override
        public InputStream getInputStream() throws IOException {
          return new Heard(super.getInputStream());
        }
      };
    }

    @Override
    public Socket createSocket(String host, int port) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(
        String host, int port, java.net.InetAddress localHost, int localPort) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(java.net.InetAddress host, int port) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(
        java.net.InetAddress address, int port, java.net.InetAddress localAddress, int localPort) {
      throw new UnsupportedOperationException();
    }
  }

  private final class Heard extends FilterInputStream {
    private long count;

    Heard(InputStream from) {
      super(from);
    }

    @Override
    public int read() throws IOException {
      int read = super.read();
      if (read >= 0) {
        heard(new byte[] {(byte) read}, 0, 1);
      }
      return read;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
      int read = super.read(to, offset, length);
      if (read > 0) {
        heard(to, offset, read);
      }
      return read;
    }

    private void heard(byte[] bytes, int offset, int length) throws IOException {
      heard = clock.getAsLong();
      if (!loggedIn) {
        synchronized (firstWords) {
          firstWords.write(bytes, offset, Math.min(length, FIRST_WORDS - firstWords.size()));
        }
        count += length;
        if (count > LONGEST_GREETING) {
          throw new IOException("it says more than an SSH server does before a login");
        }
      }
    }
  }
}
