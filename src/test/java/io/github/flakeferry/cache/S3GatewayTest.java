package io.github.flakeferry.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import io.github.flakeferry.model.S3Location;
import io.github.flakeferry.support.progress.Progress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;

final class S3GatewayTest {
  @Test
  @Timeout(60)
  void whatABucketDoesNotGiveHoldsNothingUpInTheEnd() throws Exception {
    var asked = new CountDownLatch(1);
    var silent = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    silent.createContext("/", exchange -> asked.countDown());
    silent.start();
    var location =
        S3Location.parse(
            URI.create(
                "s3://boards?scheme=http&endpoint=127.0.0.1:" + silent.getAddress().getPort()));
    var cache =
        new S3BinaryCache(
            location,
            AnonymousCredentialsProvider.create(),
            Retries.USUAL,
            HttpBinaryCache.PATIENCE,
            S3BinaryCache.PART);
    try (var clients = Executors.newVirtualThreadPerTaskExecutor();
        var client = HttpClient.newBuilder().executor(clients).build()) {
      var gateway = S3Gateway.to(cache, Progress.SILENT);
      var answer =
          client.sendAsync(
              HttpRequest.newBuilder(gateway.url().resolve("nar/x"))
                  .timeout(Duration.ofMinutes(1))
                  .build(),
              HttpResponse.BodyHandlers.discarding());
      asked.await();
      gateway.close();
      assertThat(answer.handle((_, fault) -> fault).get()).isNotNull();
    } finally {
      silent.stop(0);
    }
  }

  @Test
  @Timeout(60)
  void whoDoesNotAnswerInTimeIsAway() throws Exception {
    var silent = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    silent.createContext("/", exchange -> {});
    silent.start();
    var location =
        S3Location.parse(
            URI.create(
                "s3://boards?scheme=http&endpoint=127.0.0.1:" + silent.getAddress().getPort()));
    try (var cache =
        new S3BinaryCache(
            location,
            AnonymousCredentialsProvider.create(),
            new Retries(2, Duration.ofMillis(1)),
            Duration.ofMillis(200),
            S3BinaryCache.PART)) {
      var failed = catchThrowableOfType(PublishFailed.class, () -> cache.read("x.narinfo"));
      assertThat(failed.extent()).isEqualTo(PublishFailed.Extent.PASSING);
      assertThat(failed.problem()).contains("can't be reached");
    } finally {
      silent.stop(0);
    }
  }
}
