package io.github.flakeferry.testbed;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A port of the loopback address, on which another process is to listen. */
public record LoopbackPort(int number) {
  private static final Duration STARTS_WITHIN = Duration.ofMinutes(2);

  /** One that nobody has. */
  static LoopbackPort free() throws IOException {
    try (var free = new ServerSocket(0)) {
      return new LoopbackPort(free.getLocalPort());
    }
  }

  /** {@code HOST:PORT}. */
  public String address() {
    return "127.0.0.1:" + number;
  }

  /**
   * Waits until the process listens.
   *
   * @param log what it says, for the failure
   */
  void await(Process process, Path log) throws IOException {
    long deadline = System.nanoTime() + STARTS_WITHIN.toNanos();
    while (true) {
      try (var socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), number));
        return;
      } catch (IOException e) {
        if (!process.isAlive() || System.nanoTime() > deadline) {
          throw new IOException("it did not start to listen:\n" + Files.readString(log), e);
        }
        Thread.onSpinWait();
      }
    }
  }
}
