package io.github.flakeferry.nix.quarters;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.support.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ends real processes of users that nobody else is. */
final class EvictionIT {
  private static final int FIRST = 30701;
  private static final int SECOND = 30702;
  private static final int OTHER = 30703;

  @TempDir private Path folder;

  private static void start(int uid, String script) throws IOException {
    Command.of(Lodger.become(uid, uid))
        .and("/bin/bash", "-c", "(exec </dev/null >/dev/null 2>&1; " + script + ") &")
        .in(Path.of("/"))
        .run()
        .orThrow();
  }

  private static List<String> running(int uid) throws IOException {
    return Command.of("ps", "-o", "pid=,stat=,args=", "-u", Integer.toString(uid))
        .run()
        .output()
        .lines()
        .filter(line -> !line.matches("\\s*\\d+\\s+Z.*"))
        .toList();
  }

  @Test
  void whateverHidesAndMultiplies() throws Exception {
    start(OTHER, "exec sleep 61");
    start(FIRST, "exec setsid sleep 62");
    start(FIRST, "trap '' TERM HUP INT; while :; do sleep 0.01; done");
    // always another one, each for a moment: a list may show none of them, what they leave does
    Path hops = trace("hops");
    start(
        SECOND,
        "hop() { sleep 0.002; printf . >>%s; hop & }; for n in 1 2 3 4 5 6; do hop & done"
            .formatted(hops));
    while (running(FIRST).size() < 2 || Files.size(hops) == 0) {
      Thread.onSpinWait();
    }
    try {
      new Eviction(Set.of(FIRST, SECOND), Set.of(SECOND)).run();

      assertThat(running(FIRST)).isEmpty();
      assertThat(running(SECOND)).isEmpty();
      assertThat(running(OTHER)).hasSize(1);
      long then = Files.size(hops);
      Thread.sleep(100);
      assertThat(hops).hasSize(then);
    } finally {
      new Eviction(Set.of(FIRST, SECOND, OTHER), Set.of(SECOND)).run();
    }
  }

  /** A file that anybody may write. */
  private Path trace(String name) throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    Path file = Files.createFile(folder.resolve(name));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
    return file;
  }
}
