package io.github.flakeferry.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.fleet.Audience;
import io.github.flakeferry.fleet.CachePolicy;
import io.github.flakeferry.fleet.CrossPolicy;
import io.github.flakeferry.fleet.Policy;
import io.github.flakeferry.fleet.PublishPolicy;
import io.github.flakeferry.fleet.Substituter;
import io.github.flakeferry.model.HostLogins;
import io.github.flakeferry.model.PublicKey;
import io.github.flakeferry.model.Secret;
import io.github.flakeferry.model.SigningKey;
import io.github.flakeferry.nix.NixSettings;
import io.github.flakeferry.support.progress.ProgressEvent;
import io.github.flakeferry.testbed.HttpCache;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class SubstitutersTest {
  private static final SigningKey OURS = SigningKey.generate("ours-1");
  private static final SigningKey PREVIEWS = SigningKey.generate("previews-1");

  @TempDir private Path folder;
  private final List<ProgressEvent> events = new ArrayList<>();
  private List<Substituter> others = List.of();

  @ParameterizedTest
  @EnumSource
  void noBuildTakesWhatPullRequestsPublished(Audience audience) throws IOException {
    NixSettings settings =
        nixSettings(
            audience,
            settings(Optional.of(OURS)),
            cachePolicy(cache("ours"), Optional.of(OURS.publicKey()), Audience.TRUSTED),
            cachePolicy(
                cache("previews"), Optional.of(PREVIEWS.publicKey()), Audience.PULL_REQUESTS));
    assertThat(settings.substituters()).containsExactly("file://" + folder.resolve("ours"));
    assertThat(settings.trustedKeys()).containsExactly(OURS.publicKey());
    assertThat(settings.options())
        .containsEntry("fallback", "true")
        .doesNotContainKey("netrc-file");
  }

  @Test
  void aCacheWithoutADeclaredKeyHasTheOneThatSigns() throws IOException {
    var cache = cachePolicy(cache("ours"), Optional.empty(), Audience.TRUSTED);
    assertThat(nixSettings(Audience.TRUSTED, settings(Optional.of(OURS)), cache).trustedKeys())
        .containsExactly(OURS.publicKey());
    assertThat(nixSettings(Audience.TRUSTED, settings(Optional.empty()), cache).substituters())
        .isEmpty();
  }

  @Test
  void oneThatIsEmptyIsLeftOutAndOneThatIsBrokenWithAWarning() throws IOException {
    var empty =
        cachePolicy(
            folder.resolve("empty").toUri(), Optional.of(OURS.publicKey()), Audience.TRUSTED);
    assertThat(nixSettings(Audience.TRUSTED, settings(Optional.empty()), empty))
        .isEqualTo(NixSettings.DEFAULT);
    assertThat(events).isEmpty();

    URI broken = cache("broken");
    Files.writeString(folder.resolve("broken/nix-cache-info"), "StoreDir: /elsewhere\n");
    var policy = cachePolicy(broken, Optional.of(OURS.publicKey()), Audience.TRUSTED);
    assertThat(nixSettings(Audience.TRUSTED, settings(Optional.empty()), policy).substituters())
        .isEmpty();
    assertThat(events)
        .singleElement()
        .isInstanceOfSatisfying(
            ProgressEvent.Warning.class,
            warning -> assertThat(warning.text()).contains("/elsewhere", "built again"));
  }

  @Test
  void cachesOfOthersAreTakenFromToo() throws IOException {
    URI community = cache("community");
    others =
        List.of(
            new Substituter(community, PREVIEWS.publicKey(), OptionalInt.of(50)),
            new Substituter(
                folder.resolve("nowhere").toUri(), PREVIEWS.publicKey(), OptionalInt.empty()));
    NixSettings settings =
        nixSettings(
            Audience.PULL_REQUESTS,
            settings(Optional.empty()),
            cachePolicy(cache("ours"), Optional.of(OURS.publicKey()), Audience.TRUSTED));
    assertThat(settings.substituters())
        .containsExactly("file://" + folder.resolve("ours"), community + "?priority=50");
    assertThat(settings.trustedKeys()).containsExactly(OURS.publicKey(), PREVIEWS.publicKey());
    assertThat(events)
        .singleElement()
        .isInstanceOfSatisfying(
            ProgressEvent.Note.class,
            note -> assertThat(note.text()).contains("/nowhere", "nix-cache-info"));
  }

  /** It would be read with the environment's own keys, and nobody is even asked. */
  @Test
  void noBucketIsOpenToWhatPullRequestsBuild() throws IOException {
    URI bucket = URI.create("s3://boards?scheme=http&endpoint=127.0.0.1:1");
    others = List.of(new Substituter(bucket, PREVIEWS.publicKey(), OptionalInt.empty()));
    NixSettings settings =
        nixSettings(
            Audience.PULL_REQUESTS,
            settings(Optional.empty()),
            cachePolicy(bucket, Optional.of(OURS.publicKey()), Audience.TRUSTED));

    assertThat(settings.substituters()).isEmpty();
    assertThat(events).isEmpty();
  }

  @Test
  void cachesOfOthersGetNoneOfOurCredentials() throws IOException {
    try (var server = HttpCache.start(folder.resolve("server"))) {
      server.requireLogin("me", new Secret("pw"));
      others = List.of(new Substituter(server.uri(), OURS.publicKey(), OptionalInt.empty()));
      NixSettings settings = nixSettings(Audience.TRUSTED, settings(Optional.empty()));
      assertThat(settings.substituters()).isEmpty();
      assertThat(server.requests())
          .isNotEmpty()
          .extracting(HttpCache.Request::status)
          .containsOnly(401);
    }
  }

  private static CachePolicy cachePolicy(URI url, Optional<PublicKey> key, Audience audience) {
    return new CachePolicy(
        url, Optional.empty(), key, audience, OptionalInt.empty(), PublishPolicy.DEFAULT);
  }

  private URI cache(String name) throws IOException {
    Path cache = Files.createDirectories(folder.resolve(name));
    Files.writeString(cache.resolve("nix-cache-info"), "StoreDir: /nix/store\n");
    return URI.create("file://" + cache);
  }

  private NixSettings nixSettings(Audience audience, Settings settings, CachePolicy... caches) {
    var policy =
        new Policy(CrossPolicy.AUTO, false, 1, List.of(caches), others, List.of(), List.of());
    try (var substituters = Substituters.ready(policy, audience, settings, events::add)) {
      return substituters.settings(false);
    }
  }

  /** With credentials, which no cache in a folder needs. */
  static Settings settings(Optional<SigningKey> key) {
    return new Settings(
        Optional.empty(),
        key,
        Optional.empty(),
        Optional.of(HostLogins.parse(new Secret("me:pw"))),
        new Narrowing(Optional.empty(), Optional.empty()),
        Optional.empty(),
        Path.of(""),
        false,
        false,
        false,
        false);
  }
}
