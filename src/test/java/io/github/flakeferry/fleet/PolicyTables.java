package io.github.flakeferry.fleet;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** What the policy's JSON Schema says of each key, as tables of Markdown. */
final class PolicyTables {
  static final Path PAGE = Path.of("src/doc/policy.md");
  private static final String BEGIN = "<!-- from here on made from the schema -->\n";
  private static final String END = "<!-- to here -->\n";

  /** A definition of the schema, or nothing for the file itself, and what its table is called. */
  private record Section(String definition, String title) {}

  private static final List<Section> SECTIONS =
      List.of(
          new Section("", "The file"),
          new Section("cache", "A cache, in the list `caches`"),
          new Section("substituter", "One of the `substituters`"),
          new Section("board", "A board, under `boards.NAME`"),
          new Section("jump-host", "A host of `jump`, where it is no text `user@host:port`"),
          new Section("environment", "An environment, under `environments.NAME`"),
          new Section("trigger", "What an environment is deployed `on`, one of these"),
          new Section("health", "What must be well, under `health`"));

  private static final Pattern TOLD_DEFAULT =
      Pattern.compile("\\s*Default: ((?:[^.]|[.](?=[^ ]))*)\\.$");

  private final JsonNode schema;

  PolicyTables(JsonNode schema) {
    this.schema = schema;
  }

  static PolicyTables ofSchema() throws IOException {
    try (var in = PolicyReader.class.getResourceAsStream("flakeferry.schema.json")) {
      return new PolicyTables(new ObjectMapper().readTree(Objects.requireNonNull(in)));
    }
  }

  /** Puts the tables into the page where it has them. */
  static String renewed(String page, String tables) {
    int begin = page.indexOf(BEGIN) + BEGIN.length();
    int end = page.indexOf(END, begin);
    if (begin < BEGIN.length() || end < 0) {
      throw new IllegalArgumentException("the page has no place for tables");
    }
    return page.substring(0, begin) + tables + page.substring(end);
  }

  /** All of them. */
  String text() {
    var text = new StringBuilder();
    for (Section section : SECTIONS) {
      JsonNode node =
          section.definition().isEmpty()
              ? schema
              : schema.at("/definitions/" + section.definition());
      text.append(
          "\n%s:\n\n| key | meaning | default |\n|---|---|---|\n".formatted(section.title()));
      for (var property : node.path("properties").properties()) {
        text.append(row(node, property.getKey(), property.getValue()));
      }
    }
    return text.append('\n').toString();
  }

  private String row(JsonNode owner, String key, JsonNode property) {
    JsonNode meant = resolved(property);
    String description =
        first("description", property, meant).map(JsonNode::asString).orElse("").strip();
    Matcher told = TOLD_DEFAULT.matcher(description);
    boolean isTold = told.find();
    String fallback = isTold ? told.group(1) : fallback(owner, key, property, meant);
    String meaning = quoted(isTold ? told.replaceFirst("") : description);
    for (JsonNode value : named(meant)) {
      meaning =
          meaning.replaceAll("(^|[.] )\\Q" + plain(value) + "\\E:", "$1" + shown(value) + ":");
    }
    String values = values(property, meaning);
    return "| `%s` | %s | %s |\n".formatted(key, (meaning + " " + values).strip(), fallback);
  }

  /** The values that a key may have where these are named. */
  private static List<JsonNode> named(JsonNode meant) {
    return meant.has("const")
        ? List.of(meant.get("const"))
        : meant.path("enum").valueStream().toList();
  }

  private static String fallback(JsonNode owner, String key, JsonNode property, JsonNode meant) {
    if (owner.path("required").valueStream().anyMatch(r -> r.asString().equals(key))) {
      return "required";
    }
    return first("default", property, meant).map(PolicyTables::shown).orElse("");
  }

  private static Optional<JsonNode> first(String name, JsonNode property, JsonNode meant) {
    return Optional.ofNullable(property.get(name)).or(() -> Optional.ofNullable(meant.get(name)));
  }

  /** What can be written there, where the meaning does not tell. */
  private String values(JsonNode property, String meaning) {
    JsonNode meant = resolved(property);
    List<JsonNode> named = named(meant);
    if (!named.isEmpty()) {
      List<String> shown = named.stream().map(PolicyTables::shown).toList();
      return shown.stream().allMatch(meaning::contains)
          ? ""
          : (shown.size() == 1 ? "" : "One of ") + String.join(", ", shown) + ".";
    }
    if (meant.path("type").asString("").equals("integer")) {
      return "%s to %s.".formatted(meant.get("minimum"), meant.get("maximum"));
    }
    String several =
        meant.has("anyOf")
                && meant
                    .get("anyOf")
                    .valueStream()
                    .anyMatch(n -> n.path("type").asString("").equals("array"))
            ? "One or a list"
            : meant.path("type").asString("").equals("array") ? "A list" : "";
    String examples =
        examples(property).stream().map(PolicyTables::shown).collect(Collectors.joining(", "));
    String such = several.isEmpty() ? "Such as " : ", such as ";
    String text = several + (examples.isEmpty() ? "" : such + examples);
    return text.isEmpty() ? "" : text + ".";
  }

  private List<JsonNode> examples(JsonNode property) {
    for (JsonNode node = property; node != null; node = next(node)) {
      if (node.path("examples").size() > 0) {
        return node.path("examples").valueStream().toList();
      }
    }
    return List.of();
  }

  /** What a node refers to, or is one of or a list of. */
  private JsonNode next(JsonNode node) {
    if (node.has("$ref")) {
      return resolved(node);
    }
    return node.has("anyOf") ? node.get("anyOf").get(0) : node.get("items");
  }

  private JsonNode resolved(JsonNode node) {
    return node.has("$ref") ? schema.at(node.get("$ref").asString().substring(1)) : node;
  }

  // as YAML has it in one line
  private static String shown(JsonNode value) {
    if (value.isArray()) {
      return "`["
          + value.valueStream().map(PolicyTables::plain).collect(Collectors.joining(", "))
          + "]`";
    }
    return "`" + plain(value) + "`";
  }

  private static String plain(JsonNode value) {
    return (value.isString() ? value.asString() : value.toString()).replace("|", "\\|");
  }

  private static String quoted(String description) {
    return description.replaceAll("'([^' ][^']*)'", "`$1`").replace("|", "\\|").replace("*", "\\*");
  }

  /** Writes the page anew. */
  public static void main(String[] arguments) throws IOException {
    Files.writeString(PAGE, renewed(Files.readString(PAGE), ofSchema().text()));
    new PrintStream(System.out, true, StandardCharsets.UTF_8).println(PAGE);
  }
}
