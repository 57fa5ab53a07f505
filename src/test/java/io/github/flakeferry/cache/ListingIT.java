package io.github.flakeferry.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.model.CacheFormat;
import io.github.flakeferry.model.Compression;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.nix.Nix;
import io.github.flakeferry.nix.NixSettings;
import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.support.progress.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** The lists of files that we publish are those that Nix makes, and Nix reads them. */
final class ListingIT {
  @TempDir private Path folder;

  private StorePath added(String script) throws IOException {
    Path tree = folder.resolve("tree");
    Command.of("sh", "-ec", script, "sh", tree.toString()).run().orThrow();
    return StorePath.parse(
        Command.of("nix-store", "--add", tree.toString()).run().orThrow().output().strip());
  }

  private Path published(StorePath path) throws IOException {
    Path ours = folder.resolve("ours");
    var format = new CacheFormat(Compression.ZSTD, true, false);
    var terms = new PublishTerms(Optional.empty(), List.of(), format);
    try (var cache = BinaryCaches.open(ours.toUri(), Optional.empty())) {
      new Publisher(cache, terms, Nix.contents(), Progress.SILENT)
          .publish(new Nix(NixSettings.DEFAULT, Progress.SILENT).closure(path));
    }
    return ours;
  }

  private static Command nix(String... words) {
    return Command.of("nix", "--extra-experimental-features", "nix-command")
        .and(words)
        .with("NIX_CONFIG", "substituters =");
  }

  private void alike(StorePath path) throws IOException {
    Path theirs = folder.resolve("theirs");
    nix("copy", "--to", theirs.toUri() + "?write-nar-listing=1", path.toString()).run().orThrow();
    String name = Listing.fileName(path);
    var json = JsonMapper.shared();
    assertThat(json.readTree(published(path).resolve(name)))
        .isEqualTo(json.readTree(theirs.resolve(name)));
  }

  @Test
  void aTreeIsListedAsNixListsIt() throws IOException {
    StorePath path =
        added(
            """
            mkdir -p "$1/sub/empty" "$1/sub/deep/er"
            echo run >"$1/run"; chmod +x "$1/run"
            : >"$1/nothing"; printf 12345678 >"$1/eight"; seq 100000 >"$1/sub/deep/er/numbers"
            ln -s ../run "$1/sub/link"
            echo quoted >"$1/$(printf 'caf\\303\\251 "\\\\\\001')"
            """);
    alike(path);
    String names =
        nix("store", "ls", "-R", "--store", folder.resolve("ours").toUri().toString())
            .and(path.toString())
            .run()
            .orThrow()
            .output();
    assertThat(names).contains("./sub/deep/er/numbers", "./sub/empty", "./nothing", "./sub/link");
  }

  @Test
  void aFileAloneIsListedAsNixListsIt() throws IOException {
    alike(added("echo run >\"$1\"; chmod +x \"$1\""));
  }

  @Test
  void whatJsonCannotNameIsPublishedWithoutAList() throws IOException {
    StorePath path = added("mkdir \"$1\"; : >\"$1/$(printf 'caf\\351')\"");
    Path cache = published(path);
    assertThat(cache.resolve(NarInfo.fileName(path))).exists();
    assertThat(Files.exists(cache.resolve(Listing.fileName(path)))).isFalse();
  }
}
