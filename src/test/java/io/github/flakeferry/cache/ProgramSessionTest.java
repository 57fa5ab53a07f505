package io.github.flakeferry.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.flakeferry.model.CacheFormat;
import io.github.flakeferry.model.FailureReason;
import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.ProgramCache;
import io.github.flakeferry.model.ProgramCache.Program;
import io.github.flakeferry.model.PublicKey;
import io.github.flakeferry.model.Secret;
import io.github.flakeferry.model.SigningKey;
import io.github.flakeferry.support.process.SearchPath;
import io.github.flakeferry.support.progress.Progress;
import io.github.flakeferry.support.progress.ProgressEvent;
import io.github.flakeferry.testbed.PushStandIn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ProgramSessionTest {
  private static final String TOKEN = "hunter\"2";
  private static final SigningKey UPSTREAM = SigningKey.generate("upstream-1");

  @TempDir private Path temporary;
  private final List<String> told = Collections.synchronizedList(new ArrayList<>());
  private Built built;

  @BeforeEach
  void start() throws IOException {
    built = new Built(Files.createDirectory(temporary.resolve("files")));
  }

  private PushStandIn install(Program program) throws IOException {
    return PushStandIn.install(program, Files.createDirectory(temporary.resolve("bin")), TOKEN);
  }

  private static ProgramCache cache(Program program) {
    return ProgramCache.at(
        program,
        URI.create(
            switch (program) {
              case CACHIX -> "https://boards.cachix.org";
              case ATTIC -> "https://attic.example.org/nix/boards";
            }));
  }

  private ProgramSession open(Program program, SearchPath programs, PublicKey... upstream) {
    return open(program, programs, this::keep, upstream);
  }

  private ProgramSession open(
      Program program, SearchPath programs, Progress progress, PublicKey... upstream) {
    return ProgramSession.open(
        cache(program),
        new Secret(TOKEN + "\n"),
        new PublishTerms(Optional.empty(), List.of(upstream), CacheFormat.DEFAULT),
        programs,
        progress,
        (failure, givenUp) -> told.add((givenUp ? "given up: " : "") + failure.problem()));
  }

  private void keep(ProgressEvent event) {
    if (event instanceof ProgressEvent.Note(var text)) {
      told.add(text);
    }
  }

  @Test
  void cachixReadsPathsFromItsInputAndTheTokenFromItsEnvironment() throws IOException {
    PushStandIn cachix = install(Program.CACHIX);
    PathInfo glibc = built.path("glibc", "glibc").signedBy(UPSTREAM);
    PathInfo compiler = built.path("compiler", "c", glibc.path());
    PathInfo program = built.path("program", "p", compiler.path());
    try (var session = open(Program.CACHIX, cachix.path(), UPSTREAM.publicKey())) {
      session.offer(List.of(program, glibc, compiler));
      session.offer(List.of(program)); // nothing new
      assertThat(session.finish()).isEqualTo(new PublishResult(2, 0, 1, 0, 0, 0, Optional.empty()));
    }
    assertThat(cachix.calls()).isEqualTo(1);
    assertThat(cachix.arguments(1)).containsExactly("push", "boards");
    assertThat(cachix.paths(1))
        .containsExactly(program.path().toString(), compiler.path().toString());
    assertThat(cachix.environment()).contains("CACHIX_AUTH_TOKEN");
    assertThat(told).containsExactly("cachix: Pushing 2 paths");
  }

  @Test
  void atticHasPathsAsArgumentsAndTheTokenInItsSettings() throws IOException {
    PushStandIn attic = install(Program.ATTIC);
    PathInfo program = built.path("program", "p");
    try (var session = open(Program.ATTIC, attic.path(), UPSTREAM.publicKey())) {
      session.offer(List.of(program));
      assertThat(session.finish().uploaded()).isEqualTo(1);
      assertThat(attic.settings()).exists();
    }
    assertThat(attic.settings()).doesNotExist();
    assertThat(attic.arguments(1))
        .containsExactly("push", "ferry:boards", program.path().toString());
    assertThat(attic.config())
        .containsExactly(
            "default-server = \"ferry\"",
            "",
            "[servers.ferry]",
            "endpoint = \"https://attic.example.org/nix/\"",
            "token = \"hunter\\u00222\"");
    assertThat(attic.environment()).contains("XDG_CONFIG_HOME").doesNotContain("CACHIX_AUTH_TOKEN");
  }

  @Test
  void whereNoOtherCacheCountsAtticIsToldSo() throws IOException {
    PushStandIn attic = install(Program.ATTIC);
    try (var session = open(Program.ATTIC, attic.path())) {
      session.offer(List.of(built.path("program", "p").signedBy(UPSTREAM)));
      assertThat(session.finish().uploaded()).isEqualTo(1);
    }
    assertThat(attic.arguments(1))
        .startsWith("push", "--ignore-upstream-cache-filter", "ferry:boards");
  }

  @ParameterizedTest
  @EnumSource
  void noMoreThanAThousandGoAtOnce(Program name) throws IOException {
    PushStandIn program = install(name);
    var paths = new ArrayList<PathInfo>();
    for (int i = 0; i < 2 * ProgramSession.AT_ONCE + 1; i++) {
      paths.add(built.path("p".repeat(100) + i, "same"));
    }
    try (var session = open(name, program.path())) {
      session.offer(paths);
      assertThat(session.finish().uploaded()).isEqualTo(paths.size());
    }
    assertThat(program.calls()).isEqualTo(3);
    var pushed = new ArrayList<String>();
    for (int call = 1; call <= 3; call++) {
      assertThat(program.paths(call)).hasSizeLessThanOrEqualTo(ProgramSession.AT_ONCE);
      pushed.addAll(program.paths(call));
    }
    assertThat(pushed)
        .containsExactlyElementsOf(paths.stream().map(info -> info.path().toString()).toList());
  }

  @ParameterizedTest
  @EnumSource
  void aFailureHasItsLastLinesAndNotTheToken(Program name) throws IOException {
    PushStandIn program = install(name);
    program.expect("another");
    try (var session = open(name, program.path())) {
      session.offer(List.of(built.path("a", "a"), built.path("b", "b")));
      PublishResult result = session.finish();
      assertThat(result.uploaded()).isZero();
      assertThat(result.left()).isEqualTo(2);
      PublishFailed failure = result.failure().orElseThrow();
      assertThat(failure.reason()).isEqualTo(FailureReason.PUBLISH_FAILED);
      assertThat(failure.problem())
          .contains(cache(name).url().toString(), "exited with 1", "401 Unauthorized: ***");
      assertThat(failure.details()).containsExactly(name.command() + ": 401 Unauthorized: ***");
      told.add(failure.toString());
    }
    assertThat(program.calls()).as("once more in the end").isEqualTo(2);
    assertThat(told).hasSize(4).noneMatch(text -> text.contains("hunter"));
    assertThat(program.arguments(1)).noneMatch(word -> word.contains("hunter"));
  }

  @ParameterizedTest
  @EnumSource
  void whatItDidNotTakeItIsHandedOnceMoreInTheEnd(Program name) throws IOException {
    PushStandIn program = install(name);
    program.expect("another");
    var outOfOrder = new AtomicBoolean(true);
    try (var session =
        open(
            name,
            program.path(),
            event -> {
              if (outOfOrder.getAndSet(false)) {
                expect(program);
              }
            })) {
      session.offer(List.of(built.path("a", "a"), built.path("b", "b")));
      assertThat(session.finish()).isEqualTo(new PublishResult(2, 0, 0, 0, 0, 0, Optional.empty()));
    }
    assertThat(program.calls()).isEqualTo(2);
    assertThat(program.paths(2)).isEqualTo(program.paths(1));
    assertThat(told).isEmpty();
  }

  private static void expect(PushStandIn program) {
    try {
      program.expect(TOKEN);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void oneThatFailsAgainAndAgainIsGivenUp() throws IOException {
    PushStandIn cachix = install(Program.CACHIX);
    cachix.expect("another");
    var paths = new ArrayList<PathInfo>();
    for (int i = 0; i < (Breaker.IN_A_ROW + 2) * ProgramSession.AT_ONCE; i++) {
      paths.add(built.path("p" + i, "same"));
    }
    try (var session = open(Program.CACHIX, cachix.path(), Progress.SILENT)) {
      session.offer(paths);
      assertThat(session.finish().left()).isEqualTo(paths.size());
    }
    assertThat(cachix.calls()).isEqualTo(2 * Breaker.IN_A_ROW);
    assertThat(told).hasSize(Breaker.IN_A_ROW);
    assertThat(told.getLast()).startsWith("given up: ");
  }

  @Test
  void oneThatHangsIsEndedAndTold() throws IOException {
    PushStandIn cachix = install(Program.CACHIX);
    cachix.hang();
    try (var session =
        ProgramSession.open(
            cache(Program.CACHIX),
            new Secret(TOKEN),
            new PublishTerms(Optional.empty(), List.of(), CacheFormat.DEFAULT),
            cachix.path(),
            Progress.SILENT,
            (failure, givenUp) -> told.add(failure.problem()),
            Duration.ofMillis(500))) {
      session.offer(List.of(built.path("path", "path")));
      assertThat(session.finish().left()).isEqualTo(1);
    }
    assertThat(cachix.calls()).isEqualTo(2);
    assertThat(told).singleElement().asString().contains("said nothing for");
  }

  @ParameterizedTest
  @EnumSource
  void withoutTheProgramItSaysWhatToInstall(Program name) throws IOException {
    var empty = new SearchPath(List.of(Files.createDirectory(temporary.resolve("bin"))));
    PublishFailed failure =
        Objects.requireNonNull(
            catchThrowableOfType(PublishFailed.class, () -> open(name, empty).close()));
    assertThat(failure.reason()).isEqualTo(FailureReason.PUBLISH_FAILED);
    assertThat(failure.problem()).contains("`" + name.command() + "`", "PATH");
    assertThat(failure.advice()).contains("nix profile install nixpkgs#" + name.command());
  }

  @Test
  void whatIsUnderWayMayEndAndNothingMoreBegins() throws Exception {
    PushStandIn cachix = install(Program.CACHIX);
    cachix.hold();
    var begun = new CountDownLatch(1);
    try (var session = open(Program.CACHIX, cachix.path(), event -> begun.countDown())) {
      session.offer(List.of(built.path("path", "path")));
      begun.await();
      session.offer(List.of(built.path("later", "later")));
      var end = new FutureTask<>(() -> session.cancel(Duration.ofMinutes(1)));
      Thread canceller = Thread.ofPlatform().start(end);
      while (canceller.getState() != Thread.State.TIMED_WAITING) {
        Thread.onSpinWait();
      }
      session.offer(List.of(built.path("too-late", "too-late")));
      cachix.letGo();
      assertThat(end.get()).isEqualTo(new PublishResult(1, 0, 0, 1, 0, 0, Optional.empty()));
    }
    assertThat(cachix.calls()).isEqualTo(1);
    assertThat(told).isEmpty();
  }

  @Test
  void whatTakesTooLongIsKilled() throws Exception {
    PushStandIn cachix = install(Program.CACHIX);
    cachix.hang();
    var begun = new CountDownLatch(1);
    try (var session = open(Program.CACHIX, cachix.path(), event -> begun.countDown())) {
      session.offer(List.of(built.path("path", "path")));
      begun.await();
      session.offer(List.of(built.path("later", "later")));
      ProcessHandle process = cachix.process();
      PublishResult result = session.cancel(Duration.ZERO);
      assertThat(result.left()).isEqualTo(2);
      assertThat(result.failure()).isEmpty();
      process.onExit().get(10, TimeUnit.SECONDS);
    }
    assertThat(cachix.calls()).isEqualTo(1);
    assertThat(told).isEmpty();
  }
}
