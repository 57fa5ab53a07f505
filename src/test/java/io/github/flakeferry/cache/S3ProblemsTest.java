package io.github.flakeferry.cache;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
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
        problems.noCredentials(
            StsException.builder().statusCode(403).awsErrorDetails(details).build());

    assertThat(failed.problem())
        .endsWith("(403 AccessDenied Not authorized to perform sts:AssumeRoleWithWebIdentity).");
    assertThat(failed.advice()).contains("trust policy");
    assertThat(failed.status()).hasValue(403);
    assertThat(problems.noCredentials(StsException.builder().statusCode(403).build()).problem())
        .endsWith("(403).");
  }
}
