package io.github.flakeferry.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class LiveTerminalTest {
  @Test
  @Timeout(60)
  void aTerminalThatTakesNothingDoesNotHoldUpTheEnd() throws Exception {
    var written = new CountDownLatch(1);
    var ended = new CountDownLatch(1);
    LiveTerminal.tryFor(
        Duration.ofMillis(50),
        () -> {
          try {
            written.await();
            ended.countDown();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    assertThat(ended.getCount()).isEqualTo(1);
    written.countDown();
    ended.await();
  }
}
