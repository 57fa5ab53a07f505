package io.github.flakeferry.support.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class DrainTest {
  private static final String END = "";
  private static final int PATIENCE = 3;

  private final LinkedBlockingQueue<String> written = new LinkedBlockingQueue<>();
  private final Semaphore reads = new Semaphore(0);
  private final LinkedBlockingQueue<String> taken = new LinkedBlockingQueue<>();
  private final Semaphore takes = new Semaphore(0);
  private final Drain drain = Drain.of(new Pipe(), new Slow());

  /** Nobody knows whether more will come. */
  private final class Pipe extends InputStream {
    @Override
    public int read() {
      throw new AssertionError("one byte at a time");
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      reads.release();
      try {
        byte[] bytes = written.take().getBytes(StandardCharsets.UTF_8);
        System.arraycopy(bytes, 0, into, offset, bytes.length);
        return bytes.length == 0 ? -1 : bytes.length;
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  private final class Slow implements Drain.Taker {
    @Override
    public void take(byte[] bytes, int offset, int count) {
      taken.add(new String(bytes, offset, count, StandardCharsets.UTF_8));
      takes.acquireUninterruptibly();
    }

    @Override
    public void end() {
      taken.add(END);
    }
  }

  private void tick(int times) {
    for (int i = 0; i < times; i++) {
      drain.tick(PATIENCE);
    }
  }

  @Test
  void whoeverIsSlowToTakeGetsAll() throws Exception {
    written.add("a");
    assertThat(taken.take()).isEqualTo("a");
    written.add("b");
    tick(100);
    takes.release(2);
    assertThat(taken.take()).isEqualTo("b");
    written.add(END);
    drain.ended().get();
    assertThat(taken).containsExactly(END);
  }

  @Test
  void aStreamThatSaysNothingIsLeft() throws Exception {
    takes.release(1);
    written.add("a");
    reads.acquire(2);
    tick(PATIENCE);
    assertThat(drain.ended()).isNotDone();
    tick(1);
    drain.ended().get();
    written.add("too late");
    written.add(END);
    assertThat(taken).containsExactly("a", END);
  }

  @Test
  void aWordNowAndThenDoesNotKeepUsForEver() throws Exception {
    takes.release(2);
    reads.acquire();
    tick(PATIENCE);
    written.add("a");
    reads.acquire();
    assertThat(drain.ended()).isNotDone();
    tick(2);
    drain.ended().get();
    assertThat(taken).containsExactly("a", END);
  }

  @Test
  void whoHasLeftGetsNothingMore() throws Exception {
    reads.acquire();
    drain.leave();
    written.add("too late");
    written.add(END);
    tick(100);
    assertThat(taken).isEmpty();
  }
}
