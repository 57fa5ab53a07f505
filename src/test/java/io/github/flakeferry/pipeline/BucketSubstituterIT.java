package io.github.flakeferry.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.cache.BinaryCaches;
import io.github.flakeferry.fleet.Audience;
import io.github.flakeferry.fleet.CachePolicy;
import io.github.flakeferry.fleet.CrossPolicy;
import io.github.flakeferry.fleet.Policy;
import io.github.flakeferry.fleet.PublishPolicy;
import io.github.flakeferry.model.SigningKey;
import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.support.progress.ProgressEvent;
import io.github.flakeferry.testbed.S3Server;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bucket, opened by what AWS's own tools are given, as builds read it. */
final class BucketSubstituterIT {
  private static final SigningKey KEY = SigningKey.generate("bucket-1");

  @TempDir private Path folder;
  private final List<ProgressEvent> events = new ArrayList<>();

  // the environment's own names for them can't be set from here
  @BeforeEach
  void giveKeys() {
    System.setProperty("aws.accessKeyId", S3Server.ACCESS_KEY);
    System.setProperty("aws.secretAccessKey", S3Server.SECRET_KEY);
  }

  @AfterEach
  void takeKeys() {
    System.clearProperty("aws.accessKeyId");
    System.clearProperty("aws.secretAccessKey");
  }

  private static int status(String url) throws IOException {
    return Integer.parseInt(
        Command.of("curl", "--silent", "--output", "/dev/null", "--write-out", "%{http_code}", url)
            .run()
            .output());
  }

  @Test
  void nixReadsItThroughAGatewayAsLongAsItBuilds() throws IOException {
    try (var server = S3Server.start(folder)) {
      server.makeBucket("boards");
      URI bucket = URI.create("s3://boards?scheme=http&endpoint=" + server.endpoint());
      try (var cache = BinaryCaches.open(bucket, Optional.empty())) {
        cache.write("nix-cache-info", "StoreDir: /nix/store\nWantMassQuery: 1\nPriority: 40\n");
      }
      var policy =
          new Policy(
              CrossPolicy.AUTO,
              false,
              1,
              List.of(
                  new CachePolicy(
                      bucket,
                      Optional.empty(),
                      Optional.of(KEY.publicKey()),
                      Audience.TRUSTED,
                      OptionalInt.of(30),
                      PublishPolicy.DEFAULT)),
              List.of(),
              List.of(),
              List.of());
      String url;
      try (var substituters =
          Substituters.ready(
              policy, Audience.TRUSTED, SubstitutersTest.settings(Optional.empty()), events::add)) {
        url = substituters.settings(false).substituters().getFirst();
        String base = url.replaceFirst("\\?priority=30$", "");
        assertThat(base).startsWith("http://127.0.0.1:").endsWith("/");
        assertThat(status(base + "nix-cache-info")).isEqualTo(200);
        assertThat(status(base + "0.narinfo")).isEqualTo(404);
        assertThat(substituters.settings(false).trustedKeys()).containsExactly(KEY.publicKey());
      }
      assertThat(events).isEmpty();
      assertThat(Command.of("curl", "--silent", url).run().exit().succeeded()).isFalse();
    }
  }
}
