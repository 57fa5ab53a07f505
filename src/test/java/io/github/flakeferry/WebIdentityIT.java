package io.github.flakeferry;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.cache.NarInfo;
import io.github.flakeferry.model.SigningKey;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.support.process.Exit;
import io.github.flakeferry.support.process.Finished;
import io.github.flakeferry.testbed.CephGateway;
import io.github.flakeferry.testbed.JobTokens;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** A bucket that is opened by nothing but the token that a job has from its forge. */
final class WebIdentityIT {
  private static final String REPOSITORY = "repo:acme/boards:ref:refs/heads/main";

  @TempDir private Path folder;

  private Finished publish(StorePath path, String token, String role, CephGateway gateway)
      throws IOException {
    return Command.of(BuiltProgram.words("publish", path.toString()))
        .and("--to", "s3://boards?scheme=http&region=us-east-1&endpoint=" + gateway.endpoint())
        .with("HOME", Files.createDirectories(folder.resolve("home")).toString())
        .with("FLAKEFERRY_SIGNING_KEY_FILE", folder.resolve("key").toString())
        .with("AWS_WEB_IDENTITY_TOKEN_FILE", write("token", token))
        .with("AWS_ROLE_ARN", role)
        .with("AWS_REGION", "us-east-1")
        .with("AWS_ENDPOINT_URL_STS", "http://" + gateway.endpoint())
        .run();
  }

  private String write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  private static S3Client owner(CephGateway gateway) {
    return S3Client.builder()
        .endpointOverride(URI.create("http://" + gateway.endpoint()))
        .region(Region.US_EAST_1)
        .forcePathStyle(true)
        .credentialsProvider(
            StaticCredentialsProvider.create(
                AwsBasicCredentials.create(CephGateway.ACCESS_KEY, CephGateway.SECRET_KEY)))
        .build();
  }

  @Test
  void aJobsTokenOpensItAndAnyOtherIsRefusedWithWhatToDo() throws Exception {
    write("key", SigningKey.generate("boards-1").export().reveal());
    StorePath path =
        StorePath.parse(
            Command.of("nix-store", "--add", write("part", UUID.randomUUID().toString()))
                .run()
                .orThrow()
                .output()
                .strip());
    Instant soon = Instant.now().plus(Duration.ofHours(1));
    try (var gateway = CephGateway.start(folder);
        var forge = JobTokens.start(folder);
        var owner = owner(gateway)) {
      owner.createBucket(bucket -> bucket.bucket("boards"));
      String role = gateway.role(forge, REPOSITORY);

      String strangers = forge.token("repo:acme/other:ref:refs/heads/main", soon);
      Finished refused = publish(path, strangers, role, gateway);
      assertThat(refused.exit()).isEqualTo(new Exit.Code(7));
      assertThat(String.join("\n", refused.lastErrorLines()))
          .contains("FF-0701", "AWS_WEB_IDENTITY_TOKEN_FILE", "(403)", "trust policy")
          .doesNotContain(strangers);
      assertThat(owner.listObjectsV2(all -> all.bucket("boards")).contents()).isEmpty();

      publish(path, forge.token(REPOSITORY, soon), role, gateway).orThrow();
      assertThat(owner.listObjectsV2(all -> all.bucket("boards")).contents())
          .extracting(S3Object::key)
          .hasSize(3)
          .contains("nix-cache-info", NarInfo.fileName(path));
    }
  }
}
