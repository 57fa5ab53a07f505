package io.github.flakeferry.cache;

import io.github.flakeferry.model.ProgramCache;
import io.github.flakeferry.model.Secret;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.support.TemporaryFolder;
import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.support.process.Finished;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The {@code push} of {@code cachix} (docs.cachix.org, "Pushing to Cachix") and of {@code attic}
 * (docs.attic.rs, "attic CLI"): both upload paths of Nix's store with all that they refer to, as
 * far as the cache lacks it. The token is in no argument: {@code cachix} reads it from its
 * environment, {@code attic} from its settings.
 */
final class PushProgram implements AutoCloseable {
  // what attic calls the only server in its settings
  private static final String SERVER = "ferry";
  private static final String HIDDEN = "***";

  /** Of a large path it says nothing before it is there. */
  static final Duration LONGEST_SILENCE = Duration.ofMinutes(30);

  private final ProgramCache cache;
  private final Path program;
  private final Secret token;
  private final TemporaryFolder settings;
  private final Duration longestSilence;

  private PushProgram(
      ProgramCache cache,
      Path program,
      Secret token,
      TemporaryFolder settings,
      Duration longestSilence) {
    this.longestSilence = longestSilence;
    this.cache = cache;
    this.program = program;
    this.token = token;
    this.settings = settings;
  }

  /**
   * Writes the settings that it needs.
   *
   * @param program where it is
   * @param longestSilence after it a push is ended: one that hangs would hold all up for ever
   * @throws IOException if they can't be written
   */
  static PushProgram of(ProgramCache cache, Path program, Secret token, Duration longestSilence)
      throws IOException {
    var push =
        new PushProgram(
            cache,
            program,
            new Secret(token.reveal().strip()),
            TemporaryFolder.create(cache.program().command()),
            longestSilence);
    try {
      switch (cache.program()) {
        case CACHIX -> {} // has all in its environment
        case ATTIC -> push.writeSettings();
      }
      return push;
    } catch (IOException e) {
      push.close();
      throw e;
    }
  }

  // $XDG_CONFIG_HOME/attic/config.toml (docs.attic.rs, "User Guide"), in TOML 1.0
  private void writeSettings() throws IOException {
    Path file = Files.createDirectory(settings.path().resolve("attic")).resolve("config.toml");
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(
        file,
        """
        default-server = "%1$s"

        [servers.%1$s]
        endpoint = %2$s
        token = %3$s
        """
            .formatted(SERVER, quoted(cache.url().resolve(".").toString()), quoted(token.reveal())),
        StandardCharsets.UTF_8,
        StandardOpenOption.WRITE);
  }

  private static String quoted(String text) {
    return text.codePoints()
        .mapToObj(
            c ->
                c == '"' || c == '\\' || Character.isISOControl(c)
                    ? "\\u%04X".formatted(c)
                    : Character.toString(c))
        .collect(Collectors.joining("", "\"", "\""));
  }

  /**
   * Uploads paths, with all that they refer to.
   *
   * @param all whether also what the cache itself counts as another cache's; only {@code attic} can
   *     be told so
   * @param line takes each line that it says, without the token
   * @throws IOException if it can't be started
   */
  Finished push(List<StorePath> paths, boolean all, Consumer<String> line) throws IOException {
    List<String> words = paths.stream().map(StorePath::toString).toList();
    Command push = Command.of(program.toString(), "push").neverSilentFor(longestSilence);
    Consumer<String> hiding = said -> line.accept(withoutToken(said));
    return switch (cache.program()) {
      // all versions read from there; arguments besides are refused by older ones
      case CACHIX ->
          push.and(cache.name())
              .withSecret("CACHIX_AUTH_TOKEN", token)
              .run(String.join("\n", words) + "\n", hiding);
      // older versions read from nowhere else
      case ATTIC ->
          push.and(all ? List.of("--ignore-upstream-cache-filter") : List.of())
              .and(SERVER + ":" + cache.name())
              .and(words)
              .with("XDG_CONFIG_HOME", settings.path().toString())
              .run("", hiding);
    };
  }

  /** A text of the program's that may be shown. */
  String withoutToken(String said) {
    return token.reveal().isEmpty() ? said : said.replace(token.reveal(), HIDDEN);
  }

  @Override
  public void close() {
    settings.close();
  }
}
