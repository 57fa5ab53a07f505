package io.github.flakeferry.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.flakeferry.model.BoardAddress;
import io.github.flakeferry.model.HostKey;
import io.github.flakeferry.model.Outcome;
import io.github.flakeferry.model.Secret;
import io.github.flakeferry.model.SshAgent;
import io.github.flakeferry.model.SshIdentity;
import io.github.flakeferry.model.SshKey;
import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.support.progress.Progress;
import io.github.flakeferry.testbed.TestBoard;
import io.github.flakeferry.testbed.Testbed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Logins on a real OpenSSH with all kinds of keys, and boards that answer with nonsense. */
class ConnectionIT {
  private static Testbed bed;
  private static TestBoard board;
  @TempDir private Path folder;

  @BeforeAll
  static void start() throws IOException {
    bed = Testbed.prepare(Progress.SILENT);
    board = bed.startBoard("door");
    board
        .run(
            """
            cd /etc/ssh
            ssh-keygen -q -t rsa -N '' -f ssh_host_rsa_key
            ssh-keygen -q -t ecdsa -N '' -f ssh_host_ecdsa_key
            # logins fail here on purpose, and OpenSSH 9.8 and newer turns those away who fail too often
            cat >sshd_config.d/00-test.conf <<'EOF'
            Port 22
            Port 2222
            TrustedUserCAKeys /etc/ssh/ca.pub
            PerSourcePenalties no
            EOF
            : >ca.pub
            systemctl restart ssh
            """)
        .orThrow();
  }

  @AfterAll
  static void end() throws IOException {
    board.close();
    bed.close();
  }

  private static BoardAddress at(String host, int port, HostKey... keys) {
    return new BoardAddress(host, port, "root", List.of(), List.of(keys));
  }

  private static BoardFacts facts(SshIdentity key, BoardAddress address) throws IOException {
    try (var connector = new Connector(Login.of(key));
        Connection connection = connector.open(address, Duration.ofSeconds(20))) {
      return Facts.ask(connection, address);
    }
  }

  private SshKey generate(String type, String passphrase) throws IOException {
    Path file = folder.resolve("key");
    Command.of("ssh-keygen", "-q", "-t", type, "-N", passphrase, "-f", file.toString())
        .run()
        .orThrow();
    return new SshKey(
        new Secret(Files.readString(file)),
        passphrase.isEmpty() ? Optional.empty() : Optional.of(new Secret(passphrase)));
  }

  private String publicHalf() throws IOException {
    return Files.readString(folder.resolve("key.pub"));
  }

  @ParameterizedTest
  @CsvSource({"ed25519, ''", "ecdsa, secret", "rsa, ''"})
  void aKeyOfAnyKindLogsIn(String type, String passphrase) throws IOException {
    SshKey key = generate(type, passphrase);
    board.run("echo '" + publicHalf() + "' >>/root/.ssh/authorized_keys").orThrow();

    assertThat(facts(key, board.address()).userId()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"ed25519, ed25519", "ecdsa, ed25519", "rsa, ecdsa"})
  void aKeyLogsInByItsCertificateAlone(String type, String authority) throws Exception {
    SshKey key = generate(type, "");
    Path ca = folder.resolve("ca");
    Command.of("ssh-keygen", "-q", "-t", authority, "-N", "", "-f", ca.toString()).run().orThrow();
    Command.of("ssh-keygen", "-q", "-s", ca.toString(), "-I", "test", "-n", "root", "-V", "+1h")
        .and(folder.resolve("key.pub").toString())
        .run()
        .orThrow();
    board.run("echo '" + Files.readString(Path.of(ca + ".pub")) + "' >/etc/ssh/ca.pub").orThrow();
    String certificate = Files.readString(folder.resolve("key-cert.pub"));

    assertThatExceptionOfType(BoardFailure.class)
        .isThrownBy(() -> facts(key, board.address()))
        .satisfies(e -> assertThat(e.outcome()).isEqualTo(Outcome.REFUSED));
    var certified = new SshKey(new Secret(key.text().reveal() + certificate), Optional.empty());
    assertThat(facts(certified, board.address()).userId()).isZero();
    assertThat(Login.of(certified).shown()).endsWith("with a certificate");
    Path socket = folder.resolve("agent");
    try (var _ = agent(socket)) {
      add(socket, folder.resolve("key").toString());
      assertThat(facts(new SshAgent(socket), board.address()).userId()).isZero();
    }
  }

  /** An agent of its own, which ends with the test. */
  private AutoCloseable agent(Path socket) throws IOException {
    Process agent =
        new ProcessBuilder("ssh-agent", "-D", "-a", socket.toString())
            .redirectErrorStream(true)
            .start();
    // it tells how to reach it once it listens
    agent.inputReader().readLine();
    return () -> agent.destroyForcibly().waitFor();
  }

  private void add(Path socket, String... files) throws IOException {
    Command.of("ssh-add", "-q").and(files).with("SSH_AUTH_SOCK", socket.toString()).run().orThrow();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ed25519", "ecdsa", "rsa"})
  void anAgentLogsInWithTheKeyThatTheBoardKnows(String type) throws Exception {
    Path socket = folder.resolve("agent");
    try (var _ = agent(socket)) {
      var agent = new SshAgent(socket);
      assertThatExceptionOfType(AgentLogin.AgentUnusable.class)
          .isThrownBy(() -> Login.of(agent))
          .withMessageContaining("holds no key");
      generate("ed25519", "");
      add(socket, folder.resolve("key").toString());
      assertThatExceptionOfType(BoardFailure.class)
          .isThrownBy(() -> facts(agent, board.address()))
          .withMessageContaining("SHA256:")
          .withMessageContaining("from the agent");
      assertThat(PublicHalf.of(agent).orElseThrow()).isSubstringOf(publicHalf());
      Path second = folder.resolve("second");
      Command.of("ssh-keygen", "-q", "-t", type, "-N", "", "-f", second.toString()).run().orThrow();
      add(socket, second.toString());
      board
          .run(
              "echo '"
                  + Files.readString(Path.of(second + ".pub"))
                  + "' >>/root/.ssh/authorized_keys")
          .orThrow();

      assertThat(facts(agent, board.address()).userId()).isZero();
      assertThat(PublicHalf.of(agent)).isEmpty();
    }
    assertThatExceptionOfType(AgentLogin.AgentUnusable.class)
        .isThrownBy(() -> Login.of(new SshAgent(socket)))
        .withMessageContaining(socket.toString());
  }

  @Test
  void aCertificateOfAnotherKeyIsTold() throws IOException {
    SshKey key = generate("ed25519", "");
    Path other = folder.resolve("other");
    Command.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", other.toString())
        .run()
        .orThrow();
    Command.of("ssh-keygen", "-q", "-s", other.toString(), "-I", "test", other + ".pub")
        .run()
        .orThrow();
    String certificate = Files.readString(folder.resolve("other-cert.pub"));

    assertThatExceptionOfType(KeyLogin.KeyUnreadable.class)
        .isThrownBy(
            () ->
                Login.of(
                    new SshKey(new Secret(key.text().reveal() + certificate), Optional.empty())))
        .withMessageContaining("is not this key's");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ed25519", "ecdsa", "rsa"})
  void aBoardIsProvedByAnyOfItsKeysWhichIsPinned(String type) throws IOException {
    HostKey pinned =
        HostKey.parse(board.run("cat /etc/ssh/ssh_host_" + type + "_key.pub").orThrow().output());

    BoardFacts facts = facts(board.key(), at(board.address().host(), 22, pinned));

    assertThat(facts.machine()).isEqualTo("x86_64");
  }

  @Test
  void anotherPortIsPartOfTheLineToPin() throws IOException {
    HostKey real = board.address().hostKeys().getFirst();
    HostKey other =
        HostKey.parse(
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl");
    String host = board.address().host();

    assertThat(facts(board.key(), at(host, 2222, real)).machine()).isEqualTo("x86_64");
    assertThatExceptionOfType(HostKeyMismatch.class)
        .isThrownBy(() -> facts(board.key(), at(host, 2222, other)))
        .satisfies(
            e -> {
              String line = e.explained().lines().toList().getLast();
              assertThat(line).endsWith("[" + host + "]:2222 " + real);
              assertThat(HostKey.parse("[" + host + "]:2222 " + real)).isEqualTo(real);
            });
  }

  @Test
  void aBoardThatTurnsUsAwayForLoginsThatFailedIsTold() throws IOException {
    SshKey stranger = generate("ed25519", "");
    try (TestBoard wary = bed.startBoard("wary")) {
      wary.run(
              """
              echo PerSourcePenalties authfail:60 min:1 >/etc/ssh/sshd_config.d/00-test.conf
              systemctl restart ssh
              """)
          .orThrow();
      BoardFailure first = refusal(stranger, wary.address());
      // sshd counts a login when its own child has ended, so perhaps not before the next one
      BoardFailure next = refusal(stranger, wary.address());
      for (int more = 0; more < 20 && next.outcome() == Outcome.REFUSED; more++) {
        next = refusal(stranger, wary.address());
      }

      assertThat(first.outcome()).isEqualTo(Outcome.REFUSED);
      assertThat(next.outcome()).isEqualTo(Outcome.DEFERRED);
      assertThat(next.explained())
          .contains("Not allowed at this time")
          .contains("PerSourcePenalties");
    }
  }

  private static BoardFailure refusal(SshIdentity key, BoardAddress address) {
    return catchThrowableOfType(BoardFailure.class, () -> facts(key, address));
  }

  @Test
  void aBoardIsReachedOverIpv6() throws IOException {
    String local =
        board
            .run(
                "ip -6 -o address show dev eth0 scope link | awk '{ sub(\"/.*\", \"\", $4); print $4 }'")
            .orThrow()
            .output()
            .strip();
    String device =
        Command.of("ip", "-o", "route", "get", board.address().host())
            .run()
            .orThrow()
            .output()
            .replaceAll("(?s).* dev (\\S+) .*", "$1");

    BoardAddress address = at(local + "%" + device, 22, board.address().hostKeys().getFirst());

    assertThat(facts(board.key(), address).machine()).isEqualTo("x86_64");
    assertThat(address).hasToString("root@[" + local + "%" + device + "]");
  }

  /** A board of its own whose root's shell does this before anything else. */
  private static TestBoard chatty(String profile) throws IOException {
    TestBoard chatty = bed.startBoard("chatty");
    chatty.run("echo '" + profile + "' >/root/.bashrc").orThrow();
    return chatty;
  }

  @Test
  void aShellThatPrintsAtLoginIsTold() throws IOException {
    try (TestBoard chatty = chatty("echo Welcome, friend")) {
      assertThatExceptionOfType(BoardFailure.class)
          .isThrownBy(() -> facts(chatty.key(), chatty.address()))
          .satisfies(
              e ->
                  assertThat(e.explained())
                      .contains("Welcome, friend")
                      .contains("what its shell prints"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"head -c 200000000 /dev/zero", "head -c 200000000 /dev/zero >&2", "yes"})
  void aShellThatFloodsIsCutOff(String flood) throws IOException {
    try (TestBoard chatty = chatty(flood)) {
      assertThatExceptionOfType(BoardFailure.class)
          .isThrownBy(() -> facts(chatty.key(), chatty.address()))
          .satisfies(
              e -> {
                assertThat(e.explained()).contains("its shell prints").hasSizeLessThan(2000);
              });
    }
  }

  @ParameterizedTest
  @CsvSource({
    "yes,                          answers with 0x",
    "head -c 300000000 /dev/zero,  answers with 0x0",
    "echo no such option >&2; false, no such option",
    "printf x,                     nix-store ended",
  })
  void aStoreThatSpeaksNonsenseIsTold(String instead, String told) throws IOException {
    try (TestBoard strange = bed.startBoard("strange")) {
      strange
          .run(
              "mkdir -p /run/wrappers/bin; printf '#!/bin/sh\\n%s\\n' '"
                  + instead
                  + "' >/run/wrappers/bin/nix-store; chmod +x /run/wrappers/bin/nix-store")
          .orThrow();
      var closure = new SyntheticClosure(41, 3, 80);
      try (var connector = new Connector(Login.of(strange.key()));
          Connection connection = connector.open(strange.address(), Duration.ofSeconds(20))) {
        assertThatExceptionOfType(BoardFailure.class)
            .isThrownBy(
                () -> {
                  try (var transfer =
                      new Transfer(connection, new io.github.flakeferry.model.BoardName("x"))) {
                    transfer.missing(closure.infos());
                  }
                })
            .satisfies(e -> assertThat(e.explained()).contains(told).hasSizeLessThan(2000));
      }
    }
  }

  @Test
  void manyBoardsBehindOneGatewayAreAllReached() throws Exception {
    try (TestBoard gateway = bed.startBoard("gateway")) {
      gateway
          .run(
              """
              echo 'MaxStartups 10:100:10' >/etc/ssh/sshd_config.d/00-test.conf
              systemctl restart ssh
              systemd-run --quiet --unit=inside --service-type=exec \
                /usr/sbin/sshd -D -o Port=2222 -o MaxStartups=100 -o PidFile=none
              """)
          .orThrow();
      var inside =
          new BoardAddress(
              "127.0.0.1", 2222, "root", List.of(gateway.address()), gateway.address().hostKeys());
      try (var connector = new Connector(Login.of(gateway.key()));
          var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        var all =
            IntStream.range(0, 32)
                .mapToObj(
                    _ ->
                        threads.submit(
                            () -> {
                              connector.open(inside, Duration.ofSeconds(60)).close();
                              return true;
                            }))
                .toList();
        for (var one : all) {
          assertThat(one.get()).isTrue();
        }
      }
    }
  }

  @Test
  void anAgentThatHoldsMoreKeysThanTheBoardLetsTryIsTold() throws Exception {
    Path socket = folder.resolve("agent");
    try (var _ = agent(socket)) {
      for (int i = 0; i < 8; i++) {
        Path key = folder.resolve("key-" + i);
        Command.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key.toString())
            .run()
            .orThrow();
        add(socket, key.toString());
      }

      BoardFailure refused = refusal(new SshAgent(socket), board.address());

      assertThat(refused.outcome()).isEqualTo(Outcome.REFUSED);
      assertThat(refused.explained())
          .contains("after 6 keys", "Too many authentication failures")
          .contains("FLAKEFERRY_SSH_KEY_FILE");
    }
  }
}
