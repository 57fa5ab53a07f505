package io.github.flakeferry.nix;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.support.process.Command;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Names and versions are taken apart and ordered as Nix itself does it. */
final class PackageNamesIT {
  private static final String[] PARTS = {
    "1", "10", "9", "02", ".", "-", "pre", "a", "rc", "x1", "", ".", "-", "linux", "_", "+"
  };

  private static List<String> samples(int count) {
    var random = new Random(7);
    var texts = new ArrayList<String>();
    while (texts.size() < count) {
      var text = new StringBuilder();
      for (int i = random.nextInt(7); i >= 0; i--) {
        text.append(PARTS[random.nextInt(PARTS.length)]);
      }
      texts.add(text.toString());
    }
    return texts;
  }

  private static JsonNode evaluate(String expression) throws IOException {
    String output =
        Command.of("nix-instantiate", "--eval", "--strict", "--json", "--expr", expression)
            .run()
            .orThrow()
            .output();
    return JsonMapper.builder().build().readTree(output);
  }

  @Test
  void versionsAreOrderedAsNixOrdersThem() throws IOException {
    List<String> texts = samples(600);
    String pairs =
        java.util.stream.IntStream.range(0, 300)
            .mapToObj(
                i ->
                    "(builtins.compareVersions \"%s\" \"%s\")"
                        .formatted(texts.get(i), texts.get(i + 300)))
            .collect(Collectors.joining(" "));
    JsonNode expected = evaluate("[" + pairs + "]");
    for (int i = 0; i < 300; i++) {
      assertThat(PackageVersions.compare(texts.get(i), texts.get(i + 300)))
          .as("'%s' and '%s'", texts.get(i), texts.get(i + 300))
          .isEqualTo(expected.path(i).asInt());
    }
  }

  @Test
  void namesAreParsedAsNixParsesThem() throws IOException {
    List<String> texts = samples(300).stream().filter(t -> !t.startsWith("-")).toList();
    JsonNode expected =
        evaluate(
            "map builtins.parseDrvName ["
                + texts.stream().map(t -> '"' + t + '"').collect(Collectors.joining(" "))
                + "]");
    for (int i = 0; i < texts.size(); i++) {
      PackageName parsed = PackageName.parse(texts.get(i));
      assertThat(parsed.name()).isEqualTo(expected.path(i).path("name").asString());
      assertThat(parsed.version().orElse(""))
          .isEqualTo(expected.path(i).path("version").asString());
    }
  }
}
