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
  /** The folder of a flake that lies at the root of its repository. */
  static final Path ROOT = Path.of("");

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
    return head();
  }

  GitRevision head() throws IOException {
    return new GitRevision(git("rev-parse", "HEAD").strip());
  }

  /** Adds another repository as a submodule; the next commit has it. */
  void addSubmodule(String at, TestFlake other) throws IOException {
    git("-c", "protocol.file.allow=always", "submodule", "add", "-q", other.url(), at);
  }

  /** A clone of the last commit alone, on no branch, with its submodules, as a runner makes it. */
  TestFlake shallowClone(Path to) throws IOException {
    Command.of("git", "-c", "protocol.file.allow=always", "clone", "-q", "--depth", "1")
        .and("--recurse-submodules", url(), to.toString())
        .run()
        .orThrow();
    var clone = new TestFlake(to);
    clone.git("checkout", "-q", "--detach");
    clone.git("branch", "-q", "-D", "main");
    return clone;
  }

  private String url() {
    return "file://" + folder;
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
