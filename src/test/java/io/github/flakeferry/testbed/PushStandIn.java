package io.github.flakeferry.testbed;

import io.github.flakeferry.model.ProgramCache;
import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.support.process.SearchPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Stands in for {@code cachix} or {@code attic}, which only Nix has packages of. It is held to what
 * they document: {@code cachix push CACHE} reads paths from its input, where older versions refuse
 * arguments as well, and the token from {@code CACHIX_AUTH_TOKEN} (docs.cachix.org); {@code attic
 * push SERVER:CACHE PATH…} reads its server and token from {@code attic/config.toml} below {@code
 * XDG_CONFIG_HOME} (docs.attic.rs); and to what their sources take (cachix: {@code
 * Client/OptionsParser.hs}, {@code Client/Command/Push.hs}; attic: {@code
 * client/src/command/push.rs}, {@code config.rs}, {@code cache.rs}). Anything else it refuses, such
 * as another token, which it then says aloud, as no program should. It uploads nothing.
 */
public final class PushStandIn {
  private final Path folder;

  private PushStandIn(Path folder) {
    this.folder = folder;
  }

  /**
   * Puts it into an empty folder.
   *
   * @param token what it opens for
   */
  public static PushStandIn install(ProgramCache.Program program, Path folder, String token)
      throws IOException {
    Files.writeString(folder.resolve("token"), token);
    // not by this process: a program that another one has open for writing can't be started
    Command.of(
            "install",
            "-m",
            "755",
            "src/test/resources/io/github/flakeferry/testbed/push-program.sh",
            folder.resolve(program.command()).toString())
        .run()
        .orThrow();
    return new PushStandIn(folder);
  }

  /** Where it is found. */
  public SearchPath path() {
    return new SearchPath(List.of(folder));
  }

  /** From now on it opens for this one only. */
  public void expect(String token) throws IOException {
    Files.writeString(folder.resolve("token"), token);
  }

  /** From now on it says {@code begins} and never ends. */
  public void hang() throws IOException {
    Files.createFile(folder.resolve("hangs"));
  }

  /** From now on it says {@code begins} and goes on once it is let go. */
  public void hold() throws IOException {
    Files.createFile(folder.resolve("held"));
  }

  /** Ends {@link #hold}. */
  public void letGo() throws IOException {
    Files.delete(folder.resolve("held"));
  }

  /** How often it was started. */
  public int calls() throws IOException {
    Path calls = folder.resolve("calls");
    return Files.exists(calls) ? Integer.parseInt(Files.readString(calls).strip()) : 0;
  }

  /** The last one. */
  public ProcessHandle process() throws IOException {
    return ProcessHandle.of(Long.parseLong(kept("pid").getFirst())).orElseThrow();
  }

  /**
   * What it was given.
   *
   * @param call from 1 on
   */
  public List<String> arguments(int call) throws IOException {
    return kept("arguments." + call);
  }

  /** The paths of them, or of its input. */
  public List<String> paths(int call) throws IOException {
    return kept("paths." + call);
  }

  /** The names of the variables that it had at last. */
  public List<String> environment() throws IOException {
    return kept("environment");
  }

  /** The lines of attic's settings, as they were. */
  public List<String> config() throws IOException {
    return kept("config.toml");
  }

  /** Where they were. */
  public Path settings() throws IOException {
    return Path.of(kept("settings").getFirst());
  }

  private List<String> kept(String name) throws IOException {
    return Files.readAllLines(folder.resolve(name));
  }
}
