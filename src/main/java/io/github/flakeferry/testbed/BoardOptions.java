package io.github.flakeferry.testbed;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a board is to be.
 *
 * @param kind its processor
 * @param storeMegabytes how large its /nix is beyond what a new board has there; empty: as large as
 *     the machine's disk
 * @param bootMegabytes the same for its /boot
 * @param link what its cable is like; empty: as fast as the machine
 */
public record BoardOptions(
    TestBoard.Kind kind,
    OptionalInt storeMegabytes,
    OptionalInt bootMegabytes,
    Optional<Link> link) {

  /**
   * A slow cable.
   *
   * @param delayMillis one way
   * @param megabits per second, each way; 0: no limit
   */
  public record Link(int delayMillis, int megabits) {}

  /** An amd64 board with all the room and speed that the machine has. */
  public static final BoardOptions PLAIN =
      new BoardOptions(
          TestBoard.Kind.AMD64, OptionalInt.empty(), OptionalInt.empty(), Optional.empty());

  public BoardOptions kind(TestBoard.Kind wanted) {
    return new BoardOptions(wanted, storeMegabytes, bootMegabytes, link);
  }

  public BoardOptions store(int megabytes) {
    return new BoardOptions(kind, OptionalInt.of(megabytes), bootMegabytes, link);
  }

  public BoardOptions boot(int megabytes) {
    return new BoardOptions(kind, storeMegabytes, OptionalInt.of(megabytes), link);
  }

  /** See {@link Link}. */
  public BoardOptions slowLink(int delayMillis, int megabits) {
    return new BoardOptions(
        kind, storeMegabytes, bootMegabytes, Optional.of(new Link(delayMillis, megabits)));
  }
}
