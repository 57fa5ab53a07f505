package io.github.flakeferry.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.model.S3Location;
import io.github.flakeferry.model.SigningKey;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.nix.Nix;
import io.github.flakeferry.nix.NixSettings;
import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.support.progress.Progress;
import io.github.flakeferry.support.progress.ProgressEvent;
import io.github.flakeferry.testbed.Nginx;
import io.github.flakeferry.testbed.S3Server;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** The logs that we publish Nix shows, of what was built and of what failed. */
final class LogIT {
  private static final SigningKey KEY = SigningKey.generate("logs-1");

  private final Nix nix = new Nix(NixSettings.DEFAULT, Progress.SILENT);
  private final List<Object> events = new ArrayList<>();
  private final String nonce = UUID.randomUUID().toString();
  @TempDir private Path temporary;
  private StorePath good;
  private StorePath bad;

  @BeforeEach
  void build() throws IOException {
    good = built("good", "seq 100000; echo %s >$out");
    bad = built("bad", "echo %s; echo café >&2; exit 3");
  }

  private StorePath built(String name, String script) throws IOException {
    String derivation =
        nix("nix-instantiate", "-E")
            .and(
                """
                derivation {
                  name = "%s";
                  system = builtins.currentSystem;
                  builder = "/bin/sh";
                  PATH = "/usr/bin:/bin";
                  args = [ "-c" "%s" ];
                }
                """
                    .formatted(name, script.formatted(nonce)))
            .run()
            .orThrow()
            .output()
            .strip();
    nix("nix-store", "--realise", derivation).run();
    return StorePath.parse(derivation);
  }

  private static Command nix(String... words) {
    return Command.of(words)
        .with(
            "NIX_CONFIG",
            "substituters =\nbuild-users-group =\nsandbox = false\n"
                + "experimental-features = nix-command");
  }

  private void publish(BinaryCache cache) {
    StorePath output = nix.outputs(List.of(good)).getFirst().path();
    new Publisher(cache, KEY, Nix.contents(), Progress.SILENT).publish(nix.closure(output));
    var logs = LogUploads.open(cache, events::add);
    logs.offer(List.of(good, bad), nix::writeLog);
    logs.finish(Duration.ofMinutes(1));
    assertThat(events)
        .containsExactly(new ProgressEvent.Note(cache.url() + ": 2 build logs published"));
  }

  /** Without the logs of this machine's store, which has the same. */
  private void nixShows(URI cache) throws IOException {
    StorePath output = nix.outputs(List.of(good)).getFirst().path();
    String ofOutput =
        nix("nix", "log", "--store", cache.toString(), output.toString()).run().orThrow().output();
    assertThat(ofOutput.lines()).hasSize(100_000).endsWith("100000");

    Path store = temporary.resolve("store");
    String other = "local?root=" + store;
    // 2.8 reads a derivation before it asks for its log
    nix("nix", "copy", "--derivation", "--to", other, bad.toString()).run().orThrow();
    String ofFailed =
        nix("nix", "log", "--store", other, "--option", "substituters", cache.toString())
            .and(bad.toString())
            .run()
            .orThrow()
            .output();
    assertThat(ofFailed).isEqualTo(nonce + "\ncafé\n");
    Command.of("rm", "-rf", store.toString()).run().orThrow();
  }

  @Test
  void fromAFolder() throws IOException {
    URI uri = temporary.resolve("cache").toUri();
    try (var cache = BinaryCaches.open(uri, Optional.empty())) {
      publish(cache);
    }
    nixShows(uri);
  }

  @Test
  void fromNginx() throws IOException {
    try (var nginx = Nginx.start(Files.createDirectory(temporary.resolve("nginx")));
        var cache = BinaryCaches.open(nginx.uri("open"), Optional.empty())) {
      publish(cache);
      nixShows(nginx.uri("open"));
    }
  }

  @Test
  void fromABucket() throws IOException {
    var keys =
        StaticCredentialsProvider.create(
            AwsBasicCredentials.create(S3Server.ACCESS_KEY, S3Server.SECRET_KEY));
    try (var server = S3Server.start(temporary)) {
      server.makeBucket("boards");
      var location =
          S3Location.parse(URI.create("s3://boards?scheme=http&endpoint=" + server.endpoint()));
      var bucket =
          new S3BinaryCache(
              location, keys, Retries.USUAL, Duration.ofMinutes(1), S3BinaryCache.PART);
      try (var gateway = S3Gateway.to(bucket, Progress.SILENT)) {
        publish(bucket);
        nixShows(gateway.url());
      }
    }
  }
}
