package io.github.flakeferry.pipeline.setup;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Whose workflows are written. */
public enum Forge {
  GITHUB("GitHub", ".github"),
  GITEA("Gitea", ".gitea"),
  FORGEJO("Forgejo", ".forgejo");

  private final String label;
  private final String folder;

  Forge(String label, String folder) {
    this.label = label;
    this.folder = folder;
  }

  String label() {
    return label;
  }

  /** Where its workflows are, from the repository's root. */
  Path workflows() {
    return Path.of(folder, "workflows");
  }

  /**
   * By its remote's host, or by the folder that it has already; GitHub where neither tells. Absent
   * where the host runs no workflows of these.
   */
  static Optional<Forge> of(Path root, Optional<String> remote) {
    String host = remote.map(Forge::host).orElse("");
    return switch (host) {
      case "github.com" -> Optional.of(GITHUB);
      case "codeberg.org" -> Optional.of(FORGEJO);
      case "gitlab.com", "git.sr.ht", "bitbucket.org" -> Optional.empty();
      default ->
          Stream.<Predicate<Forge>>of(
                  forge -> Files.isDirectory(root.resolve(forge.folder)),
                  forge -> host.contains(forge.folder.substring(1)))
              .flatMap(told -> Stream.of(FORGEJO, GITEA).filter(told))
              .findFirst()
              .or(() -> host.contains("gitlab") ? Optional.empty() : Optional.of(GITHUB));
    };
  }

  /** The host of a remote's URL. */
  // https://host/…, ssh://git@host:22/… or git@host:…
  static String host(String url) {
    return url.replaceFirst("^[a-z+]+://", "")
        .replaceFirst("^[^@/]*@", "")
        .replaceFirst("[:/].*", "")
        .toLowerCase(Locale.ROOT);
  }
}
