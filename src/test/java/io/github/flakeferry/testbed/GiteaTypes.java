package io.github.flakeferry.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Judges requests and answers by the TypeScript types that are published of Gitea's and of
 * Forgejo's API, which are generated from the descriptions that these give of themselves: the path
 * and the method are there, no parameter and no field is unknown, and all have their types.
 */
public final class GiteaTypes implements GitHubStandIn.RequestJudge {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Pattern INTERFACE =
      Pattern.compile("(?ms)^interface (\\w+) \\{\\n(.*?)^\\}");
  private static final Pattern ALIAS = Pattern.compile("(?m)^type (\\w+) = ([^;]+);");
  private static final Pattern FIELD = Pattern.compile("(?m)^    (\\w+)(\\??): ([^;]+);");
  private static final Pattern METHOD =
      Pattern.compile(
          "(?s)@request (\\w+):(\\S+)\\n.{0,200}?\\*/\\s+\\w+: \\((.*?)\\)"
              + " => Promise<HttpResponse<([\\w\\[\\]]+), ");
  private static final Pattern QUERY = Pattern.compile("(?s)query\\?: \\{(.*?)\\n +\\}");
  private static final Pattern PARAMETER = Pattern.compile("(?m)^ +(\\w+)\\??: ([^;]+);");
  private static final Pattern BODY = Pattern.compile("body: (\\w+)");

  private record Field(boolean needed, String type) {}

  private record Method(String verb, Pattern path, String arguments, String answer) {}

  private final Map<String, Map<String, Field>> interfaces = new HashMap<>();
  private final Map<String, String> aliases = new HashMap<>();
  private final List<Method> methods = new ArrayList<>();

  private GiteaTypes(Path file) {
    String text = read(file);
    INTERFACE.matcher(text).results().forEach(i -> interfaces.put(i.group(1), fields(i.group(2))));
    ALIAS.matcher(text).results().forEach(a -> aliases.put(a.group(1), a.group(2)));
    METHOD
        .matcher(text)
        .results()
        .map(m -> new Method(m.group(1), GitHubOpenApi.pattern(m.group(2)), m.group(3), m.group(4)))
        .forEach(methods::add);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, Field> fields(String body) {
    var fields = new HashMap<String, Field>();
    for (MatchResult field : FIELD.matcher(body).results().toList()) {
      fields.put(field.group(1), new Field(field.group(2).isEmpty(), field.group(3)));
    }
    return fields;
  }

  /** What is published of Gitea. */
  public static GiteaTypes ofGitea() throws IOException {
    return new GiteaTypes(PublishedDescriptions.giteaTypes());
  }

  /** What is published of Forgejo. */
  public static GiteaTypes ofForgejo() throws IOException {
    return new GiteaTypes(PublishedDescriptions.forgejoTypes());
  }

  @Override
  public void judge(String verb, String path, String query, String body) {
    Method method = method(verb, path);
    var faults = new ArrayList<String>();
    Optional<String> parameters =
        QUERY.matcher(method.arguments()).results().map(m -> m.group(1)).findFirst();
    Map<String, String> known = new HashMap<>();
    PARAMETER
        .matcher(parameters.orElse(""))
        .results()
        .forEach(p -> known.put(p.group(1), p.group(2)));
    GitHubOpenApi.query(query)
        .forEach((name, value) -> parameter(name, value, known.getOrDefault(name, ""), faults));
    Matcher wanted = BODY.matcher(method.arguments());
    boolean hasBody = wanted.find();
    if (hasBody == body.isEmpty()) {
      faults.add(hasBody ? "a body is missing" : "it takes no body");
    } else if (hasBody) {
      check(JSON.readTree(body), wanted.group(1), "the body", faults);
    }
    complain(faults);
  }

  private static void parameter(String name, String value, String type, List<String> faults) {
    boolean fits =
        switch (type) {
          case "" -> false;
          case "number" -> value.matches("\\d+");
          case "string" -> true;
          default -> List.of(type.split(" \\| ")).contains("'" + value + "'");
        };
    if (!fits) {
      faults.add("the parameter " + name + " can't be " + value);
    }
  }

  @Override
  public void judgeAnswer(String verb, String path, int status, String body) {
    // Gitea gives nothing at all where a commit has no statuses
    if (status < 300 && !body.isEmpty()) {
      check(body, method(verb, path).answer());
    }
  }

  /** Holds a text to a type. */
  public void check(String json, String type) {
    var faults = new ArrayList<String>();
    check(JSON.readTree(json), type, type, faults);
    complain(faults);
  }

  private void check(JsonNode node, String type, String place, List<String> faults) {
    if (type.endsWith("[]")) {
      if (!node.isArray()) {
        faults.add(place + " is no list");
      }
      String of = type.substring(0, type.length() - 2);
      node.forEach(item -> check(item, of, place, faults));
    } else if (interfaces.containsKey(type)) {
      object(node, interfaces.getOrDefault(type, Map.of()), place, faults);
    } else if (aliases.containsKey(type)) {
      check(node, aliases.getOrDefault(type, ""), place, faults);
    } else if (!(switch (type) {
      case "string" -> node.isString();
      case "number" -> node.isNumber();
      case "boolean" -> node.isBoolean();
      default -> false;
    })) {
      faults.add(place + " is no " + type + ": " + node);
    }
  }

  private void object(JsonNode node, Map<String, Field> fields, String place, List<String> faults) {
    if (!node.isObject()) {
      faults.add(place + " is no object: " + node);
    }
    node.forEachEntry(
        (name, value) -> {
          String at = place + "." + name;
          if (!fields.containsKey(name)) {
            faults.add("there is no field " + at);
          } else if (!value.isNull() || fields.get(name).needed()) {
            check(value, fields.get(name).type(), at, faults);
          }
        });
    fields.forEach(
        (name, field) -> {
          if (field.needed() && !node.has(name)) {
            faults.add(place + "." + name + " is missing");
          }
        });
  }

  // the most literal template wins
  private Method method(String verb, String path) {
    return methods.stream()
        .filter(m -> m.verb().equals(verb) && m.path().matcher(path).matches())
        .min(Comparator.comparingInt(m -> m.path().matcher(path).groupCount()))
        .orElseThrow(() -> new IllegalArgumentException("there is no " + verb + " " + path));
  }

  private static void complain(List<String> faults) {
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", faults));
    }
  }
}
