package io.github.flakeferry.testbed;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Judges requests and answers by GitHub's own OpenAPI description: the path and the method are in
 * it, parameters and bodies have the types it gives them, no parameter is unknown.
 */
public final class GitHubOpenApi implements GitHubStandIn.RequestJudge {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String NAME = "https://openapi.test/api.github.com.json";

  private final JsonNode root;
  private final Map<String, Schema> schemas = new HashMap<>();

  private GitHubOpenApi(String text) {
    this.root = JSON.readTree(text);
  }

  private static final class Holder {
    private static final GitHubOpenApi JUDGE = read();

    private static GitHubOpenApi read() {
      try {
        return new GitHubOpenApi(Files.readString(PublishedDescriptions.openApi()));
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }

  /** The one judge: reading the description takes a second or two. */
  public static GitHubOpenApi judge() {
    return Holder.JUDGE;
  }

  private record Operation(String path, String method, JsonNode node, Map<String, String> values) {
    String pointer() {
      return "/paths/" + path.replace("~", "~0").replace("/", "~1") + "/" + method;
    }
  }

  @Override
  public void judge(String method, String path, String query, String body) {
    Operation operation = operation(method, path);
    var faults = new ArrayList<String>();
    Map<String, String> given = query(query);
    List<JsonNode> parameters = new ArrayList<>();
    operation.node().path("parameters").forEach(p -> parameters.add(resolved(p)));
    for (JsonNode parameter : parameters) {
      String name = parameter.path("name").asString();
      boolean inPath = parameter.path("in").asString().equals("path");
      String value = inPath ? operation.values().get(name) : given.remove(name);
      if (value != null && !fits(value, resolved(parameter.path("schema")))) {
        faults.add("parameter " + name + " can't be " + value);
      } else if (value == null && parameter.path("required").asBoolean(false)) {
        faults.add("parameter " + name + " is missing");
      }
    }
    given.keySet().forEach(name -> faults.add("there is no parameter " + name));
    JsonNode request = operation.node().path("requestBody");
    if (request.isMissingNode() != body.isEmpty()) {
      faults.add(body.isEmpty() ? "a body is missing" : "it takes no body");
    } else if (!body.isEmpty()) {
      String at = operation.pointer() + "/requestBody/content/application~1json/schema";
      faults.addAll(validate(at, body));
      unknown(JSON.readTree(body), root.at(at), "", faults);
    }
    complain(faults);
  }

  // a validator takes what a schema does not mention, and GitHub leaves it out of account
  private void unknown(JsonNode given, JsonNode unresolved, String place, List<String> faults) {
    JsonNode schema = resolved(unresolved);
    if (given.isArray()) {
      given.forEach(item -> unknown(item, schema.path("items"), place, faults));
    } else if (schema.has("properties")) {
      given.forEachEntry(
          (name, value) -> {
            JsonNode known = schema.path("properties").path(name);
            if (known.isMissingNode()) {
              faults.add("there is no field " + place + name);
            } else {
              unknown(value, known, place + name + ".", faults);
            }
          });
    }
  }

  @Override
  public void judgeAnswer(String method, String path, int status, String body) {
    Operation operation = operation(method, path);
    String response = operation.pointer() + "/responses/" + status;
    JsonNode node = root.at(response);
    // not every error is listed at every operation
    if (node.isMissingNode() && status >= 400) {
      return;
    }
    if (node.isMissingNode()) {
      complain(List.of("it never answers with " + status));
    }
    if (!node.has("$ref") && !node.has("content")) {
      complain(body.isEmpty() ? List.of() : List.of("it answers with nothing"));
      return;
    }
    String at = node.has("$ref") ? node.path("$ref").asString().substring(1) : response;
    complain(validate(at + "/content/application~1json/schema", body));
  }

  private static void complain(List<String> faults) {
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", faults));
    }
  }

  private synchronized List<String> validate(String pointer, String body) {
    return schemas.computeIfAbsent(pointer, this::schema).validate(JSON.readTree(body)).stream()
        .map(Object::toString)
        .toList();
  }

  // with what it refers to and nothing else: the validator walks all of a document, and takes
  // seconds for 13 MB
  private Schema schema(String pointer) {
    ObjectNode document = JSON.createObjectNode();
    document.set("it", root.at(pointer));
    carry(root.at(pointer), document);
    return SchemaRegistry.withDialect(
            Dialects.getOpenApi30(), builder -> builder.schemas(Map.of(NAME, document.toString())))
        .getSchema(SchemaLocation.of(NAME + "#/it"));
  }

  // references are #/components/KIND/NAME
  private void carry(JsonNode from, ObjectNode document) {
    for (JsonNode reference : from.findValues("$ref")) {
      if (reference.isString()) {
        String[] parts = reference.asString().split("/");
        ObjectNode kind = document.withObject("components").withObject(parts[2]);
        if (!kind.has(parts[3])) {
          JsonNode target = root.at(reference.asString().substring(1));
          kind.set(parts[3], target);
          carry(target, document);
        }
      }
    }
  }

  // the most literal template wins: /issues/comments/{id} over /issues/{number}/{x}
  private Operation operation(String method, String path) {
    Optional<Operation> found = Optional.empty();
    for (Map.Entry<String, JsonNode> template : root.path("paths").properties()) {
      JsonNode node = template.getValue().path(method.toLowerCase(java.util.Locale.ROOT));
      Matcher match = pattern(template.getKey()).matcher(path);
      if (match.matches() && node.isObject()) {
        var values = new HashMap<String, String>();
        int group = 1;
        Matcher names = Pattern.compile("\\{(\\w+)}").matcher(template.getKey());
        while (names.find()) {
          values.put(
              names.group(1), URLDecoder.decode(match.group(group++), StandardCharsets.UTF_8));
        }
        var operation =
            new Operation(
                template.getKey(), method.toLowerCase(java.util.Locale.ROOT), node, values);
        if (found.isEmpty() || values.size() < found.get().values().size()) {
          found = Optional.of(operation);
        }
      }
    }
    return found.orElseThrow(
        () -> new IllegalArgumentException("GitHub has no " + method + " " + path));
  }

  static Pattern pattern(String template) {
    var regex = new StringBuilder();
    Matcher names = Pattern.compile("\\{\\w+}|[^{]+").matcher(template);
    while (names.find()) {
      regex.append(names.group().startsWith("{") ? "([^/]+)" : Pattern.quote(names.group()));
    }
    return Pattern.compile(regex.toString());
  }

  private JsonNode resolved(JsonNode node) {
    return node.has("$ref") ? root.at(node.path("$ref").asString().substring(1)) : node;
  }

  private static boolean fits(String value, JsonNode schema) {
    boolean listed = !schema.has("enum");
    for (JsonNode one : schema.path("enum")) {
      listed |= one.asString("").equals(value);
    }
    return listed
        && (!schema.path("type").asString("").equals("integer") || value.matches("-?\\d+"));
  }

  static Map<String, String> query(String query) {
    var values = new HashMap<String, String>();
    for (String pair : query.isEmpty() ? new String[0] : query.split("&")) {
      int equals = pair.indexOf('=');
      values.put(
          URLDecoder.decode(pair.substring(0, Math.max(0, equals)), StandardCharsets.UTF_8),
          URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
    }
    return values;
  }
}
