package io.github.flakeferry.pipeline.setup;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.fleet.Policy;
import io.github.flakeferry.fleet.PolicyReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class KeyNewsTest {
  private static final String OTHER = "boards-1:trxKiDBw3ySON0Uz1kOehXDtYw2f0VMs1/jAKbCHpHU=";

  @TempDir private Path folder;

  private KeyNews news(Optional<Policy> policy) {
    return new KeyNews(CiKeys.in(folder, "boards-1"), folder, policy);
  }

  private static Optional<Policy> signedBy(String key) {
    return Optional.of(
        PolicyReader.read(
            "flakeferry.yml",
            """
            caches: [{ url: 'https://cache.example.org', public-key: '%s' }]
            boards:
              a: { host-key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ3rXxKf1GGk8DxlZhYe1hKHlZ5M3wYm3Pj1fZr0v7mO }
            """
                .formatted(key)));
  }

  private CiKeys make() {
    CiKeys keys = CiKeys.in(folder, "boards-1");
    keys.write(new KeyFolder(folder, Optional.empty(), Path.of("/home/me/boards")));
    return keys;
  }

  @ParameterizedTest
  @CsvSource({
    "ssh-key, 'Runs sign with the key that is in %s, and log in with a new one there.'",
    "signing-key, 'Runs log in with the key that is in %s, and sign with a new one there.'",
  })
  void theOneThatIsNewIsSaidToBe(String missing, String told) throws IOException {
    make();
    Files.delete(folder.resolve(missing));
    Files.delete(folder.resolve("ssh-key.pub"));
    KeyNews news = news(Optional.empty());
    assertThat(news.text()).isEqualTo(told.formatted(folder));
    assertThat(news.mayBeOthers()).isFalse();
  }

  @Test
  void ofAFleetThatIsThereTheKeysMayBeOthersWhereAnyIsNew() throws IOException {
    CiKeys keys = make();
    Optional<Policy> fleet = signedBy(keys.publicKey().toString());
    assertThat(news(fleet).text())
        .isEqualTo("Runs log in and sign with the keys that are in %s.".formatted(folder));
    assertThat(news(fleet).mayBeOthers()).isFalse();

    Files.delete(folder.resolve("signing-key"));
    assertThat(news(fleet).text()).contains("leave the secrets as they are");
    assertThat(news(fleet).mayBeOthers()).isTrue();
  }

  @Test
  void aKeyThatIsNotThePolicysDoesNotSignWithoutAWord() {
    String own = make().publicKey().toString();
    assertThat(news(signedBy(OTHER)).text())
        .contains("The one that signs is " + own, "the policy's caches have " + OTHER);
    assertThat(news(signedBy(own)).text()).doesNotContain("The one that signs");
  }
}
