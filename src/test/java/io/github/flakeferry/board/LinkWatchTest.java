package io.github.flakeferry.board;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LinkWatchTest {
  private final AtomicLong clock = new AtomicLong(-5);
  private final LinkWatch link = new LinkWatch(clock::get);

  private void pass(Duration time) {
    clock.addAndGet(time.toNanos());
  }

  @Test
  void whoeverSaysNothingForTenSecondsAfterTheLoginIsGone() {
    pass(Duration.ofMinutes(1));
    assertThat(link.isDead()).as("before the login").isFalse();

    link.loggedIn();
    pass(Duration.ofSeconds(10));
    assertThat(link.isDead()).isFalse();
    pass(Duration.ofSeconds(1));
    assertThat(link.isDead()).isTrue();
  }

  @Test
  void whoeverIsSentMuchMayTakeHalfAMinute() {
    link.loggedIn();
    link.transferring(true);
    pass(Duration.ofSeconds(29));
    assertThat(link.isDead()).isFalse();
    pass(Duration.ofSeconds(2));
    assertThat(link.isDead()).isTrue();

    link.loggedIn();
    link.transferring(false);
    pass(Duration.ofSeconds(11));
    assertThat(link.isDead()).isTrue();
  }

  @Test
  void whoeverSaysAnythingIsThere() throws IOException {
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var socket = link.sockets().createSocket()) {
      socket.connect(server.getLocalSocketAddress(), 0);
      link.loggedIn();
      pass(Duration.ofSeconds(9));
      try (var peer = server.accept()) {
        peer.getOutputStream().write(1);
        assertThat(socket.getInputStream().read()).isEqualTo(1);
      }
      pass(Duration.ofSeconds(9));

      assertThat(link.isDead()).isFalse();
    }
  }
}
