package io.github.flakeferry.board;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.model.BoardAction;
import io.github.flakeferry.model.BoardAddress;
import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.HostKey;
import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.Sha256;
import io.github.flakeferry.model.SigningKey;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.model.SystemPlatform;
import io.github.flakeferry.model.terms.Terms;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SignatureAdviceTest {
  private static final SigningKey KEY = SigningKey.generate("cache-1");
  private static final StorePath SYSTEM = StorePath.parse(FactsReaderTest.SYSTEM);
  private static final List<HostKey> KEYS = List.of(new HostKey("ssh-ed25519", "AAAA"));

  private static Deployment to(BoardAddress address) {
    var info =
        new PathInfo(
            SYSTEM,
            Sha256.of(new byte[32]),
            1,
            new TreeSet<>(),
            Optional.empty(),
            Optional.empty(),
            List.of());
    return new Deployment(
        new BoardName("board-1"),
        address,
        BoardAction.SWITCH,
        new Wanted.Incoming(
            SYSTEM,
            new SystemPlatform("riscv64-linux"),
            List.of(info),
            List.of(),
            List.of(URI.create("https://cache.example")),
            List.of(KEY.publicKey())),
        Terms.DEFAULT,
        "run 8",
        Optional.empty(),
        Optional.empty(),
        Guards.ANY_COMMIT);
  }

  private static final String UNSIGNED = SYSTEM + " carries no signature of cache-1";

  @Test
  void theLineGoesTheWayToTheBoard() {
    var jump = new BoardAddress("gate", 2200, "ann", List.of(), KEYS);
    var address = new BoardAddress("fd00::7", 2222, "deploy", List.of(jump), KEYS);

    assertThat(SignatureAdvice.of(to(address), UNSIGNED).orElseThrow())
        .endsWith(
            "\n  NIX_SSHOPTS='-p 2222 -J ann@gate:2200'"
                + " nix --extra-experimental-features nix-command store copy-sigs"
                + " --store ssh-ng://deploy@[fd00::7] -s 'https://cache.example' --recursive "
                + SYSTEM);
  }

  @Test
  void aKeyThatIsNotOursCanNotBeCopied() {
    var address = new BoardAddress("b", 22, "root", List.of(), KEYS);

    assertThat(SignatureAdvice.of(to(address), SYSTEM + " carries no signature of cache-2"))
        .hasValueSatisfying(advice -> assertThat(advice).doesNotContain("copy-sigs"));
  }

  @Test
  void anotherReasonHasNoSuchAdvice() {
    var address = new BoardAddress("b", 22, "root", List.of(), KEYS);

    assertThat(SignatureAdvice.of(to(address), SYSTEM + " is content-addressed")).isEmpty();
  }
}
