package io.github.flakeferry.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.flakeferry.model.FailureReason;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class PolicyFaultsTest {
  @ParameterizedTest
  @MethodSource("refusedFiles")
  void allFaultsAreToldAtOnceWithTheirPlaces(Path file) {
    PolicyInvalid failure = refuse(Corpus.text(file));
    Path expected = Path.of(file.toString().replaceFirst("yml$", "faults"));
    assertThat(failure.problem()).isEqualTo(Corpus.text(expected).stripTrailing());
  }

  static Stream<Path> refusedFiles() {
    return Stream.of("invalid", "unfit").flatMap(kind -> Corpus.files(kind).stream());
  }

  @Test
  void theFailureHasItsFaultsAsData() {
    PolicyInvalid failure = refuse("boards: 1\ncrosss: auto\n");
    assertThat(failure.reason()).isEqualTo(FailureReason.CONFIG_INVALID);
    assertThat(failure.faults())
        .containsExactly(
            new Fault(
                "flakeferry.yml",
                1,
                9,
                "expected a map of boards by their names, found the number 1"),
            new Fault("flakeferry.yml", 2, 1, "unknown key 'crosss': did you mean 'cross'?"));
  }

  @Test
  void aFaultIsOneLineWhateverTheFileHolds() {
    PolicyInvalid failure =
        refuse("\"a\\nb\\u2028c\\e[31m\\u202e\": 1\n" + "x".repeat(500) + ": 2\nboards: {}\n");
    assertThat(failure.faults()).hasSize(3);
    assertThat(failure.problem().lines()).hasSize(3);
    assertThat(failure.problem()).doesNotContain("\u001b", "\u2028", "\u202e");
    assertThat(failure.faults()).allMatch(f -> f.message().length() < 200);
  }

  @Test
  void whatMayBeASecretIsNotShown() {
    String text =
        """
        caches:
          - url: https://me:hunter2@cache.example.org
          - url: hunter2
          - url: s3://hunter2:x@cache
          - url: file:///a
            public-key: hunter2
        boards:
          one: { host-key: hunter2 }
        """;
    PolicyInvalid failure = refuse(text);
    assertThat(failure.faults()).hasSize(5);
    assertThat(failure.problem()).doesNotContain("hunter2");
  }

  @Test
  void aFileOfMoreThanOneMebibyteIsRefusedUnread() {
    PolicyInvalid failure = refuse("#".repeat((1 << 20) + 1));
    assertThat(failure).hasMessage("flakeferry.yml:1:1: the file is larger than 1 MiB");
  }

  @Test
  void columnsCountCharactersAsEditorsDo() {
    PolicyInvalid failure = refuse("boards: { \"\ud83d\ude00\": {}, ok: 1 }\n");
    assertThat(failure.faults()).extracting(Fault::column).containsExactly(11, 11, 24);
  }

  private static PolicyInvalid refuse(String text) {
    return Objects.requireNonNull(
        catchThrowableOfType(PolicyInvalid.class, () -> PolicyReader.read("flakeferry.yml", text)));
  }
}
