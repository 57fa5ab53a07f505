package io.github.flakeferry.cli;

import io.github.flakeferry.model.PublicKey;
import io.github.flakeferry.pipeline.Settings;
import io.github.flakeferry.pipeline.check.AwaitedCheck;
import io.github.flakeferry.pipeline.check.CacheCheck;
import io.github.flakeferry.pipeline.check.Findings;
import io.github.flakeferry.support.Words;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code flakeferry cache check}. */
@Command(
    name = "check",
    description =
        "Says whether a cache can be reached and written to, whether its key is yours, and how far"
            + " its clock is off. Leaves a file flakeferry-check there.")
final class CacheCheckCommand implements Callable<Integer> {
  @Parameters(paramLabel = "URL", description = "file://, http://, https:// or s3://.")
  private String url = "";

  @Option(
      names = "--public-key",
      paramLabel = "KEY",
      description = "What boards trust, to be compared with the signing key.")
  private @Nullable String publicKey;

  @Option(names = "--json", description = "Prints one line of JSON in place of the lines.")
  private boolean json;

  @Override
  public Integer call() {
    Settings settings = LocalOptions.settings();
    URI cache = LocalOptions.cacheUrl("URL", url);
    var check =
        new CacheCheck(
            cache,
            settings.credentialsFor(cache),
            settings.signingKey(),
            declared(),
            false,
            "signing-key");
    try (var told = Told.briefly(System.getenv())) {
      Findings findings =
          Findings.of(List.of(new AwaitedCheck("asking " + url, check, told.progress())));
      told.result(json ? findings.json() : Words.printable(findings.text()).stripTrailing());
      return findings.exitCode();
    }
  }

  private Optional<PublicKey> declared() {
    try {
      return Optional.ofNullable(publicKey).map(PublicKey::parse);
    } catch (IllegalArgumentException e) {
      throw new BadInput("--public-key", "it is no public key such as cache-1:…= (44 characters)");
    }
  }
}
