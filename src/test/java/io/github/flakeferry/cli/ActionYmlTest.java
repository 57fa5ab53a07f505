package io.github.flakeferry.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flakeferry.Docs;
import io.github.flakeferry.forge.github.GitHub;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.AbstractMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** What action.yml promises is what the program reads and sets. */
final class ActionYmlTest {
  private static final Pattern OUTPUT = Pattern.compile("forge\\.output\\(\\s*\"([^\"]+)\"");
  private static final String TOKEN = "github-token";
  private static final String COMMAND = "command";

  private final JsonNode action = new YAMLMapper().readTree(Path.of("action.yml"));

  /** Variables that remember which of them was asked for. */
  private static final class Asked extends AbstractMap<String, String> {
    private final Map<String, String> given;
    private final Set<String> names = new TreeSet<>();

    Asked(Map<String, String> given) {
      this.given = given;
    }

    @Override
    public @Nullable String get(Object key) {
      names.add(key.toString());
      return given.get(key);
    }

    @Override
    public Set<Entry<String, String>> entrySet() {
      return given.entrySet();
    }
  }

  @Test
  void itsInputsAreTheOnesThatAreRead() {
    // the passphrase is asked for only where there is a key
    var asked = new Asked(Map.of("INPUT_SSH-KEY", "-----BEGIN a key"));
    new Inputs(asked).settings();
    new Inputs(asked).handedOver(Optional.of(Path.of("record.json")), Optional.empty());
    assertThatThrownBy(() -> new Inputs(asked).handedOver(Optional.empty(), Optional.empty()))
        .isInstanceOf(BadInput.class);

    var read =
        asked.names.stream()
            .filter(name -> name.startsWith("INPUT_"))
            .map(name -> name.substring("INPUT_".length()).toLowerCase(Locale.ROOT))
            .collect(Collectors.toCollection(TreeSet::new));
    read.add(TOKEN);
    read.add(COMMAND);
    assertThat(action.get("inputs").propertyNames()).containsExactlyInAnyOrderElementsOf(read);
  }

  @Test
  void itsCommandIsTheProgramsFirstWord() {
    assertThat(action.at("/runs/args").values())
        .extracting(JsonNode::asString)
        .containsExactly("${{ inputs." + COMMAND + " }}");
    Set<String> commands = Main.commandLine().getSubcommands().keySet();
    for (String command : List.of("run", "build", "deploy", "plan", "check")) {
      assertThat(commands).contains(command);
      assertThat(action.at("/inputs/" + COMMAND + "/description").asString())
          .contains("`" + command + "`");
    }
  }

  @Test
  void theTokenIsReadFromItsInput(@TempDir Path folder) throws IOException {
    Path event = folder.resolve("event.json");
    Files.writeString(
        event,
        """
        {"ref": "refs/heads/main", "before": "%1$s", "after": "%1$s", "deleted": false,
         "repository": {"full_name": "demo/boards", "default_branch": "main"}}
        """
            .formatted("1".repeat(40)));
    var forge =
        GitHub.fromEnvironment(
            Map.of(
                "GITHUB_EVENT_NAME",
                "push",
                "GITHUB_EVENT_PATH",
                event.toString(),
                "GITHUB_REPOSITORY",
                "demo/boards",
                "GITHUB_SERVER_URL",
                "https://github.example",
                "GITHUB_RUN_ID",
                "1",
                "INPUT_" + TOKEN.toUpperCase(Locale.ROOT),
                "ghs_1"),
            new PrintStream(OutputStream.nullOutputStream()));

    assertThat(forge.token()).hasValueSatisfying(t -> assertThat(t.reveal()).isEqualTo("ghs_1"));
    assertThat(action.at("/inputs/" + TOKEN + "/default").asString())
        .isEqualTo("${{ github.token }}");
  }

  @Test
  void itsOutputsAreTheOnesThatAreSet() throws IOException {
    Set<String> set = new TreeSet<>();
    try (Stream<Path> files = Files.walk(Path.of("src", "main", "java"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        OUTPUT
            .matcher(Files.readString(file))
            .results()
            .map((MatchResult found) -> found.group(1))
            .forEach(set::add);
      }
    }
    assertThat(action.get("outputs").propertyNames()).containsExactlyInAnyOrderElementsOf(set);
  }

  /** What it should say is in the failure, to be pasted. */
  @Test
  void theReadmeHasItsTables() throws IOException {
    var text = new StringBuilder("| input | what it is | default |\n|---|---|---|\n");
    action
        .get("inputs")
        .forEachEntry(
            (name, input) -> {
              String[] parts = input.path("description").asString().split(" Default: ", 2);
              text.append("| `%s` | %s | %s |\n".formatted(name, cell(parts[0]), cell(parts[1])));
            });
    text.append("\n| output | what it is |\n|---|---|\n");
    action
        .get("outputs")
        .forEachEntry(
            (name, output) ->
                text.append(
                    "| `%s` | %s |\n"
                        .formatted(name, cell(output.path("description").asString()))));

    assertThat(Docs.text(Docs.CI)).contains(text);
  }

  private static String cell(String text) {
    return text.strip().replaceFirst("\\.$", "").replace("|", "\\|");
  }

  @Test
  void eachInputSaysItsDefault() {
    action
        .get("inputs")
        .forEachEntry(
            (name, input) -> {
              String description = input.path("description").asString("");
              assertThat(description).as(name).contains("Default: ");
              String value = input.path("default").asString("");
              if (!value.isEmpty() && !value.startsWith("$")) {
                assertThat(description).as(name).endsWith("Default: `" + value + "`.");
              }
            });
  }

  @Test
  void itsDefaultsAreTheProgramsOwn() {
    var none = new Inputs(Map.of()).settings();
    var defaults =
        action.get("inputs").properties().stream()
            .filter(input -> !input.getKey().equals(TOKEN))
            .collect(
                Collectors.toMap(
                    input -> "INPUT_" + input.getKey().toUpperCase(Locale.ROOT),
                    input -> input.getValue().path("default").asString("")));

    assertThat(new Inputs(defaults).settings()).isEqualTo(none);
  }
}
