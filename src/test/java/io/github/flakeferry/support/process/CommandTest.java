package io.github.flakeferry.support.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.flakeferry.model.Secret;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class CommandTest {
  @Test
  void anInterruptKillsTheChildAndItsChildren() throws Exception {
    var child = new CompletableFuture<Long>();
    var thrown = new CompletableFuture<Throwable>();
    Thread runs =
        Thread.ofVirtual()
            .start(
                () ->
                    thrown.complete(
                        catchThrowable(
                            () ->
                                Command.of("sh", "-c", "sleep 600 & echo $!; wait")
                                    .run(line -> child.complete(Long.parseLong(line)), e -> {}))));
    var sleeper = ProcessHandle.of(child.get()).orElseThrow();
    runs.interrupt();
    assertThat(thrown.get()).isInstanceOf(InterruptedIOException.class);
    sleeper.onExit().get(10, TimeUnit.SECONDS);
  }

  @Test
  void aDeadlineKillsTheChildAndItsChildren() throws Exception {
    Finished finished =
        Command.of("sh", "-c", "sleep 600 & wait").within(Duration.ofMillis(200)).run();
    assertThat(finished.exit()).isInstanceOf(Exit.TimedOut.class);
  }

  @Test
  void aSecretReachesTheChildAndIsShownNowhere() throws Exception {
    Command command =
        Command.of("sh", "-c", "echo \"$TOKEN\"; exit 3")
            .withSecret("TOKEN", new Secret("hunter2"))
            .with("OTHER", "value")
            .and("word");
    Finished finished = command.run();
    assertThat(finished.output()).isEqualTo("hunter2\n");
    assertThat(command.toString()).contains("TOKEN").doesNotContain("hunter2");
    assertThat(catchThrowable(finished::orThrow)).hasMessageNotContaining("hunter2");
  }

  /** Once it has been quiet for half a minute, Java gives no other thread the place of one. */
  @Test
  void aProgramThatSaysNothingIsWaitedForOnNoVirtualThread() throws Exception {
    var virtual = new ConcurrentLinkedQueue<Boolean>();
    Command.of("sh", "-c", "echo out; echo err >&2")
        .run(
            line -> virtual.add(Thread.currentThread().isVirtual()),
            line -> virtual.add(Thread.currentThread().isVirtual()))
        .orThrow();
    assertThat(virtual).containsExactly(false, false);
  }
}
