package io.github.flakeferry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the pages' own test leaves out is shown by a page, and there is what it starts. */
final class RunElsewhereTest {
  /** Phases of Maven, and what means the same whatever the project. */
  private static final Set<String> MAVENS =
      Set.of("initialize", "test", "verify", "-B", "-Dsurefire.failIfNoSpecifiedTests=false");

  private static final Pattern NAMES =
      Pattern.compile("-P(?<profile>\\S+)|exec:exec@(?<goal>\\S+)|-D(?:it\\.)?test=(?<test>\\w+)");

  @Test
  void eachEntryIsShownByAPage() throws IOException {
    assertThat(shown())
        .containsAll(RunElsewhere.TESTS.keySet())
        .containsAll(RunElsewhere.SPOKEN_OF)
        .containsAll(RunElsewhere.NEEDS_MORE);
  }

  /** The options and the names of commands, but for what stands for others' input. */
  @Test
  void theTestThatRunsItHasItsWords() throws IOException {
    for (var entry : RunElsewhere.TESTS.entrySet()) {
      Path test = Path.of("src/test/java", entry.getValue().getName().replace('.', '/') + ".java");
      String source = Files.readString(test);
      assertThat(entry.getKey().split(" "))
          .filteredOn(word -> word.matches("[a-z-]+") && !word.matches("sudo|flakeferry"))
          .isNotEmpty()
          .allSatisfy(word -> assertThat(source).contains('"' + word + '"'));
    }
  }

  @Test
  void theProjectHasWhatMavenIsAskedFor() throws IOException {
    List<String> commands = shown().stream().filter(RunElsewhere::isMaven).toList();
    assertThat(commands).isNotEmpty();
    for (String command : commands) {
      assertThat(unknown(command)).as(command).isEmpty();
    }
  }

  @Test
  void whatTheProjectHasNotIsFound() throws IOException {
    assertThat(unknown("mvn verify -Prisc64")).containsExactly("-Prisc64");
    assertThat(unknown("mvn initialize exec:exec@tidy")).containsExactly("exec:exec@tidy");
    assertThat(unknown("mvn verfy -Dit.test=PagedIT"))
        .containsExactly("verfy", "-Dit.test=PagedIT");
  }

  private static List<String> unknown(String command) throws IOException {
    String pom = Files.readString(Path.of("pom.xml"));
    List<String> tests;
    try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
      tests = files.map(file -> String.valueOf(file.getFileName())).toList();
    }
    return Stream.of(command.split(" +"))
        .skip(1)
        .filter(word -> !MAVENS.contains(word))
        .filter(
            word -> {
              Matcher names = NAMES.matcher(word);
              return !names.matches() || !isThere(names, pom, tests);
            })
        .toList();
  }

  private static boolean isThere(Matcher names, String pom, List<String> tests) {
    if (names.group("test") != null) {
      // that one stands for none
      return tests.contains(names.group("test") + ".java")
          != names.group("test").equals("NoSuchTest");
    }
    String id = names.group("goal");
    String in = id == null ? "profile" : "execution";
    return Pattern.compile(
            "<%s>\\s*<id>%s</id>".formatted(in, id == null ? names.group("profile") : id))
        .matcher(pom)
        .find();
  }

  private static Set<String> shown() throws IOException {
    Stream<String> blocks =
        Docs.pages().stream()
            .flatMap(page -> ShownCommands.of(page).blocks().stream())
            .map(ShownCommands.Typed::text);
    return Stream.concat(blocks, ShownCommands.inAllTexts()).collect(Collectors.toSet());
  }
}
