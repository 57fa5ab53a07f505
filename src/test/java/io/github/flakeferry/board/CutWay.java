package io.github.flakeferry.board;

import io.github.flakeferry.model.BoardAddress;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A way to a board that can be cut once, after so many bytes to it. What comes later gets through.
 */
final class CutWay implements AutoCloseable {
  private static final long NEVER = Long.MAX_VALUE;

  private final BoardAddress board;
  private final ServerSocket server;
  private final AtomicLong left = new AtomicLong(NEVER);

  CutWay(BoardAddress board) throws IOException {
    this.board = board;
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  BoardAddress address() {
    return new BoardAddress(
        "127.0.0.1", server.getLocalPort(), board.user(), board.jumps(), board.hostKeys());
  }

  /** Lets so many bytes more through, and then nothing on that connection. */
  void cutAfter(long bytes) {
    left.set(bytes);
  }

  private void accept() {
    while (true) {
      try {
        Socket here = server.accept();
        var there = new Socket(board.host(), board.port());
        Thread.ofVirtual().start(() -> to(here, there));
        Thread.ofVirtual().start(() -> from(there, here));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void to(Socket here, Socket there) {
    try (here;
        there;
        InputStream in = here.getInputStream();
        OutputStream out = there.getOutputStream()) {
      byte[] some = new byte[4096];
      for (int n = in.read(some); n >= 0; n = in.read(some)) {
        if (left.get() != NEVER && left.addAndGet(-n) < 0) {
          left.set(NEVER);
          return;
        }
        out.write(some, 0, n);
      }
    } catch (IOException e) {
      // one side has gone: so does the other
    }
  }

  private static void from(Socket there, Socket here) {
    try (here;
        there) {
      there.getInputStream().transferTo(here.getOutputStream());
    } catch (IOException e) {
      // likewise
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
