package io.github.flakeferry.failures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flakeferry.BuiltProgram;
import io.github.flakeferry.fleet.Selector;
import io.github.flakeferry.fleet.SelectorInvalid;
import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.support.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/**
 * Judges all failures that the integration tests before it have provoked. Failsafe runs it last,
 * whichever others it runs.
 */
final class AllFailuresIT {
  private static final Path FOLDER =
      Path.of(
          Objects.requireNonNull(
              System.getProperty(WatchExtension.FOLDER), WatchExtension.FOLDER + " is not set"));

  @Test
  void eachShowsItsCodeAndNothingThatItMustNot() throws IOException {
    List<Seen> all = read();
    assertThat(all).filteredOn(seen -> !seen.faults().isEmpty()).isEmpty();
    assertThat(all)
        .flatExtracting(Seen::codes)
        .isSubsetOf(Stream.of(FailureCode.values()).map(FailureCode::label).toList());
  }

  @Test
  void whatArisesIsSeen(@TempDir Path empty) throws IOException {
    assertThatThrownBy(() -> Selector.parse("(")).isInstanceOf(SelectorInvalid.class);
    Command.of(BuiltProgram.words("status")).in(empty).run();
    assertThat(Watch.judged())
        .extracting(Seen::codes)
        .contains(
            List.of(FailureCode.SELECTOR.label()), List.of(FailureCode.POLICY_MISSING.label()));
  }

  /** What each Java has left, which then goes. */
  private static List<Seen> read() throws IOException {
    var json = new JsonMapper();
    var all = new ArrayList<Seen>();
    if (Files.isDirectory(FOLDER)) {
      try (var files = Files.list(FOLDER)) {
        for (Path file : files.toList()) {
          Files.readAllLines(file).forEach(line -> all.add(json.readValue(line, Seen.class)));
          Files.delete(file);
        }
      }
    }
    return all;
  }
}
