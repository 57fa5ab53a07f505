package io.github.flakeferry.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

final class PolicySchemaTest {
  private static final JsonNode DOCUMENT = document();
  private static final Schema SCHEMA =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7).getSchema(DOCUMENT);

  @ParameterizedTest
  @MethodSource("valid")
  void theSchemaAllowsWhatTheReaderReads(Path file) {
    assertThat(judge(Corpus.text(file))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("invalid")
  void theSchemaRefusesWhatTheReaderRefuses(Path file) {
    assertThat(judge(Corpus.text(file))).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("keys")
  void theSchemaHasTheReadersKeysAndNoOthers(String pointer, List<String> keys) {
    JsonNode section = DOCUMENT.at(pointer);
    assertThat(section.at("/properties").propertyNames()).containsExactlyElementsOf(keys);
    assertThat(section.at("/additionalProperties").asBoolean(true)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "/properties/parallel/default, 16",
    "/properties/cross/default, auto",
    "/properties/emulate/default, false",
    "/definitions/cache/properties/publish/default, built",
    "/definitions/cache/properties/sources/default, false",
    "/definitions/cache/properties/logs/default, false",
    "/definitions/user/default, root",
    "/definitions/port/default, 22",
    "/definitions/environment/properties/activation-timeout/default, 5m",
    "/definitions/environment/properties/confirm-timeout/default, 60s",
    "/definitions/environment/properties/max-failures/default, 0",
    "/definitions/environment/properties/action/default, switch",
    "/definitions/environment/properties/smoke-timeout/default, 2m",
    "/definitions/environment/properties/failed-units/default, roll-back",
    "/definitions/environment/properties/transfer/default, auto",
    "/definitions/environment/properties/reboot/default, never",
    "/definitions/environment/properties/unprotected-reboot/default, false",
    "/definitions/environment/properties/reboot-timeout/default, 10m",
    "/definitions/environment/properties/keep-generations/default, 10",
    "/definitions/environment/properties/gc/default, never",
    "/definitions/health/properties/no-new-failures/default, true",
    "/definitions/health/properties/timeout/default, 30s",
    "/definitions/health/properties/attempts/default, 3",
    "/definitions/environment/properties/waves/default/0, rest",
  })
  void theSchemaShowsTheDefault(String pointer, String value) {
    assertThat(DOCUMENT.at(pointer).asString()).isEqualTo(value);
  }

  @Test
  void theDefaultsAreTheReaders() {
    String spelt =
        """
        cross: auto
        emulate: false
        parallel: 16
        substituters: []
        caches:
          - url: file:///cache
            publish: built
            upstream: UPSTREAM
            sources: false
        boards:
          one: { user: root, port: 22, tags: [], configuration: one, host: one, host-key: KEY }
        environments:
          e:
            on: { push: main }
            boards: one
            activation-timeout: 5m
            confirm-timeout: 60s
            waves: [rest]
            max-failures: 0
            action: switch
            health: { no-new-failures: true, timeout: 30s, attempts: 3 }
            failed-units: roll-back
            transfer: auto
            reboot: never
            unprotected-reboot: false
            reboot-timeout: 10m
            keep-generations: 10
            gc: never
        """;
    String left =
        """
        caches: [{ url: "file:///cache" }]
        boards:
          one: { host-key: KEY }
        environments:
          e: { on: { push: main }, boards: one }
        """;
    String key =
        PolicyReader.read("f", Corpus.valid("smallest"))
            .boards()
            .getFirst()
            .address()
            .hostKeys()
            .getFirst()
            .toString();
    assertThat(PolicyReader.read("f", left.replace("KEY", key)))
        .isEqualTo(
            PolicyReader.read(
                "f",
                spelt
                    .replace("KEY", key)
                    .replace(
                        "UPSTREAM",
                        DOCUMENT.at("/definitions/cache/properties/upstream/default").asString())));
  }

  @Test
  void everyKeyIsDescribedInTheSchema() {
    for (String section :
        List.of(
            "",
            "/definitions/cache",
            "/definitions/substituter",
            "/definitions/environment",
            "/definitions/health")) {
      for (var property : DOCUMENT.at(section + "/properties").properties()) {
        assertThat(property.getValue().has("description")).as(property.getKey()).isTrue();
      }
    }
  }

  static List<Error> judge(String yaml) {
    return SCHEMA.validate(new YAMLMapper().readTree(yaml));
  }

  static Stream<Path> valid() {
    return Corpus.files("valid").stream();
  }

  static Stream<Path> invalid() {
    return Corpus.files("invalid").stream();
  }

  static Stream<Object[]> keys() {
    return Stream.of(
        new Object[] {"", PolicyReader.KEYS},
        new Object[] {"/definitions/cache", CacheReader.KEYS},
        new Object[] {"/definitions/substituter", SubstituterReader.KEYS},
        new Object[] {"/definitions/board", BoardReader.KEYS},
        new Object[] {"/definitions/jump-host", JumpReader.KEYS},
        new Object[] {"/definitions/environment", EnvironmentReader.KEYS},
        new Object[] {"/definitions/health", HealthReader.KEYS},
        new Object[] {"/definitions/environment/properties/gc/anyOf/1", TermsReader.GC_KEYS},
        new Object[] {"/definitions/trigger", TriggerReader.KEYS});
  }

  private static JsonNode document() {
    try (var in = PolicyReader.class.getResourceAsStream("flakeferry.schema.json")) {
      return new ObjectMapper().readTree(Objects.requireNonNull(in, "the schema"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
