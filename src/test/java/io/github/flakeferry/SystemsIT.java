package io.github.flakeferry;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.model.SystemPlatform;
import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.support.process.Exit;
import io.github.flakeferry.support.process.Finished;
import io.github.flakeferry.support.progress.Progress;
import io.github.flakeferry.testbed.DemoFlake;
import io.github.flakeferry.testbed.Testbed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * What can be cross-compiled for, with a flake that has of nixpkgs what is asked of it: {@code
 * lib.systems.examples}, {@code lib.systems.elaborate} and {@code lib.version}.
 */
final class SystemsIT {
  private static final String NIXPKGS =
      """
      {
        outputs = { self }: {
          lib.version = "26.05.20261101.1234abc";
          lib.systems = {
            examples = {
              gnu64.config = "x86_64-unknown-linux-gnu";
              riscv64.config = "riscv64-unknown-linux-gnu";
              riscv64-embedded.config = "riscv64-none-elf";
              s390x.config = "s390x-unknown-linux-gnu";
              mmix.config = "mmix-unknown-mmixware";
              gone = throw "this target is no more";
            };
            elaborate = platform: {
              inherit (platform) config;
              system =
                let
                  processor = builtins.head (builtins.match "([^-]+)-.*" platform.config);
                  kernels = [ "linux" "none" "mmixware" ];
                  kernel = builtins.filter (k: builtins.match ".*-${k}(-.*)?" platform.config != null) kernels;
                in
                "${processor}-${builtins.head kernel}";
            };
          };
        };
      }
      """;
  private static final String LIST = "/proc/sys/fs/binfmt_misc";

  private static Testbed testbed;
  @TempDir private Path folder;

  @BeforeAll
  static void prepare() throws IOException {
    testbed = Testbed.prepare(Progress.SILENT);
    assertThat(testbed.canEmulate(new SystemPlatform("riscv64-linux"))).isTrue();
  }

  @AfterAll
  static void tidy() {
    testbed.close();
  }

  @BeforeEach
  void write() throws IOException {
    commit("nixpkgs", NIXPKGS);
    commit(
        "flake",
        """
        {
          inputs.nixpkgs.url = "git+file://%s";
          outputs = { self, nixpkgs }: { };
        }
        """
            .formatted(folder.resolve("nixpkgs")));
  }

  private void commit(String name, String flake) throws IOException {
    Path repository = Files.createDirectories(folder.resolve(name));
    Files.writeString(repository.resolve("flake.nix"), flake);
    Command.of("git", "init", "-q", "--initial-branch=main").in(repository).run().orThrow();
    Command.of("git", "add", ".").in(repository).run().orThrow();
    nix("flake", "lock").in(repository).run().orThrow();
    new DemoFlake(repository).commit("Write " + name);
  }

  private static Command nix(String... words) {
    return Command.of("nix").and(words).with("NIX_CONFIG", DemoFlake.NIX_CONFIG);
  }

  private Finished systems(List<String> around, String... arguments) throws IOException {
    var words = new ArrayList<>(around);
    words.addAll(BuiltProgram.words("systems"));
    words.addAll(List.of(arguments));
    return Command.of(words)
        .in(folder.resolve("flake"))
        .with("NIX_CONFIG", DemoFlake.NIX_CONFIG)
        .run();
  }

  @Test
  void allTargetsAreListedWithWhatRunsHere() throws IOException {
    Finished all = systems(List.of());

    assertThat(all.exit()).as(all.lastErrorLines().toString()).isEqualTo(new Exit.Code(0));
    assertThat(all.output())
        .isEqualTo(
            """
            this machine: x86_64-linux
            nixpkgs: 26.05.20261101.1234abc

            PKGSCROSS         SYSTEM         TRIPLE                     RUNS HERE
            gnu64             x86_64-linux   x86_64-unknown-linux-gnu   natively
            mmix              mmix-mmixware  mmix-unknown-mmixware      no
            riscv64           riscv64-linux  riscv64-unknown-linux-gnu  %s
            riscv64-embedded  riscv64-none   riscv64-none-elf           no
            s390x             s390x-linux    s390x-unknown-linux-gnu    %s
            """
                .formatted(emulated("riscv64"), emulated("s390x")));
  }

  /** As the machine's own kernel has it, which may have more handlers than the test needs. */
  private static String emulated(String processor) throws IOException {
    return interpreter(processor)
        .map(path -> "emulated by " + path)
        .orElse("could be emulated, no handler is registered");
  }

  private static Optional<String> interpreter(String processor) throws IOException {
    Path handler = Path.of(LIST, "qemu-" + processor);
    return Files.exists(handler)
        ? Files.readAllLines(handler).stream()
            .filter(line -> line.startsWith("interpreter "))
            .map(line -> line.substring("interpreter ".length()))
            .findFirst()
        : Optional.empty();
  }

  @Test
  void aHandlerThatIsNotThereIsPossible() throws IOException {
    String mount = "mount -t binfmt_misc none %s && exec \"$@\"".formatted(LIST);
    Finished found =
        systems(
            List.of("unshare", "--user", "--map-root-user", "--mount", "sh", "-c", mount, "sh"),
            "RISCV64-unknown");

    assertThat(found.output()).contains("could be emulated, no handler is registered\n");
  }

  @Test
  void aWordChoosesAmongThem() throws IOException {
    JsonNode found = new ObjectMapper().readTree(systems(List.of(), "riscv", "--json").output());

    assertThat(found.path("machine").asString()).isEqualTo("x86_64-linux");
    assertThat(found.path("nixpkgs").asString()).isEqualTo("26.05.20261101.1234abc");
    JsonNode first = found.at("/targets/0");
    assertThat(first.path("name").asString()).isEqualTo("riscv64");
    assertThat(first.path("system").asString()).isEqualTo("riscv64-linux");
    assertThat(first.path("triple").asString()).isEqualTo("riscv64-unknown-linux-gnu");
    assertThat(first.path("runs").asString()).isEqualTo("emulated");
    assertThat(first.path("emulator").asString()).isEqualTo(interpreter("riscv64").orElseThrow());
    assertThat(found.at("/targets/1/name").asString()).isEqualTo("riscv64-embedded");
    assertThat(found.path("targets").size()).isEqualTo(2);

    Finished none = systems(List.of(), "riscv6");
    assertThat(none.exit()).isEqualTo(new Exit.Code(0));
    Finished wrong = systems(List.of(), "riscv46");
    assertThat(wrong.exit()).isEqualTo(new Exit.Code(2));
    assertThat(wrong.lastErrorLines()).anyMatch(line -> line.contains("did you mean 'riscv64'?"));
  }

  @Test
  void withoutAnInputOfThatNameAConfigurationsNixpkgsCounts() throws IOException {
    commit(
        "flake",
        """
        {
          outputs = { self }: {
            nixosConfigurations.board.lib = {
              systems.examples.only.config = "armv7l-unknown-linux-gnueabihf";
              systems.elaborate = platform: { inherit (platform) config; system = "armv7l-linux"; };
            };
          };
        }
        """);

    assertThat(systems(List.of()).orThrow().output())
        .startsWith("this machine: x86_64-linux\n\n")
        .contains("only       armv7l-linux  armv7l-unknown-linux-gnueabihf  ");
  }

  @Test
  void aFlakeWithoutNixpkgsAndAFolderWithoutAFlakeSayWhatToDo() throws IOException {
    commit("flake", "{ outputs = { self }: { }; }");
    Finished without = systems(List.of());
    assertThat(without.exit()).isEqualTo(new Exit.Code(5));
    assertThat(without.lastErrorLines())
        .anyMatch(line -> line.contains("the flake has no nixpkgs"))
        .anyMatch(line -> line.contains("Add an input nixpkgs.url"));

    Command.of("rm", "-r", folder.resolve("flake/.git").toString()).run().orThrow();
    Finished noClone = systems(List.of());
    assertThat(noClone.exit()).isEqualTo(new Exit.Code(2));
    assertThat(noClone.lastErrorLines())
        .anyMatch(line -> line.contains("is in no clone with a commit"));
  }
}
