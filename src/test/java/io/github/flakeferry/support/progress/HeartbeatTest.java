package io.github.flakeferry.support.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class HeartbeatTest {
  @Test
  void beatsAgainAndAgain() throws InterruptedException {
    var beats = new CountDownLatch(3);
    var progress =
        new Progress() {
          @Override
          public void report(ProgressEvent event) {
            throw new AssertionError("nothing happened");
          }

          @Override
          public void beat() {
            beats.countDown();
          }
        };
    try (var heartbeat = Heartbeat.of(progress, Duration.ofMillis(1))) {
      assertThat(beats.await(1, TimeUnit.MINUTES)).as("%s", heartbeat).isTrue();
    }
  }
}
