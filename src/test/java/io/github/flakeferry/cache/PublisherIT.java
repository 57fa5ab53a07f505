package io.github.flakeferry.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.flakeferry.Docs;
import io.github.flakeferry.model.CacheFormat;
import io.github.flakeferry.model.Compression;
import io.github.flakeferry.model.HostLogins;
import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.PublicKey;
import io.github.flakeferry.model.S3Location;
import io.github.flakeferry.model.Secret;
import io.github.flakeferry.model.SigningKey;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.nix.Netrc;
import io.github.flakeferry.nix.Nix;
import io.github.flakeferry.nix.NixSettings;
import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.support.process.Finished;
import io.github.flakeferry.support.progress.Progress;
import io.github.flakeferry.testbed.HttpCache;
import io.github.flakeferry.testbed.Nginx;
import io.github.flakeferry.testbed.S3Server;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

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

  private Finished install(URI cache, PublicKey trusted, Path store, String... more)
      throws IOException {
    var words = new ArrayList<>(List.of("nix", "--extra-experimental-features", "nix-command"));
    words.addAll(List.of("copy", "--from", cache.toString(), "--to", "local?root=" + store));
    words.addAll(List.of("--option", "trusted-public-keys", trusted.toString()));
    words.addAll(List.of("--option", "require-sigs", "true"));
    words.addAll(List.of(more));
    words.add(top.toString());
    return nix(words.toArray(String[]::new));
  }

  private void publishAndInstall(URI uri) throws IOException {
    try (var cache = BinaryCaches.open(uri, Optional.empty())) {
      publishAndInstall(cache, uri);
    }
  }

  private void publishAndInstall(BinaryCache to, URI uri) throws IOException {
    publishAndInstall(to, uri, CacheFormat.DEFAULT);
  }

  private void publishAndInstall(BinaryCache to, URI uri, CacheFormat format) throws IOException {
    List<PathInfo> closure = nix.closure(top);
    assertThat(closure).hasSize(3);
    var terms = new PublishTerms(Optional.of(KEY), List.of(), format);
    var publisher = new Publisher(to, terms, Nix.contents(), Progress.SILENT);
    assertThat(publisher.publish(closure).uploaded()).isEqualTo(3);
    assertThat(publisher.publish(closure).present()).isEqualTo(3);
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

  @ParameterizedTest
  @EnumSource
  void nixInstallsWhatAFolderHas(Compression compression) throws IOException {
    URI uri = temporary.resolve("cache").toUri();
    try (var cache = BinaryCaches.open(uri, Optional.empty())) {
      publishAndInstall(cache, uri, CacheFormat.of(compression));
      NarInfo told = NarInfo.parse(cache.read(NarInfo.fileName(top)).orElseThrow());
      assertThat(told.compression()).isEqualTo(compression.word());
      assertThat(told.url()).endsWith(".nar" + compression.suffix());
    }
  }

  @Test
  void nixInstallsWhatAnHttpServerHas() throws IOException {
    try (var server = HttpCache.start(temporary.resolve("cache"))) {
      publishAndInstall(server.uri());
    }
  }

  @Test
  void nixInstallsWhatNginxHas() throws IOException {
    try (var nginx = Nginx.start(Files.createDirectory(temporary.resolve("nginx")))) {
      publishAndInstall(nginx.uri("open"));
    }
  }

  /** Nix's own way to log in reads it back. */
  @Test
  void nginxTakesALoginOrATokenAndRefusesOthersInWords() throws IOException {
    try (var nginx = Nginx.start(Files.createDirectory(temporary.resolve("nginx")))) {
      publish(nginx.uri("token"), Optional.of(new Secret(Nginx.TOKEN)));
      publish(nginx.uri("login"), Optional.of(new Secret(Nginx.LOGIN)));
      try (var netrc =
          Netrc.write(new TreeMap<>(Map.of("127.0.0.1", new Secret(Nginx.LOGIN))), "")) {
        install(
                nginx.uri("login"),
                KEY.publicKey(),
                temporary.resolve("store"),
                "--option",
                "netrc-file",
                netrc.file().toString())
            .orThrow();
      }
      var forHosts =
          HostLogins.parse(
              new Secret(
                  """
                  # the caches
                  machine elsewhere.example.org login other password other
                  machine 127.0.0.1 login ferry password "correct horse"
                  """));
      var login = forHosts.of(nginx.uri("login")).orElseThrow();
      assertThat(present(nginx.uri("login"), login)).isEqualTo(3);
      assertThat(refusal(nginx.uri("token"), new Secret("another")).status()).hasValue(401);
      var wrong = refusal(nginx.uri("login"), new Secret("ferry:wrong"));
      assertThat(wrong.status()).hasValue(401);
      assertThat(wrong.advice()).contains("credentials");
      assertThat(wrong).hasMessageNotContaining("wrong");
      var readOnly = refusal(nginx.uri("read-only"), new Secret(Nginx.LOGIN));
      assertThat(readOnly.advice()).contains("does not take PUT");
    }
  }

  @Test
  void nginxIsACacheAsTheRecipeMakesIt() throws IOException {
    Matcher recipe = Pattern.compile("(?s)```nginx\n(.*?)```").matcher(Docs.text(Docs.RECIPES));
    assertThat(recipe.find()).isTrue();
    Path folder = Files.createDirectory(temporary.resolve("nginx"));
    try (var nginx = Nginx.with(folder, recipe.group(1))) {
      assertThat(refusal(nginx.uri("boards"), new Secret("ferry:wrong")).status()).hasValue(401);
      publish(nginx.uri("boards"), Optional.of(new Secret(Nginx.LOGIN)));
      install(nginx.uri("boards"), KEY.publicKey(), temporary.resolve("store")).orThrow();
    }
  }

  private void publish(URI uri, Optional<Secret> credentials) throws IOException {
    try (var cache = BinaryCaches.open(uri, credentials)) {
      assertThat(
              new Publisher(cache, KEY, Nix.contents(), Progress.SILENT)
                  .publish(nix.closure(top))
                  .uploaded())
          .isEqualTo(3);
    }
  }

  private int present(URI uri, Secret credentials) {
    try (var cache = BinaryCaches.open(uri, Optional.of(credentials))) {
      return new Publisher(cache, KEY, Nix.contents(), Progress.SILENT)
          .publish(nix.closure(top))
          .present();
    }
  }

  private PublishFailed refusal(URI uri, Secret credentials) {
    return catchThrowableOfType(PublishFailed.class, () -> publish(uri, Optional.of(credentials)));
  }

  /** Debian's Nix knows no S3, and no Nix knows keys that only we have. */
  @Test
  void nixInstallsWhatABucketHasThroughOurGateway() throws IOException {
    var keys =
        StaticCredentialsProvider.create(
            AwsBasicCredentials.create(S3Server.ACCESS_KEY, S3Server.SECRET_KEY));
    try (var server = S3Server.start(temporary)) {
      server.makeBucket("boards");
      var location =
          S3Location.parse(URI.create("s3://boards?scheme=http&endpoint=" + server.endpoint()));
      var bucket =
          new S3BinaryCache(
              location, keys, Retries.USUAL, Duration.ofMinutes(1), S3BinaryCache.PART);
      try (var gateway = S3Gateway.to(bucket, Progress.SILENT)) {
        publishAndInstall(bucket, gateway.url());

        var guessed = gateway.url().resolve("/nix-cache-info");
        assertThat(
                Command.of(
                        "curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", guessed.toString())
                    .run()
                    .output())
            .isEqualTo("404");
      }
    }
  }
}
