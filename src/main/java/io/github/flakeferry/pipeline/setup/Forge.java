package io.github.flakeferry.pipeline.setup;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
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

  /** By the folder that it has already, or by its remote's host; GitHub where neither tells. */
  static Forge of(Path root, Optional<String> remote) {
    String host = remote.map(Forge::host).orElse("");
    return Stream.of(FORGEJO, GITEA)
        .filter(
            forge ->
                Files.isDirectory(root.resolve(forge.folder))
                    || host.contains(forge.folder.substring(1)))
        .findFirst()
        .orElse(host.equals("codeberg.org") ? FORGEJO : GITHUB);
  }

  // https://host/…, ssh://git@host:22/… or git@host:…
  private static String host(String url) {
    return url.replaceFirst("^[a-z+]+://", "")
        .replaceFirst("^[^@/]*@", "")
        .replaceFirst("[:/].*", "")
        .toLowerCase(Locale.ROOT);
  }
}
