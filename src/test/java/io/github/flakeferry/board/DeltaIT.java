package io.github.flakeferry.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.flakeferry.board.SystemBuilder.Built;
import io.github.flakeferry.board.delta.OldPath;
import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.Outcome;
import io.github.flakeferry.model.SigningKey;
import io.github.flakeferry.model.terms.TransferMode;
import io.github.flakeferry.support.process.SearchPath;
import io.github.flakeferry.testbed.BoardOptions;
import io.github.flakeferry.testbed.TestBoard;
import io.github.flakeferry.testbed.Variation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Differences to what a board has come into its real store, and what to do where they can't. */
class DeltaIT extends DeltaBoardIT {
  private VersionedClosure first(TestBoard board) throws IOException {
    var closure =
        new VersionedClosure(folder, 1)
            .with("libc-2.40", random(1, 3_000_000))
            .with("hello-2.12", random(2, 20_000))
            .with("motd", random(3, 5_000));
    way(board, closure).go();
    return closure;
  }

  private VersionedClosure second(VersionedClosure first) throws IOException {
    return first
        .next()
        .with("libc-2.41", changed(random(1, 3_000_000), 1_000_000))
        .with("hello-2.12", changed(random(2, 20_000), 10_000))
        .with("motd", random(3, 5_000));
  }

  @Test
  void whatDiffersLittleIsSentInFewBytes() throws IOException {
    try (TestBoard board = bed.startBoard("delta")) {
      board
          .run("cd /var/tmp; mkdir flakeferry-transfer.4194305.7.left flakeferry-transfer.1.7.left")
          .orThrow();
      VersionedClosure first = first(board);
      VersionedClosure second = second(first);

      long sent = way(board, second).from(first).go();

      assertThat(notes())
          .anyMatch(note -> note.matches(".*sending about .* instead of 2.9 MiB"))
          .anyMatch(
              note -> note.matches(".*sent .* KiB instead of 2.9 MiB: 3 paths as differences"));
      assertThat(sent).isLessThan(second.narBytes() / 500);
      holds(board, second);
    }
  }

  @Test
  void aUserWhoIsNobodyToNixGetsWhatIsSigned() throws IOException {
    SigningKey key = SigningKey.generate("delta-1");
    try (TestBoard board = bed.startBoard("delta-user")) {
      board.setNix("trusted-public-keys = " + key.publicKey());
      VersionedClosure first = first(board);
      VersionedClosure second = second(first).signed(key);

      way(board, second).from(first).as(board.deployUser()).go();

      assertThat(notes()).anyMatch(note -> note.endsWith("3 paths as differences"));
      holds(board, second);
    }
  }

  @Test
  void whatIsNotSignedIsRefusedAndNotTriedInAnotherWay() throws IOException {
    try (TestBoard board = bed.startBoard("delta-unsigned")) {
      VersionedClosure first = first(board);
      DeltaWay way = way(board, second(first)).from(first).as(board.deployUser());

      assertThatExceptionOfType(BoardFailure.class)
          .isThrownBy(way::go)
          .satisfies(e -> assertThat(e.outcome()).isEqualTo(Outcome.REFUSED))
          .withMessageContaining("lacks a");
      assertThat(notes()).noneMatch(note -> note.contains("again"));
    }
  }

  /** A bit of a path's file on the board is another one than it was. */
  private static void damage(TestBoard board, OldPath path, int at) throws IOException {
    board
        .run(
            """
            chmod u+w %1$s
            b=$(dd if=%1$s bs=1 skip=%2$d count=1 2>/dev/null | od -An -tu1)
            printf "\\$(printf %%o $((b ^ 1)))" | dd of=%1$s bs=1 seek=%2$d conv=notrunc 2>/dev/null
            """
                .formatted(path.path(), at))
        .orThrow();
  }

  @Test
  void aDamagedReferenceOfALargePathCostsThatPathOnceMore() throws IOException {
    try (TestBoard board = bed.startBoard("delta-damaged")) {
      VersionedClosure first = first(board);
      VersionedClosure second = second(first);
      damage(board, first.asOld().getFirst(), 2_000_000);

      way(board, second).from(first).go();

      assertThat(notes())
          .anyMatch(note -> note.contains("libc-2.41 is sent again without differences: "))
          .anyMatch(note -> note.contains("a difference can't be unpacked"));
      hasWhole(board, second);
    }
  }

  @Test
  void ofADamagedReferenceOfSmallPathsNothingReachesTheStore() throws IOException {
    try (TestBoard board = bed.startBoard("delta-damaged-small")) {
      VersionedClosure first = first(board);
      VersionedClosure second = second(first);
      damage(board, first.asOld().get(2), 2_000);

      way(board, second).from(first).go();

      assertThat(notes())
          .anyMatch(note -> note.contains("motd is sent again without differences: "))
          .noneMatch(note -> note.contains("hash mismatch"));
      hasWhole(board, second);
    }
  }

  @Test
  void aReferenceThatTheBoardHasNoMoreCostsAResend() throws IOException {
    try (TestBoard board = bed.startBoard("delta-gone")) {
      VersionedClosure first = first(board);
      VersionedClosure gone = first.next().with("libc-2.40.1", random(1, 3_000_000));
      VersionedClosure second = second(first);

      way(board, second).from(gone).go();

      assertThat(notes())
          .anyMatch(note -> note.contains("libc-2.41 is sent again without differences: "))
          .anyMatch(note -> note.contains("is not valid"));
      hasWhole(board, second);
    }
  }

  @Test
  void aReferenceThatThisMachineHasNotIsNotUsed() throws IOException {
    try (TestBoard board = bed.startBoard("delta-forgotten")) {
      VersionedClosure first = first(board);
      VersionedClosure second = second(first);
      first.forget(first.asOld().getFirst().path());

      way(board, second).from(first).go();

      assertThat(notes())
          .anyMatch(note -> note.endsWith(": 2 paths as differences, 1 path as they are"));
      holds(board, second);
    }
  }

  @Test
  void withoutZstdOnThisMachineAllIsCompressed() throws IOException {
    try (TestBoard board = bed.startBoard("delta-plain")) {
      VersionedClosure first = first(board);
      VersionedClosure second = first.next().with("libc-2.41", new byte[3_000_000]);

      long sent = way(board, second).from(first).with(new SearchPath(List.of())).go();

      assertThat(notes())
          .anyMatch(note -> note.endsWith("as no difference can be sent: this machine has no zstd"))
          .anyMatch(note -> note.endsWith(": 1 path compressed"));
      assertThat(sent).isLessThan(2_000);
      holds(board, second);
    }
  }

  @Test
  void aBoardWithoutZstdIsSentAllAsItIsAndItIsSaid() throws IOException {
    try (TestBoard board = bed.startBoard("delta-no-zstd")) {
      VersionedClosure first = first(board);
      VersionedClosure second = second(first);
      board.run("rm /usr/bin/zstd").orThrow();

      long sent = way(board, second).from(first).in(TransferMode.AUTO).go();

      assertThat(notes()).contains("board-1: all is sent as it is: it has no zstd");
      assertThat(sent).isEqualTo(second.narBytes());
      holds(board, second);
    }
  }

  @Test
  void aBoardWhoseZstdIsOldIsSentWhatItUnderstands() throws IOException {
    try (TestBoard board = bed.startBoard("delta-old-zstd")) {
      VersionedClosure first = first(board);
      VersionedClosure second = first.next().with("libc-2.41", new byte[3_000_000]);
      replace(
          board,
          "zstd",
          "case \"$*\" in *--patch-from*) echo Incorrect parameters >&2; exit 1 ;; esac\n"
              + "exec zstd.real \"$@\"");

      long sent = way(board, second).from(first).go();

      assertThat(notes())
          .anyMatch(note -> note.endsWith("its zstd knows no references"))
          .anyMatch(note -> note.endsWith(": 1 path compressed"));
      assertThat(sent).isLessThan(2_000);
      holds(board, second);
    }
  }

  // as busybox's does; Perl reads in blocks, too
  @Test
  void aBoardWhoseHeadReadsAheadIsSentAllAsItIs() throws IOException {
    try (TestBoard board = bed.startBoard("delta-head")) {
      VersionedClosure first = first(board);
      VersionedClosure second = second(first);
      replace(board, "head", "exec perl -e 'read(STDIN, $b, $ARGV[1]); print $b' -- \"$@\"");

      way(board, second).from(first).go();

      assertThat(notes())
          .contains("board-1: all is sent as it is: its head takes more than it is asked for");
      holds(board, second);
    }
  }

  @Test
  void aBoardThatAllowsOneChannelOnlyIsSentAllOverThat() throws IOException {
    try (TestBoard board = bed.startBoard("delta-one-channel")) {
      VersionedClosure first = first(board);
      VersionedClosure second = second(first);
      board
          .run("echo MaxSessions 1 >/etc/ssh/sshd_config.d/00-one.conf; systemctl restart ssh")
          .orThrow();

      way(board, second).from(first).go();

      assertThat(notes())
          .anyMatch(note -> note.contains("all is sent as it is: no further channel can be had"));
      holds(board, second);
    }
  }

  // what it may hold is what a board with 128 MB left is asked to hold
  @Test
  void aSmallBoardIsAskedToUnpackNoMoreThanItCanHold() throws IOException {
    long room = ((128L << 20) - Fitness.LEAST_MEMORY) / 2;
    try (TestBoard board = bed.startBoard("delta-small")) {
      var first =
          new VersionedClosure(folder, 2)
              .with("large-1", random(7, 24_000_000))
              .with("medium-1", random(8, 18_000_000))
              .with("little-1", random(9, 18_000_000));
      way(board, first).go();
      VersionedClosure second =
          first
              .next()
              .with("large-2", changed(random(7, 24_000_000), 100))
              .with("medium-2", changed(random(8, 18_000_000), 100))
              .with("little-2", changed(random(9, 18_000_000), 100));
      replace(board, "zstd", "ulimit -v 65536; exec zstd.real \"$@\"");

      way(board, second).from(first).within(room).go();

      assertThat(notes())
          .anyMatch(note -> note.endsWith(": 2 paths as differences, 1 path as they are"))
          .noneMatch(note -> note.contains("again"));
      holds(board, second);
    }
  }

  @Test
  void onASlowLinkThatIsChosenByItself() throws IOException {
    try (TestBoard board = bed.startBoard("delta-auto", BoardOptions.PLAIN.slowLink(25, 20))) {
      VersionedClosure first = first(board);
      VersionedClosure second = second(first);

      long sent = way(board, second).from(first).in(TransferMode.AUTO).go();

      assertThat(notes()).anyMatch(note -> note.endsWith("3 paths as differences"));
      assertThat(sent).isLessThan(second.narBytes() / 500);
      holds(board, second);
    }
  }

  @Test
  void littleIsSentWithoutAsking() throws IOException {
    try (TestBoard board = bed.startBoard("delta-little")) {
      var closure = new VersionedClosure(folder, 3).with("motd", random(3, 100_000));

      long sent = way(board, closure).in(TransferMode.AUTO).go();

      assertThat(sent).isEqualTo(closure.narBytes());
      assertThat(notes()).isEmpty();
      holds(board, closure);
    }
  }

  @Test
  void whateverIsComparedComesOutAsItWentIn() throws IOException {
    try (TestBoard board = bed.startBoard("delta-fuzz")) {
      var random = new Random(11);
      var first = new VersionedClosure(folder, 5);
      var contents = new ArrayList<byte[]>();
      for (int i = 0; i < 40; i++) {
        contents.add(some(random));
        first.with("p" + "-x".repeat(i) + "-1", contents.getLast());
      }
      way(board, first).go();
      VersionedClosure second = first.next();
      for (int i = 0; i < 40; i++) {
        second.with("p" + "-x".repeat(i) + "-2", other(contents.get(i), random));
      }

      way(board, second).from(first).go();

      assertThat(notes())
          .anyMatch(note -> note.contains(" paths as differences"))
          .noneMatch(note -> note.contains("again"));
      holds(board, second);
    }
  }

  // empty, short, text, all the same, random, and beyond what zstd looks back by itself
  private static byte[] some(Random random) {
    int size =
        switch (random.nextInt(5)) {
          case 0 -> random.nextInt(2);
          case 1 -> random.nextInt(100);
          case 2 -> random.nextInt(100_000);
          case 3 -> random.nextInt(1_500_000);
          default -> 9_000_000 + random.nextInt(1_000_000);
        };
    var content = new byte[size];
    switch (random.nextInt(3)) {
      case 0 -> random.nextBytes(content);
      case 1 -> Arrays.fill(content, (byte) random.nextInt());
      default -> {
        for (int i = 0; i < size; i++) {
          content[i] = (byte) ('a' + random.nextInt(4));
        }
      }
    }
    return content;
  }

  // the same, one byte apart, longer, shorter, its halves exchanged, empty, or something else
  private static byte[] other(byte[] content, Random random) {
    return switch (random.nextInt(7)) {
      case 0 -> content;
      case 1 ->
          content.length == 0 ? new byte[1] : changed(content, random.nextInt(content.length));
      case 2 -> Arrays.copyOf(content, content.length + random.nextInt(5000));
      case 3 -> Arrays.copyOfRange(content, content.length / 3, content.length);
      case 4 -> {
        byte[] turned = new byte[content.length];
        int half = content.length / 2;
        System.arraycopy(content, half, turned, 0, content.length - half);
        System.arraycopy(content, 0, turned, content.length - half, half);
        yield turned;
      }
      case 5 -> new byte[0];
      default -> some(random);
    };
  }

  @Test
  void aSystemIsDeployedAsDifferencesToTheOneBefore() throws IOException {
    Built next = systems.build(Variation.FIRST.message("Hello again"));
    try (TestBoard board = bed.startBoard("delta-system")) {
      assertThat(deploy(board, BoardFixture.switchTo(board, good)).outcome())
          .isEqualTo(Outcome.DEPLOYED);
      Deployment deployment = BoardFixture.switchTo(board, next);

      BoardResult result =
          deploy(board, deployment.terms(deployment.terms().transfer(TransferMode.DELTA)));

      assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.DEPLOYED);
      assertThat(notes()).anyMatch(note -> note.contains(" as differences"));
      assertThat(board.currentSystem()).isEqualTo(next.system());
    }
  }

  @Test
  void whatHasComeInAnotherWayMeanwhileIsNotSent() throws IOException {
    try (TestBoard board = bed.startBoard("delta-late")) {
      VersionedClosure first = first(board);
      VersionedClosure second = second(first);

      way(board, second).from(first).goAfter(() -> way(board, second).from(first).go());

      holds(board, second);
    }
  }

  @Test
  void aFurtherChannelThatCanDoLessIsNotUsed() throws IOException {
    try (TestBoard board = bed.startBoard("delta-lesser")) {
      var closure = new VersionedClosure(folder, 7);
      for (int i = 0; i < 12; i++) {
        closure.with("p" + "-x".repeat(i), random(100 + i, 1_000_000));
      }
      // it works once
      replace(
          board,
          "zstd",
          """
          case "$*" in
          "-cq --patch-from="*) mkdir /run/once 2>/dev/null || exit 1 ;;
          -cq*) exit 1 ;;
          esac
          exec zstd.real "$@"
          """);

      way(board, closure).go();

      holds(board, closure);
    }
  }
}
