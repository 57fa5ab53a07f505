package io.github.flakeferry.nix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.flakeferry.model.terms.SmokeCommands;
import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.support.progress.ProgressEvent;
import io.github.flakeferry.support.progress.ProgressEvent.ForeignLine;
import io.github.flakeferry.support.progress.ProgressEvent.Note;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the real Nix, whatever its version is. */
final class SmokeIT {
  private static final String OPEN = "not sandboxed here: with the network of this machine";
  private static final String SANDBOXED = "in Nix's sandbox, without network";

  private final List<ProgressEvent> events = Collections.synchronizedList(new ArrayList<>());
  @TempDir private Path temporary;
  private EvaluatedSystem system;

  @BeforeEach
  void buildASystem() throws IOException {
    var nix = new Nix(TestFlake.SETTINGS, events::add);
    var repository = new TestFlake(temporary.resolve("checkout"));
    var revision =
        repository.commit(
            "flake.nix",
            TestFlake.with(
                """
                board.config.system.build.toplevel = shell "system" "%s" ''
                  mkdir -p $out/sw/bin
                  ln -s /bin/sh $out/sw/bin/sh
                  printf '#!/bin/sh\\necho hello "$@" !\\n' >$out/sw/bin/hello
                  chmod +x $out/sw/bin/hello
                '' [ "%s" ];
                """
                    .formatted(nix.platform(), UUID.randomUUID())));
    system = nix.evaluate(nix.flake(repository.folder(), TestFlake.ROOT, revision, false), "board");
    nix.build(List.of(system), temporary.resolve("roots"), built -> {});
    events.clear();
  }

  @AfterEach
  void deleteRoots() throws IOException {
    // links to the store, which JUnit warns of
    Command.of("rm", "-rf", temporary.toString()).run().orThrow();
  }

  private void smoke(Map<String, String> settings, Duration deadline, String... commands) {
    var options = new HashMap<>(TestFlake.SETTINGS.options());
    options.putAll(settings);
    new Nix(TestFlake.SETTINGS.withOptions(options), events::add)
        .smoke(List.of(new SmokeTest(system, new SmokeCommands(List.of(commands), deadline))));
  }

  private SmokeFailed failure(Map<String, String> settings, Duration deadline, String... commands) {
    return catchThrowableOfType(SmokeFailed.class, () -> smoke(settings, deadline, commands));
  }

  private List<String> notes() {
    return events.stream().filter(Note.class::isInstance).map(e -> ((Note) e).text()).toList();
  }

  private List<String> written() {
    return events.stream()
        .filter(ForeignLine.class::isInstance)
        .map(e -> ((ForeignLine) e).text())
        .toList();
  }

  @Test
  void theCommandsFindTheSystemsProgramsAndNoOthersAndAreToldOneAfterAnother() {
    String two =
        "test \"$(echo \"$PATH\")\" = %s/sw/bin && hello \"it's $((1 + 1))\" '${x}' \\\\"
            .formatted(system.toplevel());
    for (int time = 0; time < 2; time++) { // nothing of the first time is taken for the second
      events.clear();
      smoke(Map.of(), Duration.ofMinutes(2), "hello one", two);
      assertThat(written())
          .containsExactly("$ hello one", "hello one !", "$ " + two, "hello it's 2 ${x} \\ !");
    }
    assertThat(notes())
        .containsExactly(
            "board: 2 smoke commands, " + OPEN + ", for at most 2 min 0 s",
            "board: 2 smoke commands passed");
  }

  @Test
  void theFirstCommandThatFailsEndsItAndIsNamed() {
    SmokeFailed failed =
        failure(
            Map.of(), Duration.ofMinutes(2), "hello", "false; hello; exit 0", "exit 7", "hello");
    assertThat(failed.failed())
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.command()).contains("false; hello; exit 0");
              assertThat(one.cause()).isEqualTo("builder failed with exit code 1");
              assertThat(one.timedOut()).isFalse();
            });
    assertThat(written()).containsExactly("$ hello", "hello !", "$ false; hello; exit 0");
  }

  @Test
  void aCommandThatHangsIsEndedByTheDeadline() {
    SmokeFailed failed =
        failure(
            Map.of(),
            Duration.ofSeconds(2),
            "hello",
            "for i in $(/usr/bin/seq 150); do hello $i; done; /bin/sleep 600");
    assertThat(failed.problem())
        .startsWith("the smoke commands of board did not end within 2.0 s: `for i in ")
        .endsWith(" was running");
    assertThat(failed.details()).endsWith("hello 150 !").doesNotContain("hello 50 !");
  }

  @Test
  void aSystemWithoutAShellIsNotTakenForOneThatPasses() throws IOException {
    var nowhere =
        new SmokeTest(
            new EvaluatedSystem(
                "empty",
                system.derivation(),
                io.github.flakeferry.model.StorePath.parse(
                    Command.of("nix-store", "--add", emptyFolder().toString())
                        .run()
                        .orThrow()
                        .output()
                        .strip()),
                system.buildPlatform(),
                system.hostPlatform()),
            new SmokeCommands(List.of("true"), Duration.ofMinutes(2)));
    var nix = new Nix(TestFlake.SETTINGS, events::add);
    var both =
        List.of(
            nowhere,
            new SmokeTest(system, new SmokeCommands(List.of("exit 3"), Duration.ofMinutes(2))));
    SmokeFailed failed = catchThrowableOfType(SmokeFailed.class, () -> nix.smoke(both));
    assertThat(failed.problem().lines())
        .satisfiesExactly(
            first ->
                assertThat(first)
                    .startsWith("the smoke commands of empty can't be run by its shell, "),
            second ->
                assertThat(second)
                    .isEqualTo(
                        "the smoke command `exit 3` of board failed: builder failed with exit code 3"));
  }

  private Path emptyFolder() throws IOException {
    return java.nio.file.Files.createDirectory(temporary.resolve("empty"));
  }

  @Test
  void theNetworkIsThereOnlyWithoutASandboxAndThatIsSaid() throws IOException {
    Map<String, String> sandbox =
        Map.of("sandbox", "true", "sandbox-paths", "/bin /usr /lib /lib64");
    Map<String, String> none = Map.of("sandbox", "true", "sandbox-paths", "/nonexistent");
    try (var server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      String connect = "/bin/bash -c '</dev/tcp/127.0.0.1/%d'".formatted(server.getLocalPort());
      smoke(Map.of(), Duration.ofMinutes(2), connect);
      assertThat(notes().getFirst()).contains(OPEN);
      events.clear();
      smoke(none, Duration.ofMinutes(2), connect);
      assertThat(notes().getFirst()).contains(OPEN);
      events.clear();
      assertThat(failure(sandbox, Duration.ofMinutes(2), "hello", connect).problem())
          .contains(connect);
      assertThat(notes().getFirst()).contains(SANDBOXED);
      assertThat(written()).contains("hello !");
    }
  }
}
