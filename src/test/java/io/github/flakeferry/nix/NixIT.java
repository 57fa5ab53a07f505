package io.github.flakeferry.nix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.model.SystemPlatform;
import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.support.progress.ProgressEvent;
import io.github.flakeferry.support.progress.ProgressEvent.BuildAdvanced;
import io.github.flakeferry.support.progress.ProgressEvent.BuilderLine;
import io.github.flakeferry.support.progress.ProgressEvent.DerivationBegun;
import io.github.flakeferry.support.progress.ProgressEvent.DerivationEnded;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the real Nix, whatever its version is. */
final class NixIT {
  private static final SystemPlatform RISCV = new SystemPlatform("riscv64-linux");
  private final List<ProgressEvent> events = Collections.synchronizedList(new ArrayList<>());
  private final Nix nix = new Nix(TestFlake.SETTINGS, events::add);
  private final String nonce = UUID.randomUUID().toString();
  @TempDir private Path temporary;
  private TestFlake repository;

  @BeforeEach
  void makeRepository() throws IOException {
    repository = new TestFlake(temporary.resolve("checkout"));
  }

  @AfterEach
  void deleteRoots() throws IOException {
    // links to the store, which JUnit warns of
    Command.of("rm", "-rf", temporary.toString()).run().orThrow();
  }

  private Flake flake(String configurations) throws IOException {
    var revision = repository.commit("flake.nix", TestFlake.with(configurations));
    return nix.flake(repository.folder(), TestFlake.ROOT, revision, false);
  }

  @Test
  void aCrossVariantHasTwoPlatformsAndItsNativeOneNeedsAForeignBuilder() throws IOException {
    Flake flake =
        flake(
            """
            unmatched.config.system.build.toplevel = shell "system" "riscv64-linux" "echo %1$s >$out" [
              (shell "kernel-6.1" "riscv64-linux" "echo %1$s >$out" [ ])
            ];
            cross = {
              config.system.build.toplevel = shell "system" "%2$s" "echo %1$s >$out" [ ];
              pkgs.stdenv.buildPlatform.system = "%2$s";
              pkgs.stdenv.hostPlatform.system = "riscv64-linux";
            };
            plain = {
              config.system.build.toplevel = shell "system" "%2$s" "echo %1$s >$out" [ ];
              config.nixpkgs.hostPlatform.system = "riscv64-linux";
              config.nixpkgs.buildPlatform = "aarch64-linux";
            };
            """
                .formatted(nonce, nix.platform()));

    assertThat(nix.configurations(flake)).containsExactly("cross", "plain", "unmatched");

    assertThat(nix.platforms(flake, "cross")).isEqualTo(new Platforms(nix.platform(), RISCV));
    EvaluatedSystem cross = nix.evaluate(flake, "cross");
    assertThat(cross.buildPlatform()).isEqualTo(nix.platform());
    assertThat(cross.hostPlatform()).isEqualTo(RISCV);
    assertThat(nix.foreignDerivations(nix.forecast(List.of(cross)))).isEmpty();

    EvaluatedSystem plain = nix.evaluate(flake, "plain");
    assertThat(plain.buildPlatform()).isEqualTo(new SystemPlatform("aarch64-linux"));
    assertThat(plain.hostPlatform()).isEqualTo(RISCV);

    EvaluatedSystem unmatched = nix.evaluate(flake, "unmatched");
    assertThat(unmatched.buildPlatform()).isEqualTo(RISCV);
    assertThat(nix.foreignDerivations(nix.forecast(List.of(unmatched))))
        .extracting(f -> f.derivation().name(), ForeignDerivation::platform)
        .containsExactlyInAnyOrder(tuple("kernel-6.1.drv", RISCV), tuple("system.drv", RISCV));
    var outside =
        new Machine(nix.platform(), Set.of(), Set.of(), true, Path.of(""), true, true, true);
    assertThat(DryRun.foreign(nix.forecast(List.of(unmatched)), outside, events::add)).isEmpty();
    assertThat(events)
        .anySatisfy(
            event -> assertThat(event.toString()).contains("2 derivations for riscv64-linux"));
    var emulating = new Nix(TestFlake.SETTINGS.withExtraPlatforms(Set.of(RISCV)), events::add);
    assertThat(emulating.foreignDerivations(emulating.forecast(List.of(unmatched)))).isEmpty();
  }

  @Test
  void aBuildTellsItsProgressAndLeavesAClosureThatIsKept() throws IOException {
    Flake flake =
        flake(
            """
            board.config.system.build.toplevel =
              let dep = shell "dep-1.2" "%1$s" "echo hello from dep; echo %2$s >$out" [ ];
              in shell "system-1" "%1$s" "mkdir $out; ln -s ${dep} $out/dep" [ ];
            """
                .formatted(nix.platform(), nonce));
    EvaluatedSystem system = nix.evaluate(flake, "board");
    assertThat(nix.missing(List.of(system.toplevel()))).isNotEmpty();
    Path roots = temporary.resolve("roots");
    Forecast forecast = nix.forecast(List.of(system));
    assertThat(forecast.toBuild())
        .extracting(StorePath::name)
        .containsExactlyInAnyOrder("system-1.drv", "dep-1.2.drv");
    assertThat(forecast.toFetch()).isZero();

    var ended = new ArrayList<StorePath>();
    nix.build(List.of(system), roots, ended::add);

    assertThat(nix.forecast(List.of(system)).isNothing()).isTrue();

    assertThat(nix.missing(List.of(system.toplevel()))).isEmpty();
    assertThat(ended).extracting(StorePath::name).containsExactly("dep-1.2.drv", "system-1.drv");
    assertThat(nix.outputs(ended))
        .extracting(output -> output.path().name())
        .containsExactly("dep-1.2", "system-1");
    assertThat(events)
        .containsSubsequence(
            new DerivationBegun(ended.getFirst()),
            new BuilderLine(ended.getFirst(), "hello from dep"),
            new DerivationEnded(ended.getFirst()));
    var advanced =
        events.stream().filter(BuildAdvanced.class::isInstance).map(BuildAdvanced.class::cast);
    assertThat(advanced)
        .anyMatch(e -> e.running().equals(List.of("dep-1.2")) && e.expected() == 2)
        .last()
        .matches(e -> e.done() == 2 && e.running().isEmpty());
    assertThat(roots.resolve("system")).isSymbolicLink();
    assertThat(roots.resolve("system").toRealPath()).isEqualTo(system.toplevel().path());

    List<PathInfo> closure = nix.closure(system.toplevel());
    assertThat(closure)
        .extracting(i -> i.path().name())
        .containsExactlyInAnyOrder("system-1", "dep-1.2");
    for (PathInfo info : closure) {
      var nar = new ByteArrayOutputStream();
      Nix.contents().writeNar(info.path(), nar);
      assertThat(nar.size()).isEqualTo((int) info.narSize());
      assertThat(sha256(nar.toByteArray())).isEqualTo(info.narHash().hex());
    }

    nix.keep(system.toplevel(), temporary.resolve("kept"));
    assertThat(Command.of("nix-store", "--query", "--roots", system.toplevel().toString()).run())
        .satisfies(f -> assertThat(f.output()).contains(temporary.resolve("kept").toString()));
    nix.build(List.of(system), roots, built -> {}); // again: nothing to do
  }

  @Test
  void allThatFailsIsToldWithTheEndOfItsLog() throws IOException {
    Flake flake =
        flake(
            """
            board.config.system.build.toplevel = shell "system" "%1$s" "echo %2$s >$out" [
              (shell "first-1.0" "%1$s" "for i in $(seq 130); do echo line $i; done; exit 3" [ "%2$s" ])
              (shell "second-2.0" "%1$s" "printf 'no newline'; exit 4" [ "%2$s" ])
              (shell "third" "%1$s" "echo %2$s >$out" [ ])
            ];
            """
                .formatted(nix.platform(), nonce));
    EvaluatedSystem system = nix.evaluate(flake, "board");

    var ended = new ArrayList<StorePath>();
    BuildFailed failed =
        catchThrowableOfType(
            BuildFailed.class,
            () -> nix.build(List.of(system), temporary.resolve("roots"), ended::add));

    assertThat(failed.failed())
        .extracting(f -> f.derivation().name(), BuildFailed.FailedDerivation::cause)
        .containsExactlyInAnyOrder(
            tuple("first-1.0.drv", "builder failed with exit code 3"),
            tuple("second-2.0.drv", "builder failed with exit code 4"));
    assertThat(ended)
        .extracting(StorePath::name)
        .containsExactlyInAnyOrder("first-1.0.drv", "second-2.0.drv", "third.drv");
    assertThat(nix.outputs(ended))
        .extracting(output -> output.path().name())
        .containsExactly("third");
    assertThat(failed.problem()).startsWith("2 derivations did not build:");
    assertThat(failed.details()).contains("line 31", "line 130", "no newline");
    assertThat(failed.details()).doesNotContain("line 30");
    assertThat(failed.advice()).contains("nix log /nix/store/", "-first-1.0.drv");
    assertThat(events).anyMatch(e -> e instanceof BuildAdvanced b && b.running().contains("third"));
  }

  @Test
  void aFullDiskIsCalledOne() throws IOException {
    Flake flake =
        flake(
            """
            board.config.system.build.toplevel =
              shell "system" "%s" "echo %s; cp /proc/version /dev/full" [ ];
            """
                .formatted(nix.platform(), nonce));
    EvaluatedSystem system = nix.evaluate(flake, "board");
    BuildFailed failed =
        catchThrowableOfType(
            BuildFailed.class,
            () -> nix.build(List.of(system), temporary.resolve("roots"), built -> {}));
    assertThat(failed.problem()).startsWith("The disk is full.");
  }

  @Test
  void aMisspeltConfigurationGetsASuggestion() throws IOException {
    Flake flake = flake("unmatched = throw \"not this one\"; \"un.usual\" = { }; other = { };");
    EvaluationFailed failed =
        catchThrowableOfType(EvaluationFailed.class, () -> nix.evaluate(flake, "unmatchde"));
    assertThat(failed.problem())
        .contains("no configuration 'unmatchde'")
        .contains(flake.told())
        .contains("Is 'unmatched' meant?");
    assertThat(failed.advice()).isEqualTo("It has: other, un.usual, unmatched.");
  }

  @Test
  void anEvaluationErrorIsShortAndSaysWhere() throws IOException {
    repository.commit("modules/wifi.nix", "{ ... }:\n(a: a.ssid.name) { ssid = { }; }\n");
    Flake flake = flake("board.config.system = import ./modules/wifi.nix { };");
    EvaluationFailed failed =
        catchThrowableOfType(EvaluationFailed.class, () -> nix.evaluate(flake, "board"));
    assertThat(failed.problem())
        .isEqualTo(
            "The configuration 'board' can't be evaluated: attribute 'name' missing\n"
                + "at modules/wifi.nix:2:5");
    assertThat(failed.details()).anyMatch(line -> line.contains("error:"));
    assertThat(failed.details()).noneMatch(line -> line.contains("/nix/store"));
  }

  @Test
  void whatIsNoFlakeIsSaid() throws IOException {
    var revision = repository.commit("README.md", "x");
    EvaluationFailed none =
        catchThrowableOfType(
            EvaluationFailed.class,
            () -> nix.flake(repository.folder(), TestFlake.ROOT, revision, false));
    assertThat(none.problem())
        .isEqualTo("There is no flake.nix at commit %s.".formatted(revision.abbreviated()));

    var other = repository.commit("flake.nix", "{ outputs = { self }: { packages = { }; }; }");
    Flake flake = nix.flake(repository.folder(), TestFlake.ROOT, other, false);
    EvaluationFailed empty =
        catchThrowableOfType(EvaluationFailed.class, () -> nix.evaluate(flake, "board"));
    assertThat(empty.problem()).contains("has no nixosConfigurations");
  }

  @Test
  void aFlakeMayLieInAFolderOfItsRepository() throws IOException {
    Path folder = Path.of("boards & more/flake 1");
    var revision =
        repository.commit(folder.resolve("flake.nix").toString(), TestFlake.with("board = { };"));

    assertThat(nix.configurations(nix.flake(repository.folder(), folder, revision, false)))
        .containsExactly("board");
    EvaluationFailed none =
        catchThrowableOfType(
            EvaluationFailed.class,
            () -> nix.flake(repository.folder(), Path.of("boards"), revision, false));
    assertThat(none.problem()).startsWith("There is no boards/flake.nix at commit ");
    assertThat(none.advice()).contains("input flake");
  }

  @Test
  void theCommitDecidesNotTheWorkingTree() throws IOException {
    Flake before = flake("old = { };");
    flake("new = { };");
    Files.writeString(repository.folder().resolve("flake.nix"), "not even Nix");
    assertThat(nix.configurations(before)).containsExactly("old");
  }

  @Test
  void aShallowDetachedCloneWithASubmoduleIsRead() throws IOException {
    var library = new TestFlake(temporary.resolve("library"));
    library.commit("names.nix", "[ \"from-submodule\" ]");
    repository.commit("before", "x");
    repository.addSubmodule("library", library);
    repository.commit(
        "flake.nix",
        """
        {
          outputs = { self }: {
            nixosConfigurations = builtins.listToAttrs
              (map (name: { inherit name; value = { }; }) (import ./library/names.nix));
          };
        }
        """);
    TestFlake clone = repository.shallowClone(temporary.resolve("clone"));
    Flake flake = nix.flake(clone.folder(), TestFlake.ROOT, clone.head(), true);
    assertThat(nix.configurations(flake)).containsExactly("from-submodule");
  }

  @Test
  void anInterruptEndsTheBuilder() throws Exception {
    Path started = temporary.resolve("started");
    Flake flake =
        flake(
            """
            board.config.system.build.toplevel =
              shell "system" "%s" "echo %s; echo $$ >%s; exec sleep 600" [ ];
            """
                .formatted(nix.platform(), nonce, started));
    EvaluatedSystem system = nix.evaluate(flake, "board");
    var ended = new java.util.concurrent.CompletableFuture<Throwable>();
    Thread build =
        Thread.ofVirtual()
            .start(
                () ->
                    ended.complete(
                        org.assertj.core.api.Assertions.catchThrowable(
                            () ->
                                nix.build(
                                    List.of(system), temporary.resolve("roots"), built -> {}))));
    while (!Files.exists(started) || Files.size(started) == 0) {
      assertThat(build.isAlive()).isTrue();
      Thread.sleep(20);
    }
    long builder = Long.parseLong(Files.readString(started).strip());
    var handle = ProcessHandle.of(builder).orElseThrow();
    build.interrupt();
    assertThat(ended.get(300, java.util.concurrent.TimeUnit.SECONDS))
        .isInstanceOf(java.io.UncheckedIOException.class)
        .hasCauseInstanceOf(java.io.InterruptedIOException.class);
    handle.onExit().get(300, java.util.concurrent.TimeUnit.SECONDS);
  }

  @Test
  void aPathThatIsNotThereIsSaidToBeMissing() {
    var absent = StorePath.parse("00000000000000000000000000000000-absent");
    assertThat(nix.missing(List.of(absent))).isNotEmpty();
    assertThat(catchThrowableOfType(NixFailed.class, () -> nix.closure(absent)).problem())
        .contains(absent.toString());
    assertThat(
            catchThrowableOfType(
                NixFailed.class, () -> nix.keep(absent, temporary.resolve("kept"))))
        .isNotNull();
  }

  private static String sha256(byte[] bytes) {
    try {
      return java.util.HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
