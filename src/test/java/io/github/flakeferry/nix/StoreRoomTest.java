package io.github.flakeferry.nix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.flakeferry.model.FailureReason;
import io.github.flakeferry.support.progress.ProgressEvent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class StoreRoomTest {
  private static final long GIB = 1L << 30;
  private final List<ProgressEvent> events = new ArrayList<>();

  private static StoreRoom room(boolean exact) {
    return new StoreRoom(Path.of("/nix/store"), 4 * GIB, 5 * GIB, exact);
  }

  @Test
  void whatFitsIsNotTalkedOf() {
    room(true).expect("what is fetched", 4 * GIB, events::add);
    assertThat(events).isEmpty();
  }

  @Test
  void whatNeedsWhatIsKeptForRootIsAWarning() {
    room(true).expect("what is fetched", 5 * GIB, events::add);
    assertThat(events)
        .containsExactly(
            new ProgressEvent.Warning(
                "what is fetched takes 5.0 GiB, and 4.0 GiB are free in /nix/store: the disk may"
                    + " get full"));
  }

  @Test
  void whatCanNeverFitIsRefusedAsAFullDisk() {
    var full =
        catchThrowableOfType(
            DiskFull.class, () -> room(true).expect("what is fetched", 5 * GIB + 1, events::add));
    assertThat(full.reason()).isEqualTo(FailureReason.BUILD_FAILED);
    assertThat(full.problem()).startsWith("The disk is full.\nwhat is fetched takes 5.0 GiB");
    assertThat(full.advice()).contains("nix-collect-garbage");
    assertThat(events).isEmpty();
  }

  @Test
  void whereItMayTakeLessItIsOnlyAWarning() {
    room(false).expect("what is fetched", 50 * GIB, events::add);
    assertThat(events).hasSize(1).first().isInstanceOf(ProgressEvent.Warning.class);
  }
}
