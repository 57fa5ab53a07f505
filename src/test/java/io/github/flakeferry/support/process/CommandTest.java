package io.github.flakeferry.support.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.flakeferry.model.Secret;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
final class CommandTest {
  private static final String MORE_THAN_A_PIPE_HOLDS = "x".repeat(1 << 20);

  /** What runs a command on a thread of its own. */
  private record Running(Thread thread, CompletableFuture<Throwable> thrown) {
    static Running of(ThrowableAssert.ThrowingCallable command) {
      var thrown = new CompletableFuture<Throwable>();
      return new Running(
          Thread.ofVirtual().start(() -> thrown.complete(catchThrowable(command))), thrown);
    }

    void interrupt() throws Exception {
      thread.interrupt();
      assertThat(thrown.get()).isInstanceOf(InterruptedIOException.class);
    }
  }

  @Test
  void oneThatSaysNothingForTooLongIsKilled() throws IOException {
    Finished finished =
        Command.of("sh", "-c", "echo begins >&2; exec sleep 600")
            .neverSilentFor(Duration.ofMillis(500))
            .run();
    assertThat(finished.exit()).isEqualTo(new Exit.Silent(Duration.ofMillis(500)));
    assertThat(finished.exit().toString()).startsWith("said nothing for");
    assertThat(Command.of("true").neverSilentFor(Duration.ofMinutes(5)).run().exit().succeeded())
        .isTrue();
  }

  @Test
  void anInterruptKillsTheChildAndItsChildren() throws Exception {
    var child = new CompletableFuture<Long>();
    var running =
        Running.of(
            () ->
                Command.of("sh", "-c", "sleep 600 & echo $!; wait")
                    .run(line -> child.complete(Long.parseLong(line)), e -> {}));
    var sleeper = ProcessHandle.of(child.get()).orElseThrow();
    running.interrupt();
    sleeper.onExit().get(10, TimeUnit.SECONDS);
  }

  @Test
  void aDeadlineKillsTheChildAndItsChildren() throws Exception {
    Finished finished =
        Command.of("sh", "-c", "sleep 600 & wait").within(Duration.ofMillis(200)).run();
    assertThat(finished.exit()).isInstanceOf(Exit.TimedOut.class);
  }

  /**
   * Leaves a process that has all streams, when somebody is at work to write what it won't read.
   */
  private static Command leavingOneBehind() {
    String script =
        """
        head -c 1 >/dev/null
        exec 3<&0
        sleep 600 <&3 &
        echo $! >&2
        echo $$ >&2
        printf unended
        """;
    return Command.of("sh", "-c", script);
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void whatIsLeftBehindIsWaitedForInSilenceForAWhileOnly() throws Exception {
    Finished finished = leavingOneBehind().run(MORE_THAN_A_PIPE_HOLDS);
    ProcessHandle left =
        ProcessHandle.of(Long.parseLong(finished.lastErrorLines().getFirst())).orElseThrow();
    try {
      assertThat(finished.exit().succeeded()).isTrue();
      assertThat(finished.output()).isEqualTo("unended");
      assertThat(left.isAlive()).isTrue();
    } finally {
      left.destroyForcibly();
    }
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void anInterruptEndsTheWaitForWhatIsLeftBehind() throws Exception {
    var said = new LinkedBlockingQueue<Long>();
    var running =
        Running.of(
            () ->
                leavingOneBehind()
                    .run(MORE_THAN_A_PIPE_HOLDS, line -> said.add(Long.parseLong(line))));
    ProcessHandle left = ProcessHandle.of(said.take()).orElseThrow();
    try {
      ProcessHandle.of(said.take()).ifPresent(child -> child.onExit().join());
      running.interrupt();
    } finally {
      left.destroyForcibly();
    }
  }

  /** Nix would call its builder's death a failure, and start the next. */
  @Test
  void aParentDoesNotSeeItsChildrenKilled(@TempDir Path folder) throws Exception {
    Path seen = folder.resolve("seen");
    String script =
        """
        sleep 600 & first=$!
        for n in $(seq 200); do sleep 600 & done
        echo ready
        wait $first
        echo died >%s
        """
            .formatted(seen);
    var ready = new CountDownLatch(1);
    var running =
        Running.of(() -> Command.of("sh", "-c", script).run(line -> ready.countDown(), e -> {}));
    ready.await();
    running.interrupt();
    assertThat(seen).doesNotExist();
  }

  @Test
  void whoeverHasTheTerminalPutsItInOrderBeforeItEnds(@TempDir Path folder) throws Exception {
    Path terminal = folder.resolve("terminal");
    String script =
        """
        trap 'echo restored >%1$s; exit 1' TERM
        echo raw >%1$s
        while :; do sleep 0.01; done
        """
            .formatted(terminal);
    var running = Running.of(() -> Command.of("sh", "-c", script).runInPlace());
    while (Files.notExists(terminal) || Files.size(terminal) == 0) {
      Thread.onSpinWait();
    }
    running.interrupt();
    assertThat(terminal).hasContent("restored");
  }

  @Test
  void aDeadlineHoldsForWhoeverHasTheTerminal() throws Exception {
    assertThat(Command.of("sleep", "600").within(Duration.ofMillis(200)).runInPlace())
        .isInstanceOf(Exit.TimedOut.class);
  }

  private interface Reading {
    int next() throws IOException;
  }

  private static InputStream source(Reading reading) {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        return reading.next();
      }

      @Override
      public int read(byte[] into, int offset, int length) throws IOException {
        into[offset] = (byte) read();
        return 1;
      }
    };
  }

  @Test
  void whatCanNotBeReadToItsEndIsNotTakenForTheWhole() {
    InputStream broken =
        source(
            () -> {
              throw new IOException("the disk is gone");
            });
    var begin = new ByteArrayInputStream(new byte[100]);
    var taken = new ByteArrayOutputStream();
    assertThat(
            catchThrowable(
                () ->
                    Command.of("sh", "-c", "cat; echo all")
                        .pipe(new SequenceInputStream(begin, broken), taken)))
        .hasMessage("the disk is gone");
    assertThat(taken.toString(StandardCharsets.UTF_8)).doesNotContain("all");
  }

  @Test
  void aDefectOfTheSourceIsTold() {
    var defect = new IllegalStateException("a defect");
    InputStream source =
        source(
            () -> {
              throw defect;
            });
    assertThat(
            catchThrowable(() -> Command.of("cat").pipe(source, OutputStream.nullOutputStream())))
        .isSameAs(defect);
  }

  @Test
  void aChildNeedNotReadItsWholeInput() throws Exception {
    var taken = new ByteArrayOutputStream();
    Command.of("head", "-c", "3").pipe(source(() -> 'y'), taken).orThrow();
    assertThat(taken.toString(StandardCharsets.UTF_8)).isEqualTo("yyy");
  }

  @Test
  void aSinkThatFailsEndsTheChild() {
    var full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("no room");
          }
        };
    assertThat(catchThrowable(() -> Command.of("sh", "-c", "echo; exec sleep 600").writeTo(full)))
        .hasMessage("no room");
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

  @ParameterizedTest
  @CsvSource({"'', 127.0.0.1", "example.org, 'example.org,127.0.0.1'", "*, *"})
  void whatIsOnThisMachineIsAskedForWithoutAProxy(String before, String after) throws IOException {
    Command told =
        Command.of("sh", "-c", "printf %s \"$no_proxy\"")
            .with("https_proxy", "http://proxy.example:3128")
            .with("no_proxy", before);
    assertThat(told.run().output()).isEqualTo(after);
  }
}
