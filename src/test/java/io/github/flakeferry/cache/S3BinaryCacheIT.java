package io.github.flakeferry.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.flakeferry.model.S3Location;
import io.github.flakeferry.testbed.FaultyProxy;
import io.github.flakeferry.testbed.S3Server;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** A bucket of a real server of S3. */
final class S3BinaryCacheIT {
  // the least that S3 takes for any part but the last
  private static final long PART = 5L << 20;
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Retries ONCE = new Retries(1, Duration.ZERO);

  @TempDir private static Path folder;
  private static S3Server server;
  private static S3Client client;

  @BeforeAll
  static void start() throws IOException {
    server = S3Server.start(folder);
    client =
        S3Client.builder()
            .endpointOverride(URI.create("http://" + server.endpoint()))
            .region(Region.US_EAST_1)
            .forcePathStyle(true)
            .credentialsProvider(keys(S3Server.SECRET_KEY))
            .build();
    client.createBucket(bucket -> bucket.bucket("boards"));
  }

  @AfterAll
  static void stop() {
    client.close();
    server.close();
  }

  private static AwsCredentialsProvider keys(String secret) {
    return StaticCredentialsProvider.create(
        AwsBasicCredentials.create(S3Server.ACCESS_KEY, secret));
  }

  private static S3Location location(String bucket, String endpoint) {
    return S3Location.parse(
        URI.create("s3://%s?scheme=http&endpoint=%s".formatted(bucket, endpoint)));
  }

  private static BinaryCache cache(String bucket, AwsCredentialsProvider credentials) {
    return cache(bucket, server.endpoint(), credentials);
  }

  private static BinaryCache cache(
      String bucket, String endpoint, AwsCredentialsProvider credentials) {
    return new S3BinaryCache(location(bucket, endpoint), credentials, ONCE, PATIENCE, PART);
  }

  @Test
  void whatIsWrittenIsThereAndNothingElse() {
    try (var cache = cache("boards", keys(S3Server.SECRET_KEY))) {
      assertThat(cache.has("a.narinfo")).isFalse();
      assertThat(cache.read("a.narinfo")).isEmpty();

      cache.write("a.narinfo", "StorePath: ä\n");

      assertThat(cache.has("a.narinfo")).isTrue();
      assertThat(cache.read("a.narinfo")).isEqualTo(Optional.of("StorePath: ä\n"));
      assertThat(cache.has("a.narinfo", 14)).isTrue();
      assertThat(cache.has("a.narinfo", 13)).isFalse();
      assertThat(client.headObject(o -> o.bucket("boards").key("a.narinfo")).contentType())
          .isEqualTo("text/x-nix-narinfo");
    }
  }

  @Test
  void whatIsThereIsNotMadeAgain() {
    try (var cache = cache("boards", keys(S3Server.SECRET_KEY))) {
      assertThat(cache.create("once.narinfo", "first")).isTrue();
      assertThat(cache.create("once.narinfo", "second")).isFalse();
      assertThat(cache.read("once.narinfo")).hasValue("first");
    }
  }

  @Test
  void aServerThatKnowsNoConditionIsAskedFirst() throws IOException {
    var conditions = new AtomicInteger();
    String no = "<Error><Code>NotImplemented</Code></Error>";
    try (var proxy =
            FaultyProxy.before(
                URI.create("http://" + server.endpoint()),
                (method, _) ->
                    method.equals("PUT") && conditions.getAndIncrement() == 0
                        ? Optional.of(new FaultyProxy.Fault.Answers(501, Map.of(), no))
                        : Optional.empty());
        var cache = cache("boards", proxy.address(), keys(S3Server.SECRET_KEY))) {
      assertThat(cache.create("plain.narinfo", "first")).isTrue();
      assertThat(cache.create("plain.narinfo", "second")).isFalse();
      assertThat(cache.read("plain.narinfo")).hasValue("first");
    }
    assertThat(conditions).as("what is there is not sent").hasValue(2);
  }

  @Test
  void aLargeFileIsThereThoughTheAnswerToItsLastRequestWasLost() throws IOException {
    Path file = Files.write(folder.resolve("lost"), new byte[(int) (PART + 1)]);
    var completed = new AtomicInteger();
    try (var proxy =
            FaultyProxy.before(
                URI.create("http://" + server.endpoint()),
                (method, target) ->
                    method.equals("POST")
                            && target.contains("uploadId=")
                            && completed.getAndIncrement() == 0
                        ? Optional.of(new FaultyProxy.Fault.LosesAnswer())
                        : Optional.empty());
        var cache =
            new S3BinaryCache(
                location("boards", proxy.address()),
                keys(S3Server.SECRET_KEY),
                // the server may still put the parts together when it is asked again
                new Retries(20, Duration.ofMillis(10)),
                PATIENCE,
                PART)) {
      cache.upload("nar/lost", file);
      assertThat(cache.has("nar/lost", PART + 1)).isTrue();
    }
    assertThat(completed).hasValueGreaterThan(1);
  }

  @Test
  void aLargeFileGoesUpInParts() throws IOException {
    byte[] content = new byte[(int) (2 * PART + 12_345)];
    new Random(1).nextBytes(content);
    Path file = Files.write(folder.resolve("large"), content);
    try (var cache = cache("boards", keys(S3Server.SECRET_KEY))) {
      cache.upload("nar/large.nar.zst", file);
    }
    assertThat(
            client.getObjectAsBytes(o -> o.bucket("boards").key("nar/large.nar.zst")).asByteArray())
        .isEqualTo(content);
    assertThat(client.headObject(o -> o.bucket("boards").key("nar/large.nar.zst")).eTag())
        .as("of as many parts")
        .endsWith("-3\"");
  }

  @Test
  void aPartThatIsRefusedLeavesNothing() throws IOException {
    Path file = Files.write(folder.resolve("broken"), new byte[(int) (2 * PART)]);
    try (var proxy =
            FaultyProxy.before(
                URI.create("http://" + server.endpoint()),
                (method, target) ->
                    target.contains("partNumber=2")
                        ? Optional.of(new FaultyProxy.Fault.Answers(507, Map.of(), ""))
                        : Optional.empty());
        var cache = cache("boards", proxy.address(), keys(S3Server.SECRET_KEY))) {
      var failed =
          catchThrowableOfType(PublishFailed.class, () -> cache.upload("nar/broken", file));

      assertThat(failed.advice()).contains("full");
      assertThat(cache.has("nar/broken")).isFalse();
    }
    assertThat(client.listMultipartUploads(all -> all.bucket("boards")).uploads()).isEmpty();
  }

  @Test
  void whatPassesIsTriedAgain() throws IOException {
    String conflict = "<Error><Code>ConditionalRequestConflict</Code></Error>";
    for (var fault :
        List.of(
            new FaultyProxy.Fault.Answers(503, Map.of(), ""),
            new FaultyProxy.Fault.Answers(409, Map.of(), conflict))) {
      var first = new AtomicBoolean(true);
      String name = "again-%d.narinfo".formatted(fault.status());
      try (var proxy =
              FaultyProxy.before(
                  URI.create("http://" + server.endpoint()),
                  (method, target) ->
                      first.getAndSet(false) ? Optional.of(fault) : Optional.empty());
          var cache =
              new S3BinaryCache(
                  location("boards", proxy.address()),
                  keys(S3Server.SECRET_KEY),
                  new Retries(2, Duration.ofMillis(1)),
                  PATIENCE,
                  PART)) {
        assertThat(cache.create(name, "x")).isTrue();
        assertThat(cache.read(name)).hasValue("x");
      }
    }
  }

  @Test
  void whatIsRefusedSaysWhatToDo() {
    try (var wrong = cache("boards", keys("another"))) {
      var failed = catchThrowableOfType(PublishFailed.class, () -> wrong.write("b.narinfo", "x"));
      assertThat(failed.status()).as(failed.problem()).hasValue(403);
      assertThat(failed.problem()).contains("PUT b.narinfo", "SignatureDoesNotMatch");
      assertThat(failed.advice()).contains("wrong");
    }
    try (var stranger = cache("boards", AnonymousCredentialsProvider.create())) {
      var failed =
          catchThrowableOfType(PublishFailed.class, () -> stranger.write("b.narinfo", "x"));
      assertThat(failed.status()).as(failed.problem()).hasValue(403);
      assertThat(failed.advice()).contains("s3:PutObject");
    }
    try (var nowhere = cache("elsewhere", keys(S3Server.SECRET_KEY))) {
      assertThat(
              catchThrowableOfType(PublishFailed.class, () -> nowhere.write("b.narinfo", "x"))
                  .advice())
          .contains("no bucket elsewhere");
      assertThat(
              catchThrowableOfType(PublishFailed.class, () -> nowhere.read("b.narinfo")).advice())
          .contains("no bucket elsewhere");
    }
    try (var poor =
        cache(
            "boards",
            ProfileCredentialsProvider.builder()
                .profileFile(ProfileFile.aggregator().build())
                .profileName("nobody")
                .build())) {
      var failed = catchThrowableOfType(PublishFailed.class, () -> poor.read("b.narinfo"));
      assertThat(failed.problem()).contains("no credentials");
      assertThat(failed.advice()).contains("AWS_ACCESS_KEY_ID");
    }
    assertThat(client.listObjectsV2(all -> all.bucket("boards").prefix("b.")).contents()).isEmpty();
  }

  @Test
  void aServerThatIsAwayIsToldAndTriedAgain() {
    try (var cache =
        new S3BinaryCache(
            location("boards", "127.0.0.1:1"),
            keys(S3Server.SECRET_KEY),
            new Retries(2, Duration.ofMillis(1)),
            PATIENCE,
            PART)) {
      assertThat(catchThrowableOfType(PublishFailed.class, () -> cache.has("x")).problem())
          .startsWith("s3://boards at http://127.0.0.1:1 can't be reached");
    }
  }
}
