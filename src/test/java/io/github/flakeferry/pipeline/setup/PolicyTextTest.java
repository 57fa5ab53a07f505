package io.github.flakeferry.pipeline.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.flakeferry.fleet.Endpoint;
import io.github.flakeferry.fleet.Policy;
import io.github.flakeferry.fleet.PolicyInvalid;
import io.github.flakeferry.fleet.PolicyReader;
import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.HostKey;
import io.github.flakeferry.model.SigningKey;
import io.github.flakeferry.model.SystemPlatform;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PolicyTextTest {
  private static final HostKey KEY =
      HostKey.parse(
          "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ3rXxKf1GGk8DxlZhYe1hKHlZ5M3wYm3Pj1fZr0v7mO");
  private static final SigningKey SIGNER = SigningKey.generate("boards-1");
  private static final PolicyText TEXT = new PolicyText("flakeferry.yml");

  static NewBoard board(String name, Endpoint at) {
    return new NewBoard(
        new BoardName(name),
        at,
        KEY,
        "unmatched",
        Optional.of(new SystemPlatform("riscv64-linux")),
        Optional.of("production"));
  }

  static NewBoard untagged(String name, Endpoint at) {
    NewBoard board = board(name, at);
    return new NewBoard(
        board.name(), at, KEY, board.configuration(), board.platform(), Optional.empty());
  }

  private static NewBoard board(String name, String at) {
    return board(name, Endpoint.parse(at).orElseThrow());
  }

  @Test
  void itIsWhatTheReadmeBeginsWith() {
    assertThat(
            TEXT.of(
                List.of(board("unmatched-1", "root@unmatched-1.lan")),
                "main",
                Optional.of("https://cache.example.org/boards"),
                SIGNER.publicKey()))
        .isEqualTo(
            """
            caches:
              - url: https://cache.example.org/boards
                public-key: %s
            boards:
              unmatched-1:
                configuration: unmatched
                host: unmatched-1.lan
                host-key: %s
                tags: [riscv64, production]
            environments:
              production:
                on: { push: main }
                boards: production
            """
                .formatted(SIGNER.publicKey(), KEY));
  }

  @ParameterizedTest
  @CsvSource({
    "true, root@[fe80::1%eth0]:2222, release/1",
    "1e3, deploy@10.0.0.2, '#main'",
    "No.1, root@NO, 1.0",
    "0x1f, root@0x1f, true",
  })
  void whatYamlTakesForSomethingElseIsQuoted(String name, String at, String branch) {
    Endpoint endpoint = Endpoint.parse(at).orElseThrow();
    Policy policy =
        PolicyReader.read(
            "flakeferry.yml",
            TEXT.of(
                List.of(board(name, endpoint)),
                branch,
                Optional.of("s3://boards?region=eu-1&endpoint=s3.example.org"),
                SIGNER.publicKey()));
    var board = policy.boards().getFirst();
    assertThat(board.name().value()).isEqualTo(name);
    assertThat(board.address().host()).isEqualTo(endpoint.host());
    assertThat(board.address().user()).isEqualTo(endpoint.user());
    assertThat(board.address().port()).isEqualTo(endpoint.port());
    assertThat(policy.environments().getFirst().trigger().matchesBranch(branch)).isTrue();
    assertThat(policy.caches().getFirst().url().getScheme()).isEqualTo("s3");
  }

  @Test
  void whatIsNoPolicyIsNotGivenOut() {
    List<NewBoard> boards = List.of(board("desk", "root@desk.lan"));
    assertThatExceptionOfType(PolicyInvalid.class)
        .isThrownBy(() -> TEXT.of(boards, "main", Optional.of("ftp://cache"), SIGNER.publicKey()));
  }
}
