package io.github.flakeferry.pipeline.check;

import io.github.flakeferry.cache.CacheProbe;
import io.github.flakeferry.cache.PublishFailed;
import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.PublicKey;
import io.github.flakeferry.model.Secret;
import io.github.flakeferry.model.SigningKey;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Whether a cache can be published to: it is there, takes a file and gives it back, its key is the
 * one that signs, and its clock is right.
 */
public final class CacheCheck implements Check {
  // signed requests of S3 and certificates that were just made allow for some minutes
  private static final Duration OFF = Duration.ofMinutes(2);

  private final URI url;
  private final Optional<Secret> credentials;
  private final Optional<SigningKey> key;
  private final Optional<PublicKey> declared;
  private final boolean onlyForRuns;
  private final String input;

  /**
   * @param credentials open it
   * @param key signs what is published there
   * @param declared what boards trust
   * @param onlyForRuns whether, without the key, nobody here is meant to write to it
   * @param input that the key is given by
   */
  public CacheCheck(
      URI url,
      Optional<Secret> credentials,
      Optional<SigningKey> key,
      Optional<PublicKey> declared,
      boolean onlyForRuns,
      String input) {
    this.onlyForRuns = onlyForRuns;
    this.input = input;
    this.url = url;
    this.credentials = credentials;
    this.key = key;
    this.declared = declared;
  }

  @Override
  public String name() {
    return "cache";
  }

  @Override
  public List<Finding> look() {
    var findings = new ArrayList<Finding>();
    try (var probe = CacheProbe.of(url, credentials)) {
      findings.add(
          probe.isThere()
              ? Finding.ok(name(), url + " answers as a cache of this store")
              : Finding.ok(name(), url + " answers, and nothing was published there yet"));
      if (key.isPresent() || !onlyForRuns) {
        findings.add(writes(probe));
      }
      probe.clockAhead().ifPresent(ahead -> findings.add(clock(ahead)));
    }
    findings.add(signs());
    return findings;
  }

  private Finding writes(CacheProbe probe) {
    try {
      probe.write();
      return Finding.ok(name(), "it takes files, and gives them back");
    } catch (PublishFailed failure) {
      return Finding.wrong(name(), failure);
    }
  }

  private Finding signs() {
    if (key.isEmpty()) {
      return Finding.warning(
          name(),
          "nothing can be published: there is no signing key",
          "Give the secret %s, or name its file in FLAKEFERRY_%s_FILE; `flakeferry key generate NAME` makes one."
              .formatted(input, input.toUpperCase(Locale.ROOT).replace('-', '_')));
    }
    PublicKey ours = key.get().publicKey();
    if (declared.isEmpty()) {
      return Finding.ok(name(), "the signing key is the one of " + ours);
    }
    return declared.get().equals(ours)
        ? Finding.ok(name(), "the signing key is that of its public key, " + ours)
        : Finding.wrong(
            name(),
            FailureCode.CACHE_KEY,
            "the signing key is the one of %s, and its public key %s"
                .formatted(ours, declared.get()),
            "Give the signing key that belongs to it, or declare the other one and have the boards"
                + " trust it.");
  }

  private Finding clock(Duration ahead) {
    String told =
        "its clock is %d s %s ours"
            .formatted(ahead.abs().toSeconds(), ahead.isNegative() ? "behind" : "ahead of");
    return ahead.abs().compareTo(OFF) > 0
        ? Finding.warning(name(), told, "Set the clock of whichever is wrong (NTP).")
        : Finding.ok(name(), told);
  }
}
