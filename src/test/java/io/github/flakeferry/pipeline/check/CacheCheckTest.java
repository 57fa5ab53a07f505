package io.github.flakeferry.pipeline.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.model.PublicKey;
import io.github.flakeferry.model.Secret;
import io.github.flakeferry.model.SigningKey;
import io.github.flakeferry.testbed.HttpCache;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CacheCheckTest {
  private static final SigningKey KEY = SigningKey.generate("boards-1");

  @TempDir private Path folder;

  private static List<String> findings(
      URI url, Optional<SigningKey> key, Optional<PublicKey> declared) {
    return Findings.of(
            List.of(
                new CacheCheck(
                    url, Optional.of(new Secret("me:pw")), key, declared, false, "signing-key")))
        .all()
        .stream()
        .map(f -> f.state().label() + ": " + f.message())
        .toList();
  }

  @Test
  void anEmptyPlaceIsFine() {
    Path place = folder.resolve("cache");
    URI url = place.toUri();
    assertThat(findings(url, Optional.of(KEY), Optional.of(KEY.publicKey())))
        .containsExactly(
            "ok: " + url + " answers, and nothing was published there yet",
            "ok: it takes files, and gives them back",
            "ok: the signing key is that of its public key, " + KEY.publicKey());
    assertThat(place).isDirectoryContaining("glob:**/flakeferry-check");
    assertThat(place.resolve("nix-cache-info")).doesNotExist();
  }

  @Test
  void aServerTellsItsTime() throws IOException {
    Path place = Files.createDirectories(folder.resolve("cache"));
    Files.writeString(place.resolve("nix-cache-info"), "StoreDir: /nix/store\n");
    try (var server = HttpCache.start(place)) {
      assertThat(findings(server.uri(), Optional.empty(), Optional.empty()))
          .satisfiesExactly(
              one ->
                  assertThat(one)
                      .isEqualTo("ok: %s answers as a cache of this store", server.uri()),
              two -> assertThat(two).isEqualTo("ok: it takes files, and gives them back"),
              three -> assertThat(three).matches("ok: its clock is [01] s (behind|ahead of) ours"),
              four -> assertThat(four).startsWith("warning: nothing can be published"));
    }
  }

  @Test
  void oneThatRefusesAndAnotherKeyAreWrong() throws IOException {
    try (var server = HttpCache.start(folder.resolve("cache"))) {
      server.refuseWrites(403);
      PublicKey other = SigningKey.generate("boards-1").publicKey();
      assertThat(findings(server.uri(), Optional.of(KEY), Optional.of(other)))
          .anyMatch(f -> f.startsWith("wrong: ") && f.contains("PUT flakeferry-check with 403"))
          .anyMatch(f -> f.startsWith("wrong: the signing key is the one of " + KEY.publicKey()));
    }
  }

  @Test
  void whatIsNoCacheIsTheOnlyFinding() {
    assertThat(findings(URI.create("gopher://x"), Optional.of(KEY), Optional.empty()))
        .singleElement()
        .asString()
        .startsWith("wrong: gopher://x is not a cache");
  }
}
