package io.github.flakeferry.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class S3LocationTest {
  @Test
  void aBucketAloneIsOneOfAmazonsInTheRegionThatNixTakes() {
    assertThat(S3Location.parse(URI.create("s3://my_boards.cache")))
        .isEqualTo(
            new S3Location("my_boards.cache", "us-east-1", Optional.empty(), Optional.empty()));
  }

  @Test
  void allParametersCount() {
    assertThat(
            S3Location.parse(
                URI.create(
                    "s3://boards/?endpoint=minio.lan%3A9000&scheme=http&region=eu-1&profile=ci")))
        .isEqualTo(
            new S3Location(
                "boards",
                "eu-1",
                Optional.of(URI.create("http://minio.lan:9000")),
                Optional.of("ci")));
    assertThat(
            S3Location.parse(URI.create("s3://boards?endpoint=https://x.r2.cloudflarestorage.com"))
                .endpoint())
        .hasValue(URI.create("https://x.r2.cloudflarestorage.com"));
    assertThat(S3Location.parse(URI.create("s3://boards?endpoint=minio.lan")).endpoint())
        .hasValue(URI.create("https://minio.lan"));
  }

  @ParameterizedTest
  @CsvSource({
    "s3:///boards, no bucket",
    "s3://-boards, no bucket",
    "s3://me:pw@boards, no bucket",
    "s3://boards/nix, a path",
    "s3://boards#x, a path",
    "s3://boards?regoin=eu, other parameters",
    "s3://boards?region, other parameters",
    "s3://boards?secret-key=/etc/key, other parameters",
    "s3://boards?endpoint=ftp://x, an endpoint",
    "s3://boards?endpoint=a%20b, an endpoint",
    "s3://boards?endpoint=https://me:pw@x, an endpoint",
    "s3://boards?endpoint=x&scheme=gopher, an endpoint"
  })
  void whatIsNoneSaysWhy(String url, String why) {
    assertThatThrownBy(() -> S3Location.parse(URI.create(url)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("has ")
        .hasMessageContaining(why)
        .hasMessageNotContaining("pw");
  }
}
