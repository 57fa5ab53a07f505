package io.github.flakeferry.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sts.model.StsException;

final class S3ProblemsTest {
  private final S3Problems problems = new S3Problems("s3://boards", "boards");

  @Test
  void whoIsNotGivenARoleHearsWhatWasSaidAndWhereToLook() {
    var details =
        AwsErrorDetails.builder()
            .errorCode("AccessDenied")
            .errorMessage("Not authorized to perform sts:AssumeRoleWithWebIdentity")
            .build();

    PublishFailed failed =
        refused(StsException.builder().statusCode(403).awsErrorDetails(details).build());

    assertThat(failed.problem())
        .endsWith("(403 AccessDenied Not authorized to perform sts:AssumeRoleWithWebIdentity).");
    assertThat(failed.advice()).contains("trust policy");
    assertThat(failed.status()).hasValue(403);
    assertThat(refused(StsException.builder().statusCode(403).build()).problem())
        .endsWith("(403).");
  }

  private PublishFailed refused(SdkException fault) {
    return (PublishFailed) problems.noCredentials(fault);
  }

  @Test
  void whoGivesCredentialsMayBeAwayForAWhile() {
    for (SdkException fault :
        List.of(
            StsException.builder().statusCode(503).build(),
            StsException.builder().statusCode(429).build(),
            SdkClientException.create(
                "Unable to execute HTTP request", new ConnectException("refused")))) {
      assertThat(problems.noCredentials(fault)).isInstanceOf(Retries.Passing.class);
    }
    for (SdkException fault :
        List.of(
            SdkClientException.create("Unable to load credentials"),
            SdkClientException.create(
                "", new UncheckedIOException(new NoSuchFileException("token"))))) {
      assertThat(refused(fault).advice()).contains("AWS_ACCESS_KEY_ID");
    }
  }
}
