package io.github.flakeferry.pipeline.handover;

import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.StorePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/** Writes a record. {@link RecordReader} reads it. */
public final class RecordJson {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private RecordJson() {}

  /**
   * Writes it to a file, whose folder is made if need be.
   *
   * @throws IOException if that can't be
   */
  public static void write(BuildRecord record, Path file) throws IOException {
    Files.createDirectories(file.toAbsolutePath().resolveSibling("."));
    Files.writeString(file, render(record));
  }

  /** Lines that people can compare: one for each system and path. */
  static String render(BuildRecord record) {
    var head = new LinkedHashMap<String, Object>();
    head.put("version", BuildRecord.VERSION);
    head.put("repository", record.repository());
    head.put("run", record.runId());
    head.put("attempt", record.attempt());
    head.put("policy", record.policy().value());
    record.commit().map(GitRevision::value).ifPresent(commit -> head.put("commit", commit));
    record.ref().ifPresent(ref -> head.put("ref", ref));
    return head.entrySet().stream()
            .map(e -> "  " + json(e.getKey()) + ": " + json(e.getValue()))
            .collect(Collectors.joining(",\n", "{\n", ",\n"))
        + record.systems().stream()
            .map(system -> "    " + json(system(system)))
            .collect(Collectors.joining(",\n", "  \"systems\": [\n", "\n  ],\n"))
        + record.paths().stream()
            .map(path -> "    " + json(path(path)))
            .collect(Collectors.joining(",\n", "  \"paths\": [\n", "\n  ]\n}\n"));
  }

  private static Map<String, Object> system(BuildRecord.RecordedSystem system) {
    var row = new LinkedHashMap<String, Object>();
    row.put("configuration", system.configuration());
    row.put("attribute", system.attribute());
    row.put("derivation", system.derivation().toString());
    row.put("toplevel", system.toplevel().toString());
    return row;
  }

  private static Map<String, Object> path(PathInfo info) {
    var row = new LinkedHashMap<String, Object>();
    row.put("path", info.path().toString());
    row.put("narHash", info.narHash().toString());
    row.put("narSize", info.narSize());
    row.put("references", info.references().stream().map(StorePath::toString).toList());
    info.deriver().ifPresent(deriver -> row.put("deriver", deriver.toString()));
    info.contentAddress().ifPresent(address -> row.put("contentAddress", address));
    return row;
  }

  private static String json(Object value) {
    return JSON.writeValueAsString(value);
  }
}
