package io.github.flakeferry.pipeline.setup;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A workflow of ours: it deploys what is pushed to the place's branch.
 *
 * @param environment of the policy, and of the forge where it has such
 * @param logins what the caches are opened by
 */
record WorkflowText(Place place, Forge forge, String environment, Set<CacheLogin> logins) {
  /** The secrets that it names, besides those of caches. */
  static final String SSH_KEY = "BOARDS_SSH_KEY";

  static final String SIGNING_KEY = "CACHE_SIGNING_KEY";

  WorkflowText {
    logins = Set.copyOf(logins);
  }

  /** Another workflow that deploys to this environment, or may. */
  record Other(Path file, boolean surely) {}

  /** The file's content. */
  String text() {
    var text =
        new StringBuilder(
            resource(forge == Forge.GITHUB ? "github.yml" : "gitea.yml")
                .replace("@branch@", Scalars.plainOrQuoted(place.branch()))
                .replace("@group@", Scalars.plainOrQuoted("flakeferry-" + environment))
                .replace("@environment@", Scalars.plainOrQuoted(environment)));
    if (logins.contains(CacheLogin.CREDENTIALS)) {
      CacheLogin.CREDENTIALS
          .secrets()
          .forEach(secret -> text.append(secret("cache-credentials", secret)));
    }
    if (!place.flake().toString().isEmpty()) {
      text.append(input("flake", place.flake()));
    }
    place.config().ifPresent(file -> text.append(input("config", file)));
    if (logins.contains(CacheLogin.AWS_KEYS)) {
      text.append("        env:\n");
      CacheLogin.AWS_KEYS.secrets().forEach(secret -> text.append(secret(secret, secret)));
    }
    return text.toString();
  }

  private static String secret(String name, String secret) {
    return "          %s: ${{ secrets.%s }}\n".formatted(name, secret);
  }

  private static String input(String name, Path value) {
    return "          %s: %s\n".formatted(name, Scalars.plainOrQuoted(value.toString()));
  }

  /** Its file, from the repository's root. */
  Path file() {
    return forge.workflows().resolve(environment + ".yml");
  }

  /** Another one beside it, one that surely deploys before one that may. */
  Optional<Other> other() {
    Path own = place.root().resolve(file());
    Path folder = own.resolveSibling("");
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.list(folder)) {
      Map<OtherWorkflow.Deploys, List<Path>> found =
          files
              .filter(file -> file.toString().matches(".*\\.ya?ml") && !file.equals(own))
              // a folder or a dead link is no workflow
              .filter(Files::isRegularFile)
              .sorted()
              .collect(Collectors.groupingBy(file -> read(file).deploysTo(environment)));
      return Stream.of(OtherWorkflow.Deploys.SURELY, OtherWorkflow.Deploys.MAYBE)
          .flatMap(
              deploys ->
                  found.getOrDefault(deploys, List.of()).stream()
                      .map(
                          file ->
                              new Other(
                                  place.root().relativize(file),
                                  deploys == OtherWorkflow.Deploys.SURELY)))
          .findFirst();
    } catch (IOException e) {
      throw SetupRefused.unusable(folder, e);
    }
  }

  private static OtherWorkflow read(Path file) {
    try {
      return OtherWorkflow.parse(Files.readString(file));
    } catch (CharacterCodingException e) {
      // no forge runs what is not UTF-8
      return OtherWorkflow.parse("");
    } catch (IOException e) {
      throw SetupRefused.unusable(file, e);
    }
  }

  private static String resource(String name) {
    try (InputStream in = WorkflowText.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("no workflow " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
