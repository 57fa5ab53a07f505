package io.github.flakeferry.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

final class LineTest {
  private final Line line = new Line(1);
  private final BlockingQueue<String> order = new LinkedBlockingQueue<>();

  private Thread waitsFor(long size) {
    Thread thread =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    order.add(line.enter(size) ? "in " + size : "sent away " + size);
                  } catch (InterruptedException e) {
                    order.add("interrupted " + size);
                  }
                });
    while (thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    return thread;
  }

  @Test
  void theLargestIsNext() throws InterruptedException {
    assertThat(line.enter(1)).isTrue();
    var all = List.of(waitsFor(5), waitsFor(7), waitsFor(6));
    for (int i = 0; i < all.size(); i++) {
      line.leave();
      assertThat(order.take()).isEqualTo("in " + (7 - i));
    }
  }

  @Test
  void whoGivesUpLeavesThePlaceToTheNext() throws InterruptedException {
    assertThat(line.enter(1)).isTrue();
    Thread large = waitsFor(9);
    waitsFor(3);
    large.interrupt();
    assertThat(order.take()).isEqualTo("interrupted 9");
    line.leave();
    assertThat(order.take()).isEqualTo("in 3");
  }

  @Test
  void aClosedLineGivesNoPlace() throws InterruptedException {
    assertThat(line.enter(1)).isTrue();
    waitsFor(4);
    line.close();
    assertThat(order.take()).isEqualTo("sent away 4");
    line.leave();
    assertThat(line.enter(1)).isFalse();
  }
}
