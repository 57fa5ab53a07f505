package io.github.flakeferry.testbed;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.AtomicInteger;

/** A socket like the one of a Docker daemon: for root and a group. It counts who comes in. */
public final class ListeningSocket implements AutoCloseable {
  private final Path path;
  private final ServerSocketChannel channel;
  private final AtomicInteger accepted = new AtomicInteger();

  private ListeningSocket(Path path, ServerSocketChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /** Makes one that this group may use. */
  public static ListeningSocket of(Path path, int gid) throws IOException {
    var channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    channel.bind(UnixDomainSocketAddress.of(path));
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw----"));
    Files.setAttribute(path, "unix:gid", gid);
    var socket = new ListeningSocket(path, channel);
    Thread.ofVirtual().start(socket::accept);
    return socket;
  }

  private void accept() {
    try {
      while (true) {
        channel.accept().close();
        accepted.incrementAndGet();
      }
    } catch (IOException e) {
      // closed
    }
  }

  public Path path() {
    return path;
  }

  /** How many have come in. */
  public int accepted() {
    return accepted.get();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
