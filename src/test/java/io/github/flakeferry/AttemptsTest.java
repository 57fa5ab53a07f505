package io.github.flakeferry;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** The table of what hostile pull requests tried says what the tests try, and all of it. */
final class AttemptsTest {
  private static final Path TABLE = Path.of("src", "doc", "hostile-pull-request.md");

  private static Stream<JavaMethod> tests() {
    return new ClassFileImporter()
        .importPackages("io.github.flakeferry").stream()
            .flatMap(type -> type.getMethods().stream())
            .filter(
                method ->
                    method.isAnnotatedWith(Test.class)
                        || method.isAnnotatedWith(ParameterizedTest.class));
  }

  @Test
  void theTableHasEachOfThem() throws IOException {
    List<String> rows;
    try (var lines = Files.lines(TABLE)) {
      rows =
          lines
              .filter(line -> line.startsWith("| "))
              .filter(line -> !line.equals("| it wanted | and got |"))
              .toList();
    }
    assertThat(rows)
        .containsExactlyInAnyOrderElementsOf(
            tests()
                .filter(method -> method.isAnnotatedWith(Attempt.class))
                .map(method -> method.getAnnotationOfType(Attempt.class))
                .map(attempt -> "| %s | %s |".formatted(attempt.to(), attempt.got()))
                .toList());
  }

  @Test
  void noneIsLeftOut() {
    assertThat(tests().filter(method -> method.getOwner().isAssignableTo(WaysAround.class)))
        .isNotEmpty()
        .allMatch(method -> method.isAnnotatedWith(Attempt.class));
  }
}
