package io.github.flakeferry.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FolderEntriesTest {
  private final AtomicInteger forced = new AtomicInteger();
  private final CountDownLatch underWay = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);

  private interface Outcome {
    void take() throws IOException;
  }

  private interface Force {
    void run() throws IOException, InterruptedException;
  }

  /** A folder that is forced in this way. */
  private static FolderEntries.Opened opened(Force force, Outcome close) {
    return new FolderEntries.Opened() {
      @Override
      public void force() throws IOException, InterruptedException {
        force.run();
      }

      @Override
      public void close() throws IOException {
        close.take();
      }
    };
  }

  /** Entries whose first force ends when it may, and in this way. */
  private FolderEntries entries(Outcome first) {
    return new FolderEntries(
        () ->
            opened(
                () -> {
                  if (forced.incrementAndGet() == 1) {
                    underWay.countDown();
                    goOn.await();
                    first.take();
                  }
                },
                () -> {}));
  }

  /** The first of so many times fails, and the others don't. */
  private static Outcome once(AtomicInteger times) {
    return () -> {
      if (times.incrementAndGet() == 1) {
        throw new IOException("Too many open files");
      }
    };
  }

  private static FutureTask<Boolean> keeping(FolderEntries entries) {
    return new FutureTask<>(
        () -> {
          entries.keep();
          return true;
        });
  }

  /** One that is at it, and five that came meanwhile. */
  private List<FutureTask<Boolean>> six(FolderEntries entries) throws InterruptedException {
    var all = new ArrayList<FutureTask<Boolean>>();
    for (int n = 0; n < 6; n++) {
      var keeping = keeping(entries);
      all.add(keeping);
      Thread thread = Thread.ofPlatform().start(keeping);
      if (n == 0) {
        underWay.await();
      } else {
        while (thread.getState() != Thread.State.WAITING) {
          Thread.onSpinWait();
        }
      }
    }
    goOn.countDown();
    return all;
  }

  @Test
  void allThatCameMeanwhileShareTheNextOne() throws Exception {
    var entries = entries(() -> {});
    for (var keeping : six(entries)) {
      assertThat(keeping.get()).isTrue();
    }
    assertThat(forced).hasValue(2);
    entries.keep();
    assertThat(forced).hasValue(3);
  }

  @Test
  void aFailureIsEverybodysFromThenOn() throws Exception {
    var entries =
        entries(
            () -> {
              throw new IOException("No space left on device");
            });
    for (var keeping : six(entries)) {
      assertThatThrownBy(keeping::get).hasRootCauseMessage("No space left on device");
    }
    assertThatThrownBy(entries::keep)
        .isInstanceOf(IOException.class)
        .hasMessage("No space left on device");
    assertThat(forced).hasValue(1);
  }

  @Test
  void aFolderThatCanNotBeOpenedIsTheTroubleOfThatTimeAlone() throws IOException {
    Outcome open = once(new AtomicInteger());
    var entries =
        new FolderEntries(
            () -> {
              open.take();
              return opened(forced::incrementAndGet, () -> {});
            });
    assertThatThrownBy(entries::keep).hasMessage("Too many open files");
    assertThat(forced).hasValue(0);
    entries.keep();
    assertThat(forced).hasValue(1);
  }

  @Test
  void whatIsForcedIsOnTheDiskAlsoWhereItIsClosedBadly() throws IOException {
    Outcome close = once(new AtomicInteger());
    var entries = new FolderEntries(() -> opened(forced::incrementAndGet, close));
    assertThatThrownBy(entries::keep).hasMessage("Too many open files");
    entries.keep();
    assertThat(forced).hasValue(2);
  }

  @Test
  void aFolderThatIsNotThereIsOpenedWhenItIs(@TempDir Path temporary) throws IOException {
    Path folder = temporary.resolve("folder");
    var entries = FolderEntries.of(folder);
    assertThatThrownBy(entries::keep).isInstanceOf(NoSuchFileException.class);
    Files.createDirectory(folder);
    entries.keep();
  }

  @Test
  void whoIsInterruptedLeavesItToTheNext() throws Exception {
    var entries =
        entries(
            () -> {
              throw new ClosedByInterruptException();
            });
    var all = six(entries);
    assertThatThrownBy(all.removeFirst()::get)
        .hasRootCauseInstanceOf(ClosedByInterruptException.class);
    for (var keeping : all) {
      assertThat(keeping.get()).isTrue();
    }
    assertThat(forced).hasValue(2);
  }
}
