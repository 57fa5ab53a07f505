package io.github.flakeferry.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flakeferry.pipeline.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ForgeJobTest {
  @TempDir private Path folder;
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  private ForgeJob job;

  @BeforeEach
  void start() throws IOException {
    Path event =
        Files.writeString(
            folder.resolve("event.json"),
            """
            {"repository": {"full_name": "owner/boards", "default_branch": "main"}}
            """);
    job =
        new ForgeJob(
            Map.ofEntries(
                entry("GITHUB_EVENT_NAME", "schedule"),
                entry("GITHUB_EVENT_PATH", event.toString()),
                entry("GITHUB_RUN_ID", "1"),
                entry("GITHUB_RUN_ATTEMPT", "1"),
                entry("GITHUB_REPOSITORY", "owner/boards"),
                entry("GITHUB_SERVER_URL", "https://git.example.org"),
                entry("GITHUB_API_URL", "https://git.example.org/api"),
                entry("GITHUB_REF", "refs/heads/main"),
                entry("GITHUB_SHA", "6113728f27ae82c7b1a177c8d03f9e96e0adf246"),
                entry("GITHUB_OUTPUT", folder.resolve("outputs").toString()),
                entry("INPUT_SSH-KEY", "-----BEGIN OPENSSH PRIVATE KEY-----"),
                entry("INPUT_SSH-KEY-PASSPHRASE", "hunter2")),
            new PrintStream(log, true, UTF_8));
  }

  @Test
  void secretsAreMaskedAndTheKeysPassphraseWithThem() {
    job.run(Inputs::settings, run -> new Verdict("success", Optional.empty()));
    assertThat(log.toString(UTF_8))
        .contains("::add-mask::-----BEGIN OPENSSH PRIVATE KEY-----\n", "::add-mask::hunter2\n");
  }

  @Test
  void whatBreaksBeforeTheRunCanTellSetsTheOutputsAllTheSame() throws IOException {
    var defect = new IllegalStateException("a lane broke");
    assertThatThrownBy(
            () ->
                job.run(
                    inputs -> {
                      throw defect;
                    },
                    run -> new Verdict("success", Optional.empty())))
        .isSameAs(defect);
    assertThat(Files.readString(folder.resolve("outputs")))
        .contains("outcome<<", "failure-reason<<", "internal-error", "failure-code<<", "FF-0101");
  }
}
