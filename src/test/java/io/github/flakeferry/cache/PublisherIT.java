package io.github.flakeferry.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.PublicKey;
import io.github.flakeferry.model.SigningKey;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.nix.Nix;
import io.github.flakeferry.nix.NixSettings;
import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.support.process.Finished;
import io.github.flakeferry.support.progress.Progress;
import io.github.flakeferry.testbed.HttpCache;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What we publish, the real Nix takes, checks and installs in another store. */
final class PublisherIT {
  private static final SigningKey KEY = SigningKey.generate("publisher-it-1");
  private final Nix nix = new Nix(NixSettings.DEFAULT, Progress.SILENT);
  @TempDir private Path temporary;
  private StorePath top;

  @BeforeEach
  void build() throws IOException {
    String expression =
        """
        let
          shell = name: script: derivation {
            inherit name;
            system = builtins.currentSystem;
            builder = "/bin/sh";
            PATH = "/usr/bin:/bin";
            args = [ "-c" script ];
          };
          dep = shell "dep-1.0" "mkdir $out; echo %1$s >$out/text; seq 200000 >$out/numbers";
          self = shell "self" "echo $out %1$s >$out";
        in shell "top" ''
          mkdir -p $out/bin $out/empty
          echo ${self} %1$s >$out/bin/run; chmod +x $out/bin/run
          ln -s ${dep} $out/dep
          : >$out/nothing
        ''
        """
            .formatted(UUID.randomUUID());
    Finished built =
        nix(
            "nix-build",
            "--no-out-link",
            "--option",
            "build-users-group",
            "",
            "--option",
            "sandbox",
            "false",
            "-E",
            expression);
    top = StorePath.parse(built.orThrow().output().strip());
  }

  @AfterEach
  void deleteStores() throws IOException {
    // a store is read-only and full of links to elsewhere, which JUnit warns of
    Command.of("rm", "-rf", temporary.toString()).run().orThrow();
  }

  private static Finished nix(String... words) throws IOException {
    return Command.of(words).with("NIX_CONFIG", "substituters =").run();
  }

  private Finished install(URI cache, PublicKey trusted, Path store) throws IOException {
    return nix(
        "nix",
        "--extra-experimental-features",
        "nix-command",
        "copy",
        "--from",
        cache.toString(),
        "--to",
        "local?root=" + store,
        "--option",
        "trusted-public-keys",
        trusted.toString(),
        "--option",
        "require-sigs",
        "true",
        top.toString());
  }

  private void publishAndInstall(URI uri) throws IOException {
    List<PathInfo> closure = nix.closure(top);
    assertThat(closure).hasSize(3);
    try (var cache = BinaryCaches.open(uri, Optional.empty())) {
      var publisher = new Publisher(cache, KEY, Nix.contents(), Progress.SILENT);
      assertThat(publisher.publish(closure).uploaded()).isEqualTo(3);
      assertThat(publisher.publish(closure).present()).isEqualTo(3);
    }
    Path store = temporary.resolve("store");
    install(uri, KEY.publicKey(), store).orThrow();
    Path installed = Path.of(store.toString(), top.toString());
    assertThat(Files.isExecutable(installed.resolve("bin/run"))).isTrue();
    assertThat(installed.resolve("empty")).isEmptyDirectory();
    Finished verified =
        nix(
            "nix",
            "--extra-experimental-features",
            "nix-command",
            "store",
            "verify",
            "--store",
            "local?root=" + store,
            "--recursive",
            "--sigs-needed",
            "1",
            "--option",
            "trusted-public-keys",
            KEY.publicKey().toString(),
            top.toString());
    assertThat(verified.exit().succeeded()).as("%s", verified).isTrue();

    Finished distrusted =
        install(uri, SigningKey.generate("other-1").publicKey(), temporary.resolve("store-2"));
    assertThat(distrusted.exit().succeeded()).isFalse();
    assertThat(String.join("\n", distrusted.lastErrorLines())).contains("signature");
  }

  @Test
  void nixInstallsWhatAFolderHas() throws IOException {
    publishAndInstall(temporary.resolve("cache").toUri());
  }

  @Test
  void nixInstallsWhatAnHttpServerHas() throws IOException {
    try (var server = HttpCache.start(temporary.resolve("cache"))) {
      publishAndInstall(server.uri());
    }
  }
}
