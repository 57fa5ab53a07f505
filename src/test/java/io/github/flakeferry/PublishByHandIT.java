package io.github.flakeferry;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.cache.NarInfo;
import io.github.flakeferry.model.SigningKey;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.support.process.Exit;
import io.github.flakeferry.support.process.Finished;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code flakeferry key generate} and {@code flakeferry publish}, as somebody types them. */
final class PublishByHandIT {
  @TempDir private Path folder;
  private StorePath path;

  @BeforeEach
  void add() throws IOException {
    Path file = Files.writeString(folder.resolve("by-hand"), UUID.randomUUID().toString());
    path =
        StorePath.parse(
            Command.of("nix-store", "--add", file.toString()).run().orThrow().output().strip());
  }

  private Command flakeferry(String... words) {
    return Command.of(BuiltProgram.words(words))
        .in(folder)
        .with("FLAKEFERRY_SIGNING_KEY_FILE", folder.resolve("boards-1.sec").toString());
  }

  private static String said(Finished finished) {
    return String.join("\n", finished.lastErrorLines());
  }

  @Test
  void aPathIsPublishedWithANewKey() throws IOException {
    flakeferry("key", "generate", "boards-1").run().orThrow();
    Path cache = folder.resolve("cache");
    Files.createSymbolicLink(folder.resolve("result"), Path.of(path.toString()));

    Finished published =
        flakeferry("publish", "./result", "--to", cache.toUri().toString()).run().orThrow();

    assertThat(published.output()).startsWith("1 path published, 0 were there, ");
    var narInfo = NarInfo.parse(Files.readString(cache.resolve(NarInfo.fileName(path))));
    var key = SigningKey.parse(Files.readString(folder.resolve("boards-1.sec")));
    assertThat(key.publicKey().hasSigned(narInfo.info())).isTrue();

    Finished again =
        flakeferry("publish", path.toString(), "--to", cache.toUri().toString()).run().orThrow();
    assertThat(again.output()).startsWith("0 paths published, 1 were there, ");
  }

  @Test
  void whatIsNotThereIsToldAtOnce() throws IOException {
    flakeferry("key", "generate", "boards-1").run().orThrow();
    Finished wrong =
        flakeferry(
                "publish",
                "/nix/store/00000000000000000000000000000000-none",
                "by-hand",
                path.toString(),
                "--to",
                folder.resolve("cache").toUri().toString())
            .run();

    assertThat(wrong.exit()).isEqualTo(new Exit.Code(2));
    assertThat(said(wrong))
        .contains(
            "not in the store of this machine:"
                + " /nix/store/00000000000000000000000000000000-none, by-hand")
        .contains("./result");
    assertThat(folder.resolve("cache")).doesNotExist();
  }

  @Test
  void withoutAKeyOrACacheNothingIsPublished() throws IOException {
    Finished keyless =
        Command.of(BuiltProgram.words("publish", path.toString()))
            .and("--to", folder.resolve("cache").toUri().toString())
            .run();
    assertThat(keyless.exit().succeeded()).isFalse();
    assertThat(said(keyless)).contains("no key to sign", "signing-key");

    flakeferry("key", "generate", "boards-1").run().orThrow();
    Finished nowhere = flakeferry("publish", path.toString(), "--to", "gopher://x").run();
    assertThat(nowhere.exit()).isEqualTo(new Exit.Code(7));
    assertThat(said(nowhere)).contains("gopher://x is not a cache");
    assertThat(folder.resolve("cache")).doesNotExist();
  }
}
