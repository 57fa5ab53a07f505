package io.github.flakeferry.nix;

import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.support.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A flake without inputs in a Git repository of its own, and the settings under which it builds on
 * a bare machine.
 */
final class TestFlake {
  static final NixSettings SETTINGS =
      new NixSettings(List.of(), List.of(), Set.of(), false)
          .withOptions(Map.of("build-users-group", "", "sandbox", "false", "substituters", ""));

  private final Path folder;

  TestFlake(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
    git("init", "-q", "-b", "main", ".");
  }

  Path folder() {
    return folder;
  }

  /** Commits a file and returns the commit. */
  GitRevision commit(String file, String content) throws IOException {
    Files.createDirectories(folder.resolve(file).getParent());
    Files.writeString(folder.resolve(file), content);
    git("add", "-A");
    git("-c", "user.name=Test", "-c", "user.email=test@example.org", "commit", "-q", "-m", file);
    return new GitRevision(git("rev-parse", "HEAD").strip());
  }

  private String git(String... words) throws IOException {
    return Command.of("git").in(folder).and(words).run().orThrow().output();
  }

  /**
   * A flake whose configurations are given in the Nix language, with {@code shell name system
   * script inputs} for a derivation made by {@code /bin/sh}.
   */
  static String with(String configurations) {
    return """
    {
      outputs = { self }:
        let
          shell = name: system: script: inputs: derivation {
            inherit name system inputs;
            builder = "/bin/sh";
            PATH = "/usr/bin:/bin";
            args = [ "-c" script ];
          };
        in {
          nixosConfigurations = {
    %s
          };
        };
    }
    """
        .formatted(configurations.indent(8));
  }
}
