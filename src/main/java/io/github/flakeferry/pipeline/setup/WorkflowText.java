package io.github.flakeferry.pipeline.setup;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** The text of a workflow that deploys what a push brings. */
final class WorkflowText {
  /** The secrets that it names, and what they hold. */
  static final String SSH_KEY = "BOARDS_SSH_KEY";

  static final String SIGNING_KEY = "CACHE_SIGNING_KEY";
  static final String CREDENTIALS = "CACHE_CREDENTIALS";

  private WorkflowText() {}

  /**
   * Deploys what is pushed to the place's branch.
   *
   * @param environment of the policy, and of the forge where it has such
   * @param login whether the cache may want one
   */
  static String of(Place place, String environment, boolean login) {
    var text =
        new StringBuilder(
            resource(place.forge() == Forge.GITHUB ? "github.yml" : "gitea.yml")
                .replace("@branch@", Scalars.plainOrQuoted(place.branch()))
                .replace("@group@", Scalars.plainOrQuoted("flakeferry-" + environment))
                .replace("@environment@", Scalars.plainOrQuoted(environment)));
    if (login) {
      text.append("          cache-credentials: ${{ secrets.%s }}\n".formatted(CREDENTIALS));
    }
    if (!place.flake().toString().isEmpty()) {
      text.append(input("flake", place.flake()));
    }
    place.config().ifPresent(file -> text.append(input("config", file)));
    return text.toString();
  }

  private static String input(String name, Path value) {
    return "          %s: %s\n".formatted(name, Scalars.plainOrQuoted(value.toString()));
  }

  /** Its file, from the repository's root. */
  static Path file(Forge forge, String environment) {
    return forge.workflows().resolve(environment + ".yml");
  }

  /**
   * Another workflow that deploys to this environment, from the root; absent where there is none.
   */
  static Optional<Path> other(Place place, String environment) {
    Path own = place.root().resolve(file(place.forge(), environment));
    Path folder = own.resolveSibling("");
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().matches(".*\\.ya?ml") && !file.equals(own))
          .sorted()
          .filter(file -> read(file).deploysTo(environment))
          .findFirst()
          .map(place.root()::relativize);
    } catch (IOException e) {
      throw SetupRefused.unusable(folder, e);
    }
  }

  private static OtherWorkflow read(Path file) {
    try {
      return OtherWorkflow.parse(Files.readString(file));
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
