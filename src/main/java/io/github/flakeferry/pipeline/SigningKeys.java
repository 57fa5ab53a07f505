package io.github.flakeferry.pipeline;

import io.github.flakeferry.fleet.Audience;
import io.github.flakeferry.fleet.Policy;
import io.github.flakeferry.model.PublicKey;
import io.github.flakeferry.model.SigningKey;
import java.util.Optional;
import java.util.stream.Stream;

/** Whose builds are signed with which key. */
record SigningKeys(Policy policy, Settings settings) {
  /**
   * The key that was given for an audience.
   *
   * @throws Refused if what a pull request built would be signed by a key that production trusts
   */
  Optional<SigningKey> of(Audience audience) {
    return switch (audience) {
      case TRUSTED -> settings.signingKey();
      case PULL_REQUESTS -> {
        settings
            .pullRequestSigningKey()
            .map(SigningKey::publicKey)
            .filter(this::isProductions)
            .ifPresent(
                key -> {
                  throw Refused.productionsKey(key);
                });
        yield settings.pullRequestSigningKey();
      }
    };
  }

  // by whatever name: boards tell keys by names, but the same secret signs by any
  private boolean isProductions(PublicKey key) {
    return Stream.concat(
            settings.signingKey().map(SigningKey::publicKey).stream(),
            policy.cachesFor(Audience.TRUSTED).stream().flatMap(c -> c.publicKey().stream()))
        .map(PublicKey::base64)
        .anyMatch(key.base64()::equals);
  }
}
