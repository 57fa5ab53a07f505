package io.github.flakeferry.pipeline.handover;

import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.Sha256;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.pipeline.handover.BuildRecord.RecordedSystem;
import io.github.flakeferry.support.Words;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads a record. It comes from a machine that nobody vouches for: each field is checked, and all
 * faults are told at once.
 */
public final class RecordReader {
  private static final long LARGEST = 256L << 20;
  private static final int LONGEST = 1000;
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final List<String> faults = new ArrayList<>();

  private RecordReader() {}

  /**
   * Reads a file.
   *
   * @throws RecordUnreadable if it can't be read, or is no record of the form that we know
   */
  public static BuildRecord read(Path file) {
    try {
      if (Files.size(file) > LARGEST) {
        throw new RecordUnreadable(file, List.of("it is larger than " + Words.bytes(LARGEST)));
      }
      return parse(file, Files.readString(file));
    } catch (NoSuchFileException e) {
      throw new RecordUnreadable(file, List.of("there is no such file"));
    } catch (IOException e) {
      throw new RecordUnreadable(file, List.of("it can't be read: " + e.getMessage()));
    }
  }

  static BuildRecord parse(Path file, String text) {
    JsonNode root;
    try {
      root = JSON.readTree(text);
    } catch (JacksonException e) {
      var at = e.getLocation();
      throw new RecordUnreadable(
          file,
          List.of(
              "%d:%d: no JSON: %s"
                  .formatted(
                      at.getLineNr(),
                      at.getColumnNr(),
                      Words.printableLine(e.getOriginalMessage()))));
    }
    var reader = new RecordReader();
    Optional<BuildRecord> record = reader.record(root);
    if (!reader.faults.isEmpty()) {
      throw new RecordUnreadable(file, reader.faults);
    }
    return record.orElseThrow();
  }

  private void fault(String where, String what) {
    faults.add((where.isEmpty() ? "/" : where) + ": " + Words.printableLine(what));
  }

  private Optional<BuildRecord> record(JsonNode root) {
    // of another form nothing else can be said
    if (!root.path("version").isInt() || root.path("version").asInt() != BuildRecord.VERSION) {
      fault(
          "/version",
          root.has("version")
              ? "it is %s, and this version of Flakeferry knows %d: both jobs must run the same one"
                  .formatted(root.path("version"), BuildRecord.VERSION)
              : "missing");
      return Optional.empty();
    }
    only(
        root,
        "",
        "version",
        "repository",
        "run",
        "attempt",
        "policy",
        "commit",
        "ref",
        "systems",
        "paths");
    var repository = needed(root, "", "repository", text -> text);
    var run = needed(root, "", "run", text -> text);
    var attempt = number(root, "", "attempt").filter(n -> n > 0 && n < 1_000_000);
    if (root.has("attempt") && attempt.isEmpty()) {
      fault("/attempt", "not a number of an attempt");
    }
    var policy = needed(root, "", "policy", GitRevision::new);
    var commit = field(root, "", "commit", GitRevision::new);
    var ref = field(root, "", "ref", text -> text);
    if (root.has("commit") != root.has("ref")) {
      fault("", "a commit and its ref belong together");
    }
    List<RecordedSystem> systems = rows(root, "systems", this::system);
    List<PathInfo> paths = rows(root, "paths", this::path);
    unique("systems", systems.stream().map(RecordedSystem::configuration).toList());
    unique("paths", paths.stream().map(PathInfo::path).toList());
    return faults.isEmpty()
        ? Optional.of(
            new BuildRecord(
                repository.orElseThrow(),
                run.orElseThrow(),
                Math.toIntExact(attempt.orElseThrow()),
                policy.orElseThrow(),
                commit,
                ref,
                systems,
                paths))
        : Optional.empty();
  }

  private Optional<RecordedSystem> system(JsonNode node, String where) {
    only(node, where, "configuration", "attribute", "derivation", "toplevel");
    var configuration = needed(node, where, "configuration", text -> text);
    var attribute = needed(node, where, "attribute", text -> text);
    var derivation = needed(node, where, "derivation", RecordReader::storePath);
    var toplevel = needed(node, where, "toplevel", RecordReader::storePath);
    return faults.isEmpty()
        ? Optional.of(
            new RecordedSystem(
                configuration.orElseThrow(),
                attribute.orElseThrow(),
                derivation.orElseThrow(),
                toplevel.orElseThrow()))
        : Optional.empty();
  }

  private Optional<PathInfo> path(JsonNode node, String where) {
    only(node, where, "path", "narHash", "narSize", "references", "deriver", "contentAddress");
    var path = needed(node, where, "path", RecordReader::storePath);
    var hash = needed(node, where, "narHash", Sha256::parse);
    var size = number(node, where, "narSize").filter(n -> n >= 0);
    if (node.has("narSize") && size.isEmpty()) {
      fault(where + "/narSize", "not a number of bytes");
    }
    var references = new TreeSet<StorePath>();
    JsonNode array = node.path("references");
    if (!array.isArray()) {
      fault(where + "/references", array.isMissingNode() ? "missing" : "not a list");
    }
    for (int n = 0; n < array.size(); n++) {
      value(array.get(n), where + "/references/" + n, RecordReader::storePath)
          .ifPresent(references::add);
    }
    var deriver = field(node, where, "deriver", RecordReader::storePath);
    var address = field(node, where, "contentAddress", text -> text);
    return faults.isEmpty()
        ? Optional.of(
            new PathInfo(
                path.orElseThrow(),
                hash.orElseThrow(),
                size.orElseThrow(),
                references,
                deriver,
                address,
                List.of()))
        : Optional.empty();
  }

  private static StorePath storePath(String text) {
    if (!text.startsWith(StorePath.STORE + "/")) {
      throw new IllegalArgumentException("not a store path: '" + text + "'");
    }
    return StorePath.parse(text);
  }

  private <T> List<T> rows(
      JsonNode root, String key, BiFunction<JsonNode, String, Optional<T>> row) {
    JsonNode array = root.path(key);
    if (!array.isArray()) {
      fault("/" + key, array.isMissingNode() ? "missing" : "not a list");
    }
    var rows = new ArrayList<T>();
    for (int n = 0; n < array.size(); n++) {
      row.apply(array.get(n), "/" + key + "/" + n).ifPresent(rows::add);
    }
    return rows;
  }

  private void unique(String key, List<?> values) {
    var seen = new HashSet<Object>();
    for (int n = 0; n < values.size(); n++) {
      if (!seen.add(values.get(n))) {
        fault("/" + key + "/" + n, values.get(n) + " is there twice");
      }
    }
  }

  private void only(JsonNode node, String where, String... keys) {
    if (!node.isObject()) {
      fault(where, "not an object");
    }
    Set<String> known = Set.of(keys);
    node.propertyNames().stream()
        .filter(name -> !known.contains(name))
        .forEach(name -> fault(where + "/" + name, "no such key"));
  }

  private Optional<Long> number(JsonNode node, String where, String key) {
    if (!node.has(key)) {
      fault(where + "/" + key, "missing");
    }
    return node.path(key).isIntegralNumber() && node.path(key).canConvertToLong()
        ? Optional.of(node.path(key).asLong())
        : Optional.empty();
  }

  private <T> Optional<T> needed(
      JsonNode node, String where, String key, Function<String, T> parse) {
    if (!node.has(key)) {
      fault(where + "/" + key, "missing");
      return Optional.empty();
    }
    return field(node, where, key, parse);
  }

  private <T> Optional<T> field(
      JsonNode node, String where, String key, Function<String, T> parse) {
    return node.has(key) ? value(node.get(key), where + "/" + key, parse) : Optional.empty();
  }

  private <T> Optional<T> value(JsonNode node, String where, Function<String, T> parse) {
    String text = node.isString() ? node.stringValue() : "";
    if (text.isEmpty() || text.length() > LONGEST || !text.equals(Words.printableLine(text))) {
      fault(where, "not a text of 1 to " + LONGEST + " characters on one line");
      return Optional.empty();
    }
    try {
      return Optional.of(parse.apply(text));
    } catch (IllegalArgumentException e) {
      fault(where, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }
}
