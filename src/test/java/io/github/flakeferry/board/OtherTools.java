package io.github.flakeferry.board;

import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.testbed.DemoFlake;
import io.github.flakeferry.testbed.TestBoard;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** How others copy to a board. */
final class OtherTools {
  private static final Duration LONGEST = Duration.ofMinutes(10);

  /** Where a board has the rsync that it lacks, and what the new files are compared with. */
  private static final String RSYNC = "/var/tmp/rsync";

  private static final String OLD = "/var/tmp/old/";

  private final TestBoard board;
  private final Path known;

  /**
   * @param folder for a file
   */
  OtherTools(TestBoard board, Path folder) throws IOException {
    this.board = board;
    this.known = Files.createTempFile(folder, "known", "");
    Files.writeString(
        known, board.address().host() + " " + board.address().hostKeys().getFirst() + "\n");
  }

  private String login() {
    return "root@" + board.address().host();
  }

  private String sshOptions() {
    return "-F none -i %s -o UserKnownHostsFile=%s".formatted(board.keyFile(), known);
  }

  /** A closure of this machine's store, by {@code nix-copy-closure}. */
  void nixCopyClosure(StorePath root) throws IOException {
    nix("nix-copy-closure", "--to", login(), root.toString());
  }

  /**
   * The same, by {@code nix copy} over ssh-ng.
   *
   * @param settings of the store: empty, or beginning with a question mark
   */
  void nixCopy(StorePath root, String settings) throws IOException {
    nix(
        "nix",
        "copy",
        "--no-check-sigs",
        "--to",
        "ssh-ng://" + login() + settings,
        root.toString());
  }

  private void nix(String... words) throws IOException {
    Command.of(words)
        .with("NIX_CONFIG", DemoFlake.NIX_CONFIG)
        .with("NIX_SSHOPTS", sshOptions())
        .within(LONGEST)
        .run()
        .orThrow();
  }

  /**
   * Gives the board what {@link #rsync} needs: this machine's rsync with its libraries, and copies
   * of paths that it has, under their packages' names.
   */
  void prepareRsync(DebianClosure has) throws IOException {
    board.run("mkdir -p %s %s".formatted(RSYNC, OLD)).orThrow();
    String files =
        Command.of(
                "sh",
                "-c",
                "p=$(command -v rsync) && echo \"$p\" && ldd \"$p\" | grep -o '/[^ ]*' | grep -v -e"
                    + " ld-linux -e libc.so")
            .run()
            .orThrow()
            .output();
    for (String file : files.lines().toList()) {
      try (var in = Files.newInputStream(Path.of(file))) {
        board
            .pipe(
                in,
                OutputStream.nullOutputStream(),
                "sh",
                "-c",
                "cat >\"$1\" && chmod +x \"$1\"",
                "sh",
                RSYNC + "/" + Path.of(file).getFileName())
            .orThrow();
      }
    }
    var script = new StringBuilder();
    has.byPackage()
        .forEach((name, path) -> script.append("cp -a %s %s%s\n".formatted(path, OLD, name)));
    board.run(script.toString()).orThrow();
  }

  /**
   * The files of a closure into a folder, as differences to those of {@link #prepareRsync}. They
   * don't become store paths by that. By checksums, as all files of a store have the same time.
   */
  void rsync(DebianClosure closure) throws IOException {
    Command.of(
            "rsync",
            "--archive",
            "--compress",
            "--checksum",
            "--copy-dest=" + OLD,
            "--rsh=ssh " + sshOptions(),
            "--rsync-path=LD_LIBRARY_PATH=%1$s %1$s/rsync".formatted(RSYNC))
        .and(List.of(closure.trees() + "/", login() + ":/var/tmp/new/"))
        .within(LONGEST)
        .run()
        .orThrow();
  }
}
