package io.github.flakeferry.cache;

import io.github.flakeferry.model.FailureCode;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Says what an answer of S3 means for the one who publishes. Its codes: Amazon S3 API Reference,
 * "Error responses".
 */
final class S3Problems {
  private final String cache;
  private final String bucket;

  S3Problems(String cache, String bucket) {
    this.cache = cache;
    this.bucket = bucket;
  }

  /** Whether the bucket is there, and the file is not. */
  boolean isAbsent(S3Exception e) {
    return e.statusCode() == 404 && !code(e).equals("NoSuchBucket");
  }

  /** Whoever was to give credentials does not, or is away for a while. */
  RuntimeException noCredentials(SdkException e) {
    if (e instanceof AbortedException) {
      return interrupted();
    }
    if (passes(e)) {
      return new Retries.Passing(notNow(e), Duration.ZERO);
    }
    if (e instanceof AwsServiceException answer) {
      return notAssumed(answer);
    }
    return PublishFailed.of(
        FailureCode.CACHE_CLOSED,
        PublishFailed.Extent.CACHE,
        cache,
        "",
        "There are no credentials for %s: %s".formatted(cache, words(e)),
        "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or have aws-actions/configure-aws-credentials"
            + " set them, or name a profile of ~/.aws by ?profile= in the cache's URL.");
  }

  private static boolean passes(SdkException e) {
    return e instanceof AwsServiceException answer
        ? answer.statusCode() >= 500 || answer.statusCode() == 429 || answer.isThrottlingException()
        : isOfNetwork(e);
  }

  // a file that can't be read stays so
  private static boolean isOfNetwork(SdkException e) {
    return Stream.<Throwable>iterate(e, Objects::nonNull, Throwable::getCause)
        .anyMatch(cause -> cause instanceof IOException && !(cause instanceof FileSystemException));
  }

  private PublishFailed notNow(SdkException e) {
    return PublishFailed.of(
        FailureCode.CACHE_DOWN,
        PublishFailed.Extent.PASSING,
        cache,
        "",
        "There are no credentials for %s at the moment: %s".formatted(cache, words(e)),
        "Look at the service that gives them (STS), and at the network between.");
  }

  // AWS STS API, AssumeRoleWithWebIdentity, "Errors"; other servers tell less
  private PublishFailed notAssumed(AwsServiceException answer) {
    var details = Optional.ofNullable(answer.awsErrorDetails());
    String said =
        Stream.of(
                Integer.toString(answer.statusCode()),
                details.map(AwsErrorDetails::errorCode).orElse(""),
                details.map(AwsErrorDetails::errorMessage).orElse(""))
            .filter(word -> !Objects.toString(word, "").isEmpty())
            .collect(Collectors.joining(" "));
    return PublishFailed.answered(
        FailureCode.CACHE_CLOSED,
        PublishFailed.Extent.CACHE,
        cache,
        "",
        answer.statusCode(),
        ("There are no credentials for %s: the role in AWS_ROLE_ARN is not given to whom the token"
                + " in AWS_WEB_IDENTITY_TOKEN_FILE stands for (%s).")
            .formatted(cache, said),
        "Look at the role's trust policy: is the forge its OIDC provider, are the token's audience"
            + " and this repository, branch or environment what it asks for? A token is good for"
            + " minutes: an old one is refused as well.");
  }

  RuntimeException translated(String method, String name, SdkException e) {
    return switch (e) {
      case AbortedException aborted -> interrupted();
      case S3Exception answer -> refused(method, name, answer);
      case ApiCallAttemptTimeoutException late -> unreachable(name, late);
      default -> Thread.currentThread().isInterrupted() ? interrupted() : unreachable(name, e);
    };
  }

  private static UncheckedIOException interrupted() {
    return new UncheckedIOException(new InterruptedIOException("interrupted"));
  }

  private RuntimeException refused(String method, String name, S3Exception e) {
    int status = e.statusCode();
    PublishFailed.Extent extent = extent(status, code(e));
    PublishFailed failure =
        PublishFailed.answered(
            failureCode(status, code(e)),
            extent,
            cache,
            name,
            status,
            "%s answers %s %s with %d %s.".formatted(cache, method, name, status, code(e)).strip(),
            advice(status, code(e)));
    return extent == PublishFailed.Extent.PASSING
        ? new Retries.Passing(failure, Duration.ZERO)
        : failure;
  }

  private static PublishFailed.Extent extent(int status, String code) {
    boolean passes =
        (status >= 500 && status != 501 && status != 507)
            || status == 429
            || code.equals("RequestTimeout")
            // parts are put together after a 200, and then it may still fail
            || code.equals("InternalError")
            // two made the same file at once, and neither is told that there is one
            || code.equals("ConditionalRequestConflict")
            // begun anew, it goes up
            || code.equals("NoSuchUpload")
            || code.equals("InvalidPart");
    return passes
        ? PublishFailed.Extent.PASSING
        : code.equals("EntityTooLarge") ? PublishFailed.Extent.PATH : PublishFailed.Extent.CACHE;
  }

  private static FailureCode failureCode(int status, String code) {
    return switch (code) {
      case "NoSuchBucket",
          "AuthorizationHeaderMalformed",
          "PermanentRedirect",
          "TemporaryRedirect" ->
          FailureCode.CACHE_ADDRESS;
      case "EntityTooLarge" -> FailureCode.CACHE_FULL;
      case "InvalidAccessKeyId",
          "SignatureDoesNotMatch",
          "ExpiredToken",
          "InvalidToken",
          "RequestTimeTooSkewed" ->
          FailureCode.CACHE_CLOSED;
      default ->
          switch (status) {
            case 401, 403 -> FailureCode.CACHE_CLOSED;
            case 507 -> FailureCode.CACHE_FULL;
            default ->
                status >= 500 || extent(status, code) == PublishFailed.Extent.PASSING
                    ? FailureCode.CACHE_DOWN
                    : FailureCode.CACHE_ADDRESS;
          };
    };
  }

  private String advice(int status, String code) {
    return switch (code) {
      case "NoSuchBucket" -> "There is no bucket " + bucket + ": make it, or correct its name.";
      case "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken" ->
          "These credentials are wrong or have expired.";
      case "RequestTimeTooSkewed" -> "This machine's clock is wrong: set it.";
      case "AuthorizationHeaderMalformed", "PermanentRedirect", "TemporaryRedirect" ->
          "The bucket is in another region: name it by ?region= in the cache's URL.";
      default ->
          switch (status) {
            case 401, 403 ->
                "These credentials may not do that: they need s3:GetObject, s3:PutObject and"
                    + " s3:AbortMultipartUpload on the bucket's objects, and s3:ListBucket on the"
                    + " bucket, without which nobody is told that a file is not there.";
            case 301, 307 ->
                "The bucket is in another region: name it by ?region= in the cache's URL.";
            case 507 -> "The bucket is full: remove old paths there, or give it more room.";
            default -> status >= 500 ? "The server is in trouble. What was published stays." : "";
          };
    };
  }

  private RuntimeException unreachable(String name, SdkException e) {
    return new Retries.Passing(
        PublishFailed.of(
            FailureCode.CACHE_DOWN,
            PublishFailed.Extent.PASSING,
            cache,
            name,
            "%s can't be reached: %s".formatted(cache, words(e)),
            "Look at the address, at the server and at the network between."),
        Duration.ZERO);
  }

  static String code(S3Exception e) {
    return Optional.ofNullable(e.awsErrorDetails())
        .flatMap(details -> Optional.ofNullable(details.errorCode()))
        .orElse("");
  }

  private static String words(SdkException e) {
    return Optional.ofNullable(e.getMessage())
        .map(message -> message.replaceFirst("\\s*\\(SDK Attempt Count: \\d+\\)$", ""))
        .orElse(e.getClass().getSimpleName());
  }
}
