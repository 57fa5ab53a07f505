package io.github.flakeferry;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.Outcome;
import io.github.flakeferry.model.SigningKey;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.support.progress.Progress;
import io.github.flakeferry.testbed.DemoFlake;
import io.github.flakeferry.testbed.HttpCache;
import io.github.flakeferry.testbed.TestBoard;
import io.github.flakeferry.testbed.Testbed;
import io.github.flakeferry.testbed.Variation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What the pages speak of: the boards {@code unmatched-1}, {@code unmatched-2} and {@code lab-1},
 * reached as {@code unmatched-1.lan} and so on, a cache, and a working copy of the boards' flake
 * with its policy. {@code unmatched-1} has had a commit more than {@code unmatched-2}, what is
 * checked out is newer than both, and {@code lab-1} is lent to a pull request.
 */
final class PagesWorld implements AutoCloseable {
  /** Of this machine's platform, as the boards are; with what is asked of a nixpkgs. */
  private static final String FLAKE =
      """
      {
        outputs = { self }:
          let
            unmatched = import ./nixos {
              modules = [ ./hosts/unmatched.nix { nixpkgs.hostPlatform = "x86_64-linux"; } ];
            };
            lib.version = "26.05.20261101.1234abc";
            lib.systems.examples = {
              riscv64 = { config = "riscv64-unknown-linux-gnu"; system = "riscv64-linux"; };
              riscv64-embedded = { config = "riscv64-none-elf"; system = "riscv64-none"; };
            };
            lib.systems.elaborate = platform: platform;
          in
          {
            nixosConfigurations.unmatched = unmatched // { inherit lib; };
          };
      }
      """;

  private static final String KEYS =
      "FLAKEFERRY_SSH_KEY_FILE=~/.ssh/boards"
          + " FLAKEFERRY_SIGNING_KEY_FILE=~/.config/boards/signing-key ";

  private static final Pattern ON_A_BOARD =
      Pattern.compile("(nix-store|nix-collect-garbage|systemctl|journalctl|ssh-keygen -lf) .*");

  private final Path folder;
  private final Testbed testbed;
  private final HttpCache cache;
  private final SigningKey signingKey = SigningKey.generate("boards-cache-1");
  private final List<TestBoard> boards = new ArrayList<>();
  private final Map<TestBoard, StorePath> systems = new LinkedHashMap<>();

  private PagesWorld(Testbed testbed) throws IOException {
    this.folder = testbed.folder();
    this.testbed = testbed;
    this.cache = HttpCache.start(folder.resolve("cache"));
  }

  static PagesWorld make() throws IOException {
    var testbed = Testbed.prepare(Progress.SILENT);
    // registers the handler that the pages' machine has
    assertThat(testbed.canEmulate(TestBoard.Kind.RISCV64.platform())).isTrue();
    var world = new PagesWorld(testbed);
    for (String name : List.of("unmatched-1", "unmatched-2", "lab-1")) {
      world.boards.add(testbed.startBoard(name));
    }
    // somebody asks whether it runs
    world.boards.getLast().run("systemctl start nix-daemon.service").orThrow();
    world.history();
    for (TestBoard board : world.boards) {
      world.systems.put(board, board.currentSystem());
    }
    return world;
  }

  private void history() throws IOException {
    DemoFlake flake = write(flake(), Variation.FIRST);
    Files.writeString(flake().resolve("flakeferry.yml"), policy());
    flake.commit("Say hello");
    flakeferry("deploy production");
    write(flake(), Variation.FIRST.message("Hello again"));
    flake.commit("Change the greeting");
    flakeferry("deploy unmatched-1");
    write(flake(), Variation.FIRST.version("1.1").kernel("6.18.10"));
    flake.commit("Update");
  }

  private Path flake() {
    return folder.resolve("flake");
  }

  private static DemoFlake write(Path folder, Variation variation) throws IOException {
    var flake = DemoFlake.writeTo(folder, variation);
    Files.writeString(folder.resolve("flake.nix"), FLAKE);
    return flake;
  }

  private String policy() {
    var text = new StringBuilder("caches:\n");
    text.append(
        "  - { url: \"%s\", public-key: \"%s\" }\n".formatted(cache.uri(), signingKey.publicKey()));
    text.append("boards:\n");
    for (TestBoard board : boards) {
      text.append(
          """
            %1$s:
              configuration: unmatched
              host: %1$s.lan
              host-key: %2$s
              tags: [riscv64, %3$s]
          """
              .formatted(
                  board.name(),
                  board.address().hostKeys().getFirst(),
                  board.name().equals("lab-1") ? "preview" : "production"));
    }
    return text
        + """
        environments:
          production: { on: { push: main }, boards: production, confirm-timeout: 10s }
          preview: { on: pull_request, boards: preview }
        """;
  }

  private void flakeferry(String arguments) throws IOException {
    PagesShell.Ended ended = shell().type(List.of(KEYS + "flakeferry " + arguments)).getFirst();
    assertThat(ended.exitCode()).as(ended.toString()).isZero();
  }

  /**
   * A command of a text, with what is here in place of {@code BOARD}, {@code URL} and so on. What
   * is said to somebody on a board, or is about a store, is typed on one.
   */
  String filledIn(String command) {
    boolean there = ON_A_BOARD.matcher(command).matches();
    String filled = command;
    for (var value :
        Map.of(
                "BOARD…?", "unmatched-1",
                "HOST", "root@unmatched-1.lan",
                "CODE", "FF-0101",
                "FILE", "~/.ssh/boards",
                "NAME", "unmatched",
                "PATH", systems.get(boards.get(there ? 2 : 0)).toString(),
                "URL", cache.uri().toString())
            .entrySet()) {
      filled = filled.replaceAll("\\b" + value.getKey() + "(?![A-Z_])", value.getValue());
    }
    return there ? "flakeferry ssh lab-1 -- " + filled : filled;
  }

  private static void lend(TestBoard board) {
    BoardResult lent = Lent.lend(board, board.name(), "demo/boards#12", 1);
    assertThat(lent.outcome()).as(lent.message()).isIn(Outcome.DEPLOYED, Outcome.UNCHANGED);
  }

  /** A shell in this world as it was made, whatever other shells have done to it. */
  PagesShell begin() throws IOException {
    for (String words : List.of("checkout -qf main", "reset -q --hard", "clean -qfd")) {
      Command.of("git").and(words.split(" ")).in(flake()).run().orThrow();
    }
    for (var board : systems.entrySet()) {
      String name = board.getKey().name();
      if (name.equals("lab-1")) {
        lend(board.getKey());
      } else if (!board.getKey().currentSystem().equals(board.getValue())) {
        flakeferry("rollback %s --to %s".formatted(name, name.equals("unmatched-1") ? 3 : 2));
      }
    }
    return shell();
  }

  private PagesShell shell() throws IOException {
    Path own = Files.createTempDirectory(folder, "shell-");
    var shell =
        new PagesShell(own, flake(), own.resolve("flake"), "y\n\n%s\n".formatted(cache.uri()));
    write(shell.newFlake(), Variation.FIRST).commit("Begin");
    Files.createDirectories(shell.home().resolve(".local/bin"));
    Files.createDirectories(shell.home().resolve(".ssh"));
    Files.createDirectories(shell.home().resolve(".config/boards"));
    for (String key : List.of("boards", "id_ed25519")) {
      Files.copy(boards.getFirst().keyFile(), shell.home().resolve(".ssh").resolve(key));
    }
    Path secret = shell.home().resolve(".config/boards/signing-key");
    var mine = PosixFilePermissions.fromString("rw-------");
    Files.createFile(secret, PosixFilePermissions.asFileAttribute(mine));
    Files.writeString(secret, signingKey.export().reveal());
    var hosts = new StringBuilder(Files.readString(Path.of("/etc/hosts")));
    var known = new StringBuilder();
    for (TestBoard board : boards) {
      hosts.append("\n%s %s.lan\n".formatted(board.address().host(), board.name()));
      known.append("%s.lan %s\n".formatted(board.name(), board.address().hostKeys().getFirst()));
    }
    Files.writeString(shell.hosts(), hosts.toString());
    Files.writeString(shell.knownHosts(), known.toString());
    Files.writeString(
        shell.home().resolve(".gitconfig"), "[user]\nname = Demo\nemail = demo@example.org\n");
    return shell;
  }

  @Override
  public void close() throws IOException {
    cache.close();
    testbed.close();
  }
}
