package io.github.flakeferry.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.support.progress.ProgressEvent;
import io.github.flakeferry.support.progress.ProgressEvent.PublishAdvanced;
import io.github.flakeferry.support.progress.Wording;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TallyTest {
  @TempDir private Path temporary;
  private final List<ProgressEvent> events = new ArrayList<>();
  private long now;
  private final Tally tally = new Tally("file:///cache", events::add, () -> now);

  private PathInfo path(String name, int bytes) throws IOException {
    PathInfo info = new Built(temporary).path(name, name);
    return new PathInfo(
        info.path(),
        info.narHash(),
        bytes,
        info.references(),
        info.deriver(),
        info.contentAddress(),
        info.signatures());
  }

  private void pass(int seconds) {
    now += Duration.ofSeconds(seconds).toNanos();
  }

  @Test
  void theRateIsThatOfTheTimeInWhichSomethingIsUnderWay() throws IOException {
    PathInfo first = path("first", 4000);
    PathInfo second = path("second", 6000);
    tally.begun(first);
    pass(4);
    tally.uploaded(first, 1000);
    pass(3600); // the compiler is built
    tally.begun(second);
    assertThat(events)
        .last()
        .isEqualTo(new PublishAdvanced("file:///cache", 1, 2, 4000, 10_000, 1000, 1000, false));
    assertThat(Wording.of((PublishAdvanced) events.getLast()))
        .isEqualTo(
            "published 1 of 2 paths to file:///cache, 3.9 KiB of 9.8 KiB (1000 B sent),"
                + " 1000 B/s, 6.0 s left");
    pass(1);
    tally.uploaded(second, 500);
    tally.ended(PathEnd.PRESENT);
    tally.ended(PathEnd.UPSTREAM);
    assertThat(tally.result(Optional.empty()))
        .isEqualTo(new PublishResult(2, 1, 1, 0, 1500, 10_000, Optional.empty()));
    assertThat(events)
        .last()
        .isEqualTo(new PublishAdvanced("file:///cache", 2, 2, 10_000, 10_000, 1500, 2000, true));
    assertThat(Wording.of((PublishAdvanced) events.getLast()))
        .endsWith("9.8 KiB of 9.8 KiB (1.5 KiB sent), 2.0 KiB/s");
  }

  @Test
  void whatIsNotUploadedIsNotWaitedFor() throws IOException {
    PathInfo path = path("path", 4000);
    tally.begun(path);
    pass(1);
    tally.brokenOff(path);
    tally.ended(PathEnd.LEFT);
    assertThat(events)
        .last()
        .isEqualTo(new PublishAdvanced("file:///cache", 0, 0, 0, 0, 0, 0, false));
    assertThat(tally.result(Optional.empty()).left()).isEqualTo(1);
  }

  @Test
  void whatIsTriedAgainCountsOnce() throws IOException {
    PathInfo path = path("path", 4000);
    tally.begun(path);
    tally.brokenOff(path);
    tally.ended(PathEnd.POSTPONED);
    assertThat(tally.result(Optional.empty()).left()).isEqualTo(1);

    tally.triedAgain();
    tally.begun(path);
    pass(1);
    tally.uploaded(path, 1000);
    tally.ended(PathEnd.UPLOADED);
    assertThat(tally.result(Optional.empty()))
        .isEqualTo(new PublishResult(1, 0, 0, 0, 1000, 4000, Optional.empty()));
    assertThat(events)
        .last()
        .isEqualTo(new PublishAdvanced("file:///cache", 1, 1, 4000, 4000, 1000, 4000, true));
  }
}
