package io.github.flakeferry.board;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.board.SystemBuilder.Built;
import io.github.flakeferry.cache.BinaryCaches;
import io.github.flakeferry.cache.Publisher;
import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.Outcome;
import io.github.flakeferry.model.SigningKey;
import io.github.flakeferry.model.SystemPlatform;
import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.support.progress.Progress;
import io.github.flakeferry.testbed.DemoFlake;
import io.github.flakeferry.testbed.HttpCache;
import io.github.flakeferry.testbed.TestBoard;
import io.github.flakeferry.testbed.Variation;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A system that the board has had since before there was a signing key. */
class LateSignatureIT extends BoardIT {
  private static final SigningKey KEY = SigningKey.generate("late-1");

  private TestBoard board;
  private Built built;

  @BeforeEach
  void bringUnsigned() throws IOException {
    board = bed.startBoard("late");
    // of its own: one of them signs it in the store of this machine
    built = systems.build(Variation.FIRST.message("Signed too late: " + UUID.randomUUID()));
    assertThat(deploy(board, BoardFixture.switchTo(board, built)).outcome())
        .isEqualTo(Outcome.DEPLOYED);
    assertThat(deploy(board, BoardFixture.switchTo(board, good)).outcome())
        .isEqualTo(Outcome.DEPLOYED);
  }

  @AfterEach
  void remove() throws IOException {
    board.close();
  }

  @Test
  void isRefusedWithTheLineThatCopiesItsSignaturesFromTheCache() throws IOException {
    try (var cache = HttpCache.start(Files.createTempDirectory(bed.folder(), "cache"))) {
      new Publisher(
              BinaryCaches.open(cache.uri(), Optional.empty()),
              KEY,
              SystemBuilder.contents(),
              Progress.SILENT)
          .publish(built.closure());

      assertThat(line(refused(cache.uri())))
          .isEqualTo(
              "nix --extra-experimental-features nix-command store copy-sigs"
                  + " --store ssh-ng://root@%s -s '%s' --recursive %s"
                      .formatted(board.address().host(), cache.uri(), built.system()));
      follow(refused(cache.uri()));
    }
    assertThat(deploySigned().outcome()).isEqualTo(Outcome.DEPLOYED);
    assertThat(board.currentSystem()).isEqualTo(built.system());
  }

  @Test
  void isRefusedWithTheLineThatSignsItWhereItWasBuiltIfThereIsNoCache() throws IOException {
    follow(refused());

    assertThat(deploySigned().outcome()).isEqualTo(Outcome.DEPLOYED);
    assertThat(board.currentSystem()).isEqualTo(built.system());
  }

  private String refused(URI... caches) {
    BoardResult result = deploySigned(caches);
    assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.REFUSED);
    assertThat(result.message()).contains("carries no signature of " + KEY.publicKey().name());
    return result.message();
  }

  private BoardResult deploySigned(URI... caches) {
    Deployment d = BoardFixture.switchTo(board, built);
    return deploy(
        board,
        new Deployment(
            d.board(),
            d.address(),
            d.action(),
            new Wanted.Incoming(
                built.system(),
                new SystemPlatform("x86_64-linux"),
                built.closure().stream().map(info -> info.signedBy(KEY)).toList(),
                List.of(),
                List.of(caches),
                List.of(KEY.publicKey())),
            d.terms(),
            d.owner(),
            d.commit(),
            d.lease(),
            d.guards()));
  }

  private static String line(String message) {
    return message
        .lines()
        .map(String::strip)
        .filter(line -> line.startsWith("nix "))
        .findFirst()
        .orElseThrow(() -> new AssertionError(message));
  }

  /** Does what the message says, as it says it; only the key's file is filled in. */
  private void follow(String message) throws IOException {
    Path folder = Files.createTempDirectory(bed.folder(), "advice");
    Path key = Files.writeString(folder.resolve("signing"), KEY.export().reveal());
    Path known =
        Files.writeString(
            folder.resolve("known_hosts"),
            board.address().host() + " " + board.address().hostKeys().getFirst() + "\n");
    Command.of("/bin/sh", "-c", line(message).replace("KEY-FILE", key.toString()))
        .with("NIX_CONFIG", DemoFlake.NIX_CONFIG)
        .with(
            "NIX_SSHOPTS",
            "-i %s -o IdentitiesOnly=yes -o UserKnownHostsFile=%s"
                .formatted(board.keyFile(), known))
        .run()
        .orThrow();
  }
}
