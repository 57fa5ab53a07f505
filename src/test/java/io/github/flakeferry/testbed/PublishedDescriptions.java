package io.github.flakeferry.testbed;

import io.github.flakeferry.support.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What forges publish about themselves, fetched by npm once and kept: GitHub's OpenAPI description
 * and its examples of webhooks' payloads, and types of Gitea's and Forgejo's API.
 */
public final class PublishedDescriptions {
  private static final Duration FETCH = Duration.ofMinutes(5);
  // npm's own settings, where a machine reaches its registry in a special way
  private static final List<String> NPM_VARIABLES =
      List.of("NODE_EXTRA_CA_CERTS", "npm_config_registry", "NPM_CONFIG_REGISTRY");

  private PublishedDescriptions() {}

  /** The OpenAPI 3.0 description of api.github.com: 13 MB of JSON. */
  public static Path openApi() throws IOException {
    return file("@octokit/openapi", "23.0.2", "generated/api.github.com.json");
  }

  /** A list of {@code {name, examples: [payload]}}, one for each event. */
  public static Path webhookExamples() throws IOException {
    return file("@octokit/webhooks-examples", "7.6.1", "api.github.com/index.json");
  }

  /** TypeScript types of Gitea's API, from the description that Gitea 1.23 gives of itself. */
  public static Path giteaTypes() throws IOException {
    return file("gitea-js", "1.23.0", "dist/index.d.ts");
  }

  /** The same of Forgejo 11. */
  public static Path forgejoTypes() throws IOException {
    return file("forgejo-js", "11.0.0", "dist/index.d.ts");
  }

  /** A folder in which Node finds GitHub's parser of workflows and actions. */
  public static synchronized Path workflowParser() throws IOException {
    Path kept = cache().resolve("actions-workflow-parser-0.3.61");
    if (!Files.exists(kept)) {
      needNpm();
      Files.createDirectories(cache());
      Path folder = Files.createTempDirectory(cache(), "fetching-");
      npm(
          folder,
          "install",
          "--silent",
          "--ignore-scripts",
          "--no-audit",
          "--no-fund",
          "--no-save",
          "--prefix",
          ".",
          "@actions/workflow-parser@0.3.61",
          "@actions/expressions@0.3.61",
          "cronstrue@2.61.0",
          "yaml@2.9.1");
      keep(folder, kept);
    }
    return kept;
  }

  private static synchronized Path file(String name, String version, String inside)
      throws IOException {
    Path kept = cache().resolve(name.replace("@", "").replace('/', '-') + "-" + version);
    Path wanted = kept.resolve("package").resolve(inside);
    if (!Files.exists(wanted)) {
      fetch(name + "@" + version, inside, kept);
    }
    return wanted;
  }

  private static Path cache() {
    return Path.of(
            Optional.ofNullable(System.getenv("FLAKEFERRY_CACHE")).orElse("/var/cache/flakeferry"))
        .resolve("npm");
  }

  // moved into place when complete, so that no other build sees half of it
  private static void fetch(String what, String inside, Path kept) throws IOException {
    needNpm();
    Files.createDirectories(cache());
    Path folder = Files.createTempDirectory(cache(), "fetching-");
    npm(folder, "pack", "--silent", what);
    try (Stream<Path> packed = Files.list(folder)) {
      Path archive = packed.filter(p -> p.toString().endsWith(".tgz")).findFirst().orElseThrow();
      // the rest is twenty times as much
      Command.of("tar", "-xzf", archive.toString(), "package/" + inside).in(folder).run().orThrow();
      Files.delete(archive);
    }
    keep(folder, kept);
  }

  private static void npm(Path folder, String... words) throws IOException {
    Command npm = Command.of("npm").and(words).in(folder).within(FETCH);
    for (String variable : NPM_VARIABLES) {
      String value = System.getenv(variable);
      npm = value == null ? npm : npm.with(variable, value);
    }
    npm.run().orThrow();
  }

  private static void keep(Path folder, Path kept) throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    try {
      Files.move(folder, kept, StandardCopyOption.ATOMIC_MOVE);
    } catch (java.nio.file.FileSystemException e) {
      if (!Files.isDirectory(kept)) {
        throw e;
      }
    }
  }

  private static void needNpm() throws IOException {
    if (isThere()) {
      return;
    }
    if (!"root".equals(System.getProperty("user.name"))) {
      throw new IllegalStateException("npm is missing: apt-get install npm");
    }
    Map<String, String> quiet = Map.of("DEBIAN_FRONTEND", "noninteractive");
    for (String words : List.of("apt-get update -q", "apt-get install -q -y npm")) {
      Command apt = Command.of(words.split(" ")).within(FETCH);
      for (var variable : quiet.entrySet()) {
        apt = apt.with(variable.getKey(), variable.getValue());
      }
      apt.run().orThrow();
    }
  }

  private static boolean isThere() {
    try {
      return Command.of("npm", "--version").run().exit().succeeded();
    } catch (IOException e) {
      return false;
    }
  }
}
