package io.github.flakeferry.cache;

import io.github.flakeferry.model.S3Location;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.WebIdentityTokenFileCredentialsProvider;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * A cache in a bucket of S3, or of a server that is like it. Credentials come from where AWS's own
 * tools have them: the environment, a profile, a web identity (OIDC), the machine's role.
 */
final class S3BinaryCache implements BinaryCache {
  /** From this size on a file goes up in parts; one attempt sends no more than that again. */
  static final long PART = 64L << 20;

  private static final int NOT_IMPLEMENTED = 501;
  private static final Duration CONNECT = Duration.ofSeconds(15);

  private final S3Location location;
  private final Retries retries;
  private final Window window = new Window();
  private final long partSize;
  private final AwsCredentialsProvider credentials;
  private final S3Client client;
  private final S3Problems problems;
  private final Duration forSmall;
  private volatile boolean knowsConditions = true;

  S3BinaryCache(S3Location location, Retries retries, Duration patience) {
    this(location, credentials(location), retries, patience, PART);
  }

  S3BinaryCache(
      S3Location location,
      AwsCredentialsProvider credentials,
      Retries retries,
      Duration patience,
      long partSize) {
    this.location = location;
    this.retries = retries;
    this.partSize = partSize;
    this.credentials = credentials;
    this.forSmall = HttpBinaryCache.shorter(patience, HttpBinaryCache.SHORT_PATIENCE);
    this.problems = new S3Problems(url(), location.bucket());
    var builder =
        S3Client.builder()
            .region(Region.of(location.region()))
            .credentialsProvider(credentials)
            // newer checksums are not known everywhere; ours are in the narinfo
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .forcePathStyle(location.endpoint().isPresent())
            .overrideConfiguration(o -> o.retryStrategy(DefaultRetryStrategy.doNotRetry()))
            .httpClient(
                Apache5HttpClient.builder()
                    .connectionTimeout(HttpBinaryCache.shorter(patience, CONNECT))
                    .socketTimeout(patience)
                    .maxConnections(Window.MOST)
                    .build());
    location.endpoint().ifPresent(builder::endpointOverride);
    this.client = builder.build();
  }

  private static AwsCredentialsProvider credentials(S3Location location) {
    return location
        .profile()
        .<AwsCredentialsProvider>map(ProfileCredentialsProvider::create)
        .orElseGet(
            () ->
                hasWebIdentity()
                    ? WebIdentityTokenFileCredentialsProvider.create()
                    : DefaultCredentialsProvider.builder().build());
  }

  // else whoever is refused by it would be told of all the other places, the last one a machine's
  // role that is waited for
  private static boolean hasWebIdentity() {
    return SdkSystemSetting.AWS_ACCESS_KEY_ID.getStringValue().isEmpty()
        && SdkSystemSetting.AWS_ROLE_ARN.getStringValue().isPresent()
        && SdkSystemSetting.AWS_WEB_IDENTITY_TOKEN_FILE
            .getStringValue()
            .filter(file -> Files.isReadable(Path.of(file)))
            .isPresent();
  }

  @Override
  public String url() {
    return "s3://" + location.bucket() + location.endpoint().map(e -> " at " + e).orElse("");
  }

  @Override
  public Optional<String> read(String name) {
    return find(
        "GET",
        name,
        () ->
            Optional.of(
                client
                    .getObjectAsBytes(
                        get ->
                            get.bucket(location.bucket())
                                .key(name)
                                .overrideConfiguration(this::isSmall))
                    .asUtf8String()),
        Optional.empty());
  }

  /** The content of a file of any size, where there is one of this name. */
  Optional<ResponseInputStream<GetObjectResponse>> open(String name) {
    return find(
        "GET",
        name,
        () ->
            Optional.of(
                client.getObject(
                    get ->
                        get.bucket(location.bucket())
                            .key(name)
                            .overrideConfiguration(this::isSmall))),
        Optional.empty());
  }

  // or begins to answer soon, where it is asked for what is large
  private void isSmall(AwsRequestOverrideConfiguration.Builder request) {
    request.apiCallAttemptTimeout(forSmall);
  }

  @Override
  public boolean has(String name) {
    return size(name).isPresent();
  }

  @Override
  public boolean has(String name, long bytes) {
    return size(name).equals(Optional.of(bytes));
  }

  private Optional<Long> size(String name) {
    return find(
        "HEAD",
        name,
        () ->
            Optional.of(
                client
                    .headObject(
                        head ->
                            head.bucket(location.bucket())
                                .key(name)
                                .overrideConfiguration(this::isSmall))
                    .contentLength()),
        Optional.empty());
  }

  @Override
  public void write(String name, String text) {
    put(name, put -> put.overrideConfiguration(this::isSmall), () -> RequestBody.fromString(text));
  }

  // Backblaze B2 and Alibaba OSS answer any condition with 501 (NotImplemented)
  @Override
  public boolean create(String name, String text) {
    if (knowsConditions) {
      try {
        return put(
            name,
            put -> put.ifNoneMatch("*").overrideConfiguration(this::isSmall),
            () -> RequestBody.fromString(text));
      } catch (PublishFailed e) {
        if (e.status().orElse(0) != NOT_IMPLEMENTED) {
          throw e;
        }
        knowsConditions = false;
      }
    }
    if (has(name)) {
      return false;
    }
    write(name, text);
    return true;
  }

  @Override
  public void upload(String name, Path file) {
    long size;
    try {
      size = Files.size(file);
    } catch (IOException e) {
      throw PublishFailed.local(PublishFailed.Extent.PATH, url(), name, "read " + file, e);
    }
    if (size <= partSize) {
      put(name, put -> {}, () -> RequestBody.fromFile(file));
    } else {
      new S3Parts(client, location.bucket(), this::send, name, file, size).upload(partSize);
    }
  }

  /** Returns false where the request had a condition that was not met. */
  private boolean put(
      String name, Consumer<PutObjectRequest.Builder> more, Supplier<RequestBody> body) {
    return call(
        "PUT",
        name,
        () -> {
          client.putObject(
              put -> {
                put.bucket(location.bucket())
                    .key(name)
                    .contentType(HttpBinaryCache.type(name).toString());
                more.accept(put);
              },
              body.get());
          return true;
        },
        e -> e.statusCode() == 412,
        false);
  }

  private <T> T send(String method, String name, Supplier<T> request) {
    return attempt(
        () -> {
          try {
            return request.get();
          } catch (SdkException e) {
            throw problems.translated(method, name, e);
          }
        });
  }

  /**
   * @param absent the answer where there is no such file
   */
  private <T> T find(String method, String name, Supplier<T> request, T absent) {
    return call(method, name, request, problems::isAbsent, absent);
  }

  /**
   * @param expected which refusals are an answer, too
   * @param then what they mean
   */
  private <T> T call(
      String method, String name, Supplier<T> request, Predicate<S3Exception> expected, T then) {
    return send(
        method,
        name,
        () -> {
          try {
            return request.get();
          } catch (S3Exception e) {
            if (expected.test(e)) {
              return then;
            }
            throw e;
          }
        });
  }

  private <T> T attempt(Supplier<T> request) {
    return retries.run(
        () -> {
          requireCredentials();
          return window.run(request);
        });
  }

  private void requireCredentials() {
    try {
      credentials.resolveCredentials();
    } catch (SdkException e) {
      throw problems.noCredentials(e);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
