package io.github.flakeferry.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.flakeferry.model.BoardAddress;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody else than an SSH server answers. */
class ConnectorTest {
  private static SshKey key() throws NoSuchAlgorithmException {
    var generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    String pkcs8 =
        Base64.getMimeEncoder(64, new byte[] {'\n'})
            .encodeToString(generator.generateKeyPair().getPrivate().getEncoded());
    return new SshKey(
        new Secret("-----BEGIN PRIVATE KEY-----\n" + pkcs8 + "\n-----END PRIVATE KEY-----\n"),
        Optional.empty());
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
      var address =
          new BoardAddress(
              "127.0.0.1",
              server.getLocalPort(),
              "root",
              List.of(),
              List.of(
                  HostKey.parse(
                      "ssh-ed25519"
                          + " AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl")));
      long began = System.nanoTime();

      assertThatExceptionOfType(BoardFailure.class)
          .isThrownBy(() -> connector.open(address, Duration.ofSeconds(3)))
          .satisfies(e -> assertThat(e.explained()).hasSizeLessThan(1000));
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
    }
  }
}
