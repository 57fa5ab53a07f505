package io.github.flakeferry;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.support.progress.Progress;
import io.github.flakeferry.testbed.ActionImage;
import io.github.flakeferry.testbed.Testbed;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How long the action's image takes to its first line, and what makes up its size. Run by {@code
 * -Pbench}, alone on the machine; {@code src/bench/README.md} keeps a result.
 */
@Tag("benchmark")
final class ImageBenchmarkIT {
  private static final PrintStream OUT = System.out;
  private static final int ROUNDS = 15;
  private static final double WANTED_SECONDS = 0.3;

  /** Packages by their share, and what is there besides. */
  private static final String SHARES =
      """
      dpkg-query --show --showformat '${Installed-Size} ${Package}\\n' | sort --reverse --numeric-sort | head -n 12
      cd /opt/flakeferry && du -sk java lib flakeferry.aot flakeferry.jar
      du -xsk /
      """;

  @TempDir private Path folder;

  private static double seconds(List<String> words) throws IOException {
    long began = System.nanoTime();
    var process = new ProcessBuilder(words).redirectErrorStream(true).start();
    try (var reader = process.inputReader()) {
      // what ends without a line has its end for a first line
      reader.readLine();
      double seconds = (System.nanoTime() - began) / 1e9;
      reader.transferTo(Writer.nullWriter());
      return seconds;
    }
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }

  @Test
  void theFirstLineAndTheSize() throws IOException {
    try (var testbed = Testbed.prepare(Progress.SILENT)) {
      ActionImage image = ActionImage.prepare(testbed.folder());
      var container = new ArrayList<>(image.podman().runWords());
      Path event = Files.writeString(folder.resolve("event.json"), "{}");
      Map<String, String> variables =
          new TreeMap<>(
              Map.of(
                  "GITHUB_ACTIONS", "true",
                  "GITHUB_EVENT_NAME", "watch",
                  "GITHUB_EVENT_PATH", "/event.json",
                  "GITHUB_REPOSITORY", "demo/boards",
                  "GITHUB_SERVER_URL", "https://github.example",
                  "GITHUB_RUN_ID", "1"));
      var nothing = new ArrayList<>(container);
      nothing.addAll(List.of("--entrypoint", "/bin/true", image.name()));
      var ours = new ArrayList<>(container);
      ours.addAll(List.of("--volume", event + ":/event.json:ro"));
      variables.forEach((name, value) -> ours.addAll(List.of("--env", name + "=" + value)));
      ours.addAll(List.of(image.name(), "run"));

      List<Double> bare = new ArrayList<>();
      List<Double> run = new ArrayList<>();
      for (int round = 0; round < ROUNDS; round++) {
        bare.add(seconds(nothing));
        run.add(seconds(ours));
      }
      OUT.printf(
          "| first line of `run` | %.2f s |%n| `/bin/true` in the same image | %.2f s |%n",
          median(run), median(bare));
      var shares = new ArrayList<>(container);
      shares.addAll(List.of("--entrypoint", "/bin/sh", image.name(), "-euc", SHARES));
      OUT.println(Command.of(shares).run().orThrow().output());

      assertThat(median(run) - median(bare)).isLessThanOrEqualTo(WANTED_SECONDS);
    }
  }
}
