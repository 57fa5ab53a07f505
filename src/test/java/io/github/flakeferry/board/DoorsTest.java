package io.github.flakeferry.board;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.model.BoardAddress;
import io.github.flakeferry.model.HostKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class DoorsTest {
  private static final Duration LONG = Duration.ofMinutes(10);

  private final Doors doors = new Doors();

  private static BoardAddress machine(String host, int port) {
    HostKey key =
        HostKey.parse(
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl");
    return new BoardAddress(host, port, "root", List.of(), List.of(key));
  }

  private List<Doors.Guest> fill(BoardAddress machine) throws Exception {
    var guests = new ArrayList<Doors.Guest>();
    for (int i = 0; i < Doors.AT_ONCE; i++) {
      guests.add(doors.enter(machine, LONG));
    }
    return guests;
  }

  @Test
  void oneMoreWaitsUntilAnotherHasLoggedIn() throws Exception {
    List<Doors.Guest> guests = fill(machine("gateway", 22));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var next = threads.submit(() -> doors.enter(machine("gateway", 22), LONG));
      assertThat(next.isDone()).isFalse();

      guests.getFirst().close();

      next.get().close();
    }
  }

  @Test
  void whoeverLeavesTwiceGivesOnePlaceBack() throws Exception {
    List<Doors.Guest> guests = fill(machine("gateway", 22));
    guests.getFirst().close();
    guests.getFirst().close();
    doors.enter(machine("gateway", 22), LONG);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var next = threads.submit(() -> doors.enter(machine("gateway", 22), LONG));
      assertThat(next.isDone()).isFalse();

      guests.getLast().close();

      next.get().close();
    }
  }

  @Test
  void otherMachinesAndPortsHaveDoorsOfTheirOwn() throws Exception {
    fill(machine("gateway", 22));

    doors.enter(machine("gateway", 2222), LONG).close();
    doors.enter(machine("other", 22), LONG).close();
  }

  @Test
  void nobodyWaitsForEver() throws Exception {
    fill(machine("gateway", 22));

    doors.enter(machine("gateway", 22), Duration.ofMillis(1)).close();
  }
}
