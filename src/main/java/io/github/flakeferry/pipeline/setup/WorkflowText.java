package io.github.flakeferry.pipeline.setup;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The text of a workflow that deploys what a push brings. */
final class WorkflowText {
  /** The name of its file. */
  static final String FILE = "production.yml";

  /** The secrets that it names, and what they hold. */
  static final String SSH_KEY = "BOARDS_SSH_KEY";

  static final String SIGNING_KEY = "CACHE_SIGNING_KEY";
  static final String CREDENTIALS = "CACHE_CREDENTIALS";

  private WorkflowText() {}

  /**
   * @param flake the folder with flake.nix; empty: the root
   * @param login whether the cache may want one
   */
  static String of(Forge forge, String branch, Path flake, boolean login) {
    var text =
        new StringBuilder(
            resource(forge == Forge.GITHUB ? "github.yml" : "gitea.yml")
                .replace("@branch@", Scalars.plainOrQuoted(branch)));
    if (login) {
      text.append("          cache-credentials: ${{ secrets.%s }}\n".formatted(CREDENTIALS));
    }
    if (!flake.toString().isEmpty()) {
      text.append("          flake: %s\n".formatted(Scalars.plainOrQuoted(flake.toString())));
    }
    return text.toString();
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
