package io.github.flakeferry.board;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.support.progress.ProgressEvent;
import io.github.flakeferry.testbed.TestBoard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;

/** What tests share that send differences to boards. */
abstract class DeltaBoardIT extends BoardIT {
  /** For the files of closures. */
  Path folder;

  @BeforeEach
  final void folder() throws IOException {
    folder = Files.createTempDirectory(bed.folder(), "delta");
  }

  final DeltaWay way(TestBoard board, VersionedClosure closure) {
    return new DeltaWay(board, closure, progress);
  }

  /** The board has all of it, and nothing else in its store is damaged. */
  static void holds(TestBoard board, VersionedClosure closure) throws IOException {
    hasWhole(board, closure);
    String told = board.run("nix-store --verify --check-contents 2>&1").orThrow().output();
    assertThat(told).doesNotContain("modified");
  }

  /** The board has all of it, and no file of the transfer's. */
  static void hasWhole(TestBoard board, VersionedClosure closure) throws IOException {
    String paths =
        closure.infos().stream().map(i -> i.path().toString()).collect(Collectors.joining(" "));
    board.run("nix-store --verify-path " + paths).orThrow();
    assertThat(leftovers(board)).isEmpty();
  }

  /** Files and processes of transfers that stay though none is under way. */
  static String leftovers(TestBoard board) throws IOException {
    return board
        .run(
            """
            left() { ls -d /var/tmp/flakeferry*; pgrep -af 'nix-store --serve'; } 2>/dev/null
            for n in $(seq 100); do
              [ "$(left)" ] || break
              sleep 0.1
            done
            left
            """)
        .output();
  }

  final List<String> notes() {
    return progress.events().stream()
        .flatMap(e -> e instanceof ProgressEvent.Note(String text) ? Stream.of(text) : Stream.of())
        .toList();
  }

  static byte[] random(long seed, int bytes) {
    var content = new byte[bytes];
    new Random(seed).nextBytes(content);
    return content;
  }

  static byte[] changed(byte[] content, int at) {
    byte[] other = content.clone();
    other[at] ^= 1;
    return other;
  }
}
