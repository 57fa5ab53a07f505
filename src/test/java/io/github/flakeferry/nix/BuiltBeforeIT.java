package io.github.flakeferry.nix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flakeferry.model.Secret;
import io.github.flakeferry.model.SigningKey;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.support.progress.ProgressEvent;
import io.github.flakeferry.testbed.HttpCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real Nix takes from a cache what was built elsewhere, and only what is signed rightly. */
final class BuiltBeforeIT {
  private static final SigningKey KEY = SigningKey.generate("built-before-1");
  private final List<ProgressEvent> events = Collections.synchronizedList(new ArrayList<>());
  @TempDir private Path temporary;
  private final List<Forecast> forecasts = new ArrayList<>();
  private HttpCache cache;
  private EvaluatedSystem system;

  /** Builds a system, puts it into the cache, and deletes it here. */
  @BeforeEach
  void buildElsewhere() throws IOException {
    var nix = new Nix(TestFlake.SETTINGS, events::add);
    var repository = new TestFlake(temporary.resolve("checkout"));
    var revision =
        repository.commit(
            "flake.nix",
            TestFlake.with(
                """
                board.config.system.build.toplevel =
                  let dep = shell "dep-1.2" "%1$s" "echo %2$s >$out" [ ];
                  in derivation {
                    name = "system-1";
                    system = "%1$s";
                    builder = "/bin/sh";
                    PATH = "/usr/bin:/bin";
                    args = [ "-c" "mkdir $out; ln -s ${dep} $out/dep" ];
                    # as NixOS has it
                    preferLocalBuild = true;
                    allowSubstitutes = false;
                  };
                """
                    .formatted(nix.platform(), UUID.randomUUID())));
    system = nix.evaluate(nix.flake(repository.folder(), TestFlake.ROOT, revision, false), "board");
    nix.build(List.of(system), temporary.resolve("elsewhere"), built -> {});
    List<StorePath> closure =
        nix.closure(system.toplevel()).stream().map(info -> info.path()).toList();
    assertThat(closure).hasSize(2);
    cache = HttpCache.start(temporary.resolve("cache"));
    Path key = Files.writeString(temporary.resolve("key"), KEY.export().reveal());
    Command.of("nix", "--extra-experimental-features", "nix-command", "copy")
        .and("--to", "file://" + cache.folder() + "?secret-key=" + key)
        .and(system.toplevel().toString())
        .run()
        .orThrow();
    Command.of("rm", "-r", temporary.resolve("elsewhere").toString()).run().orThrow();
    Command.of("nix-store", "--delete")
        .and(closure.stream().map(StorePath::toString).toList())
        .run()
        .orThrow();
    assertThat(nix.missing(List.of(system.toplevel()))).isNotEmpty();
    events.clear();
  }

  @AfterEach
  void tidy() throws IOException {
    cache.close();
    // links to the store, which JUnit warns of
    Command.of("rm", "-rf", temporary.toString()).run().orThrow();
  }

  private Nix trusting(SigningKey key, Map<String, String> more) {
    var options = new HashMap<>(TestFlake.SETTINGS.options());
    options.putAll(more);
    return new Nix(
        new NixSettings(List.of(cache.uri().toString()), List.of(key.publicKey()), Set.of(), false)
            .withOptions(options),
        events::add);
  }

  private void take(Nix nix) {
    nix.fetch(List.of(system), temporary.resolve("roots"), forecasts::add);
    nix.build(List.of(system), temporary.resolve("roots"), built -> {});
    assertThat(nix.missing(List.of(system.toplevel()))).isEmpty();
  }

  private List<String> notes() {
    return events.stream()
        .filter(ProgressEvent.Note.class::isInstance)
        .map(event -> ((ProgressEvent.Note) event).text())
        .toList();
  }

  private List<String> warnings() {
    return events.stream()
        .filter(ProgressEvent.Warning.class::isInstance)
        .map(event -> ((ProgressEvent.Warning) event).text())
        .toList();
  }

  @Test
  void whatIsInTheCacheIsNotBuiltAgain() throws IOException {
    cache.requireLogin("reader", new Secret("say \"\\o/\""));
    try (var netrc =
        Netrc.write(new TreeMap<>(Map.of("127.0.0.1", new Secret("reader:say \"\\o/\""))), "")) {
      take(trusting(KEY, Map.of("netrc-file", netrc.file().toString())));
    }
    assertThat(notes())
        .contains(
            "%s comes from %s, built before (2 paths fetched)"
                .formatted(system.toplevel(), cache.uri()),
            "Nix: 0 derivations built, 0 paths fetched");
    assertThat(forecasts).hasSize(1).first().matches(forecast -> forecast.toFetch() == 2);
    assertThat(forecasts.getFirst().fetchedBytes()).isPresent();
    assertThat(temporary.resolve("roots/fetched").toRealPath()).isEqualTo(system.toplevel().path());
    assertThat(warnings()).isEmpty();
  }

  @Test
  void whatABoardHasIsFetchedAsFarAsACacheHasIt() {
    StorePath nowhere = new StorePath("0".repeat(32), "nowhere");
    List<StorePath> asked = List.of(nowhere, system.toplevel());
    Nix nix = trusting(KEY, Map.of());

    nix.substitute(asked);

    assertThat(nix.missing(asked)).containsExactly(nowhere);
  }

  @Test
  void nothingIsFetchedForWhichThereIsNoRoom() {
    Nix nix = trusting(KEY, Map.of());
    assertThatThrownBy(
            () ->
                nix.fetch(
                    List.of(system),
                    temporary.resolve("roots"),
                    forecast ->
                        new StoreRoom(Path.of("/nix/store"), 0, -1, true)
                            .expect("what is fetched", forecast.toFetch(), events::add)))
        .isInstanceOf(DiskFull.class);
    assertThat(nix.missing(List.of(system.toplevel()))).isNotEmpty();
  }

  @Test
  void whatAnotherKeySignedIsBuiltInstead() {
    take(trusting(SigningKey.generate("built-before-1"), Map.of()));
    assertThat(notes()).contains("Nix: 2 derivations built, 0 paths fetched");
    assertThat(notes()).noneMatch(note -> note.contains("built before"));
    assertThat(warnings()).anyMatch(warning -> warning.contains(system.toplevel().toString()));
  }

  @Test
  void whatIsLostOnTheWayIsBuiltInstead() {
    cache.refuse(503);
    take(trusting(KEY, Map.of("fallback", "true", "download-attempts", "1")));
    assertThat(notes()).contains("Nix: 2 derivations built, 0 paths fetched");
    assertThat(warnings()).anyMatch(warning -> warning.contains("503"));
  }

  @Test
  void aDamagedCopyIsBuiltInstead() throws IOException {
    try (var files = Files.list(cache.folder().resolve("nar"))) {
      for (Path nar : files.toList()) {
        Files.writeString(nar, "damaged");
      }
    }
    take(trusting(KEY, Map.of("fallback", "true", "download-attempts", "1")));
    assertThat(notes()).noneMatch(note -> note.contains("built before"));
    assertThat(notes()).anyMatch(note -> note.startsWith("Nix: 2 derivations built"));
  }
}
