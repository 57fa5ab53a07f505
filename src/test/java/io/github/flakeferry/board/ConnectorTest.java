package io.github.flakeferry.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.flakeferry.model.BoardAddress;
import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.HostKey;
import io.github.flakeferry.model.Secret;
import io.github.flakeferry.model.SshKey;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody else than an SSH server answers. */
class ConnectorTest {
  static SshKey key() throws NoSuchAlgorithmException {
    var generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    String pkcs8 =
        Base64.getMimeEncoder(64, new byte[] {'\n'})
            .encodeToString(generator.generateKeyPair().getPrivate().getEncoded());
    return new SshKey(
        new Secret("-----BEGIN PRIVATE KEY-----\n" + pkcs8 + "\n-----END PRIVATE KEY-----\n"),
        Optional.empty());
  }

  private static BoardAddress at(ServerSocket server) {
    return new BoardAddress(
        "127.0.0.1",
        server.getLocalPort(),
        "root",
        List.of(),
        List.of(
            HostKey.parse(
                "ssh-ed25519"
                    + " AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl")));
  }

  private static void flood(ServerSocket server, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try (Socket socket = server.accept();
        OutputStream out = socket.getOutputStream()) {
      while (true) {
        out.write(bytes);
      }
    } catch (IOException e) {
      // the other side has had enough
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"HTTP/1.1 400 Bad Request\r\n", "no end of line ", "SSH-2.0-x\r\nnonsense"})
  void whoeverTalksNonsenseWithoutEndIsLeftWithinThePatience(String nonsense) throws Exception {
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var connector = new Connector(Login.of(key()))) {
      Thread.ofVirtual().start(() -> flood(server, nonsense));
      long began = System.nanoTime();

      assertThatExceptionOfType(BoardFailure.class)
          .isThrownBy(() -> connector.open(at(server), Duration.ofSeconds(3)))
          .satisfies(e -> assertThat(e.explained()).hasSizeLessThan(1000));
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
    }
  }

  /** Closes each connection with some words in place of a greeting, and counts them. */
  private static void turnAway(ServerSocket server, String words, AtomicInteger count) {
    while (true) {
      try (Socket socket = server.accept();
          OutputStream out = socket.getOutputStream()) {
        count.incrementAndGet();
        out.write(words.getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        return;
      }
    }
  }

  private static int comings(String words, Duration patience) throws Exception {
    var count = new AtomicInteger();
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var connector = new Connector(Login.of(key()))) {
      Thread.ofVirtual().start(() -> turnAway(server, words, count));

      assertThatExceptionOfType(BoardFailure.class)
          .isThrownBy(() -> connector.open(at(server), patience))
          .satisfies(e -> assertThat(e.code()).isEqualTo(FailureCode.TURNED_AWAY))
          .withMessageContaining(words.strip());
    }
    return count.get();
  }

  @Test
  void whoeverIsTurnedAwayComesAgain() throws Exception {
    assertThat(comings("Exceeded MaxStartups\r\n", Duration.ofSeconds(5))).isGreaterThan(1);
  }

  @Test
  void whoseLoginsFailedDoesNot() throws Exception {
    assertThat(comings("Not allowed at this time\r\n", Duration.ofSeconds(30))).isOne();
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/1.1 400 Bad Request\r\n", "SSH-2.0-x\r\nnonsense"})
  void aNewMachineThatTalksNonsenseWithoutEndIsLeft(String nonsense) throws Exception {
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> flood(server, nonsense));

      assertThatExceptionOfType(BoardFailure.class)
          .isThrownBy(
              () ->
                  FirstContact.hostKey("127.0.0.1", server.getLocalPort(), Duration.ofSeconds(1)));
    }
  }

  @Test
  void aNewMachineThatTricklesIsLeft() throws Exception {
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var left = new CountDownLatch(1);
      Thread.ofVirtual().start(() -> trickle(server, left));

      assertThatExceptionOfType(BoardFailure.class)
          .isThrownBy(
              () -> FirstContact.hostKey("127.0.0.1", server.getLocalPort(), Duration.ofSeconds(2)))
          .withMessageContaining("did not answer in time");
      left.await();
    }
  }

  /** A byte at a time, as a tarpit does, until the other side has gone. */
  private static void trickle(ServerSocket server, CountDownLatch left) {
    try (Socket socket = server.accept();
        OutputStream out = socket.getOutputStream()) {
      while (true) {
        out.write("x\r\n".getBytes(StandardCharsets.UTF_8));
        Thread.sleep(200);
      }
    } catch (IOException | InterruptedException e) {
      left.countDown();
    }
  }
}
