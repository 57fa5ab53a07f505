package io.github.flakeferry.pipeline.handover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.flakeferry.forge.RunContext;
import io.github.flakeferry.model.FailureReason;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.Mismatch;
import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.Repository;
import io.github.flakeferry.model.Sha256;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.pipeline.handover.BuildRecord.RecordedSystem;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RecordTest {
  private static final GitRevision COMMIT = new GitRevision("1".repeat(40));
  private static final GitRevision OTHER = new GitRevision("2".repeat(40));
  private static final String MAIN = "refs/heads/main";
  private static final PathInfo LIB = path('a', "lib", Optional.empty());
  private static final PathInfo SHELL = path('b', "shell", Optional.of("fixed:r:sha256:x"), LIB);
  private static final PathInfo SYSTEM = path('c', "system", Optional.empty(), SHELL);
  private static final PathInfo LAB = path('d', "lab-system", Optional.empty(), LIB);
  private static final BuildRecord RECORD = record(List.of(LIB, SHELL, SYSTEM, LAB));

  @TempDir private Path folder;

  private static StorePath storePath(char hash, String name) {
    return new StorePath(String.valueOf(hash).repeat(32), name);
  }

  private static PathInfo path(
      char hash, String name, Optional<String> contentAddress, PathInfo... references) {
    var names = new TreeSet<StorePath>();
    List.of(references).forEach(r -> names.add(r.path()));
    return new PathInfo(
        storePath(hash, name),
        Sha256.of(new byte[32]),
        120,
        names,
        Optional.of(storePath('z', name + ".drv")),
        contentAddress,
        List.of());
  }

  private static RecordedSystem system(String configuration, PathInfo toplevel) {
    return new RecordedSystem(
        configuration,
        configuration + "-from-x86_64",
        storePath('y', configuration + ".drv"),
        toplevel.path());
  }

  private static BuildRecord record(List<PathInfo> paths) {
    return new BuildRecord(
        "octo/boards",
        "7",
        2,
        OTHER,
        Optional.of(COMMIT),
        Optional.of(MAIN),
        List.of(system("board", SYSTEM), system("lab", LAB)),
        paths);
  }

  private static RunContext run(String repository, String id, String attempt) {
    return new RunContext(
        new Repository(repository, URI.create("https://git.example.org/x"), "main"),
        id,
        attempt,
        Optional.empty(),
        Optional.empty());
  }

  private static List<String> faults(String text) {
    RecordUnreadable unreadable =
        Objects.requireNonNull(
            catchThrowableOfType(
                RecordUnreadable.class, () -> RecordReader.parse(Path.of("record.json"), text)));
    assertThat(unreadable.reason()).isEqualTo(FailureReason.USAGE);
    assertThat(unreadable.problem()).contains("record.json", unreadable.faults().getFirst());
    return unreadable.faults();
  }

  @Test
  void isReadAsItWasWritten() throws IOException {
    Path file = folder.resolve("new").resolve("record.json");
    RecordJson.write(RECORD, file);
    assertThat(RecordReader.read(file)).isEqualTo(RECORD);

    var nothing =
        new BuildRecord(
            "octo/boards", "7", 1, OTHER, Optional.empty(), Optional.empty(), List.of(), List.of());
    RecordJson.write(nothing, file);
    assertThat(RecordReader.read(file)).isEqualTo(nothing);
    assertThat(nothing.contradictions()).isEmpty();
  }

  @Test
  void allFaultsAreToldAtOnceWithTheirPlaces() {
    String text =
        RecordJson.render(RECORD)
            .replace("\"run\": \"7\"", "\"run\": 7")
            .replace("\"attempt\": 2", "\"attempt\": 0")
            .replace("\"commit\": \"" + COMMIT, "\"commit\": \"main")
            .replace("\"ref\": ", "\"reff\": ")
            .replace(SYSTEM.path() + "\"}", "/nix/store/../etc\"}")
            .replaceFirst("sha256:0{52}", "sha256:0")
            .replaceFirst("\"narSize\":120", "\"narSize\":-1")
            .replaceFirst("\"references\":\\[]", "\"references\":[\"lib\"]");

    assertThat(faults(text))
        .satisfiesExactlyInAnyOrder(
            f -> assertThat(f).isEqualTo("/reff: no such key"),
            f -> assertThat(f).startsWith("/run: not a text"),
            f -> assertThat(f).isEqualTo("/attempt: not a number of an attempt"),
            f -> assertThat(f).startsWith("/commit: "),
            f -> assertThat(f).isEqualTo("/: a commit and its ref belong together"),
            f -> assertThat(f).startsWith("/systems/0/toplevel: not a store path"),
            f -> assertThat(f).startsWith("/paths/0/narHash: "),
            f -> assertThat(f).isEqualTo("/paths/0/narSize: not a number of bytes"),
            f -> assertThat(f).startsWith("/paths/0/references/0: not a store path"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "''; /version: missing",
        "[]; /version: missing",
        "{; 1:2: no JSON",
        "{} {}; no JSON",
        "{\"version\": 1, \"version\": 1}; no JSON",
        "{\"version\": 2}; /version: it is 2, and this version of Flakeferry knows 1",
        "{\"version\": \"1\"}; /version: it is",
        "{\"version\": 1}; /paths: missing",
        "{\"version\": 1, \"paths\": {}}; /paths: not a list",
        "{\"version\": 1, \"paths\": [3]}; /paths/0: not an object"
      })
  void whatIsNoRecordIsRefused(String text, String fault) {
    assertThat(faults(text)).anySatisfy(f -> assertThat(f).contains(fault));
  }

  @Test
  void nothingIsThereTwice() {
    assertThat(faults(RecordJson.render(record(List.of(LIB, SHELL, LIB, SYSTEM, LAB)))))
        .containsExactly("/paths/2: " + LIB.path() + " is there twice");
  }

  @Test
  void noTextCanMoveATerminalsCursor() {
    assertThat(faults(RecordJson.render(RECORD).replace("octo/boards", "octo\\u001b[2Jboards")))
        .containsExactly("/repository: not a text of 1 to 1000 characters on one line");
  }

  @Test
  void aFileThatIsNotThereIsTold() {
    RecordUnreadable unreadable =
        Objects.requireNonNull(
            catchThrowableOfType(
                RecordUnreadable.class, () -> RecordReader.read(folder.resolve("none"))));
    assertThat(unreadable.problem()).contains("there is no such file");
  }

  @Test
  void aLaterAttemptOfTheSameRunMayDeployAPartOfIt() throws IOException {
    assertThat(
            RECORD.differences(run("octo/boards", "7", "2"), COMMIT, MAIN, List.of("board", "lab")))
        .isEmpty();
    assertThat(RECORD.differences(run("octo/boards", "7", "3"), COMMIT, MAIN, List.of("lab")))
        .isEmpty();
    assertThat(RECORD.contradictions()).isEmpty();
    assertThat(RECORD.closure(List.of("lab")).keySet()).isEqualTo(Set.of(LIB.path(), LAB.path()));
  }

  @Test
  void whatIsAnotherRunsIsToldAtOnce() {
    assertThat(
            RECORD.differences(
                run("octo/others", "8", "1"), OTHER, "refs/tags/v1", List.of("board", "new")))
        .containsExactly(
            new Mismatch("repository", "octo/others", "octo/boards"),
            new Mismatch("run", "8", "7"),
            new Mismatch("attempt", "at most 1", "2"),
            new Mismatch("commit", OTHER.value(), COMMIT.value()),
            new Mismatch("ref", "refs/tags/v1", MAIN),
            new Mismatch("configuration new", "a system", "none"));
  }

  @Test
  void pathsThatAreMissingExtraOrNamedByTheirContentAreToldAtOnce() {
    PathInfo extra = path('f', "extra", Optional.empty(), LIB);
    PathInfo named = path('c', "system", Optional.of("fixed:r:sha256:x"), SHELL);

    assertThat(record(List.of(SHELL, named, extra)).contradictions())
        .extracting(Mismatch::toString)
        .containsExactlyInAnyOrder(
            LIB.path() + ": expected what " + SHELL.path() + " refers to, found not in the record",
            LIB.path() + ": expected what " + extra.path() + " refers to, found not in the record",
            LAB.path() + ": expected the system of lab, found not in the record",
            named.path()
                + ": expected a path named by its derivation, found one named by its content,"
                + " fixed:r:sha256:x",
            extra.path() + ": expected a path that a system refers to, found an extra one");
  }

  @Test
  void aRefusalSaysWhatAndWhatToDo() {
    var many =
        java.util.stream.IntStream.range(0, 25)
            .mapToObj(n -> new Mismatch("path " + n, "this", "that\u001b"))
            .toList();
    RecordRefused refused = RecordRefused.notOurs(Path.of("record.json"), many);
    assertThat(refused.reason()).isEqualTo(FailureReason.REFUSED);
    assertThat(refused.problem())
        .contains("in 25 places", "path 0: expected this, found that", "… and 5 more")
        .doesNotContain("\u001b");
    assertThat(refused.advice()).contains("no board was touched", "Run both jobs again");
    assertThat(refused.mismatches()).hasSize(25);
    assertThat(Files.exists(folder)).isTrue();
  }
}
