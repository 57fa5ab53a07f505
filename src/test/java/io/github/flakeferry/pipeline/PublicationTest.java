package io.github.flakeferry.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.flakeferry.cache.PublishFailed;
import io.github.flakeferry.fleet.Audience;
import io.github.flakeferry.fleet.Policy;
import io.github.flakeferry.fleet.PolicyReader;
import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.HostLogins;
import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.ProgramCache;
import io.github.flakeferry.model.Sha256;
import io.github.flakeferry.model.SigningKey;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.support.process.SearchPath;
import io.github.flakeferry.support.progress.Progress;
import io.github.flakeferry.support.progress.ProgressEvent;
import io.github.flakeferry.testbed.PushStandIn;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Publishing through programs; what goes up by itself has its tests beside the build. */
final class PublicationTest {
  private static final SigningKey OTHER = SigningKey.generate("other-1");
  private static final String THROUGH =
      """
        - url: https://boards.cachix.org
          through: cachix
          public-key: boards.cachix.org-1:trxKiDBw3ySON0Uz1kOehXDtYw2f0VMs1/jAKbCHpHU=
      """;
  private static final String UPLOADED = "  - url: file:///srv/cache\n";
  private static final PathInfo PATH =
      new PathInfo(
          StorePath.parse("/nix/store/" + "a".repeat(32) + "-hello"),
          Sha256.of(new byte[32]),
          120,
          new TreeSet<>(),
          Optional.empty(),
          Optional.empty(),
          List.of());

  @TempDir private Path folder;

  private static Policy policy(String caches) {
    return PolicyReader.read(
        "flakeferry.yml",
        "caches:\n"
            + caches
            + """
            boards:
              one:
                host-key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJr2wEvHkZD9hUpA4KZMLZHWKcdfsiIWCcLh66ZDyzfr
            """);
  }

  @Test
  void throughAProgramNoKeyIsNeededAndAnotherOneNotHeldAgainstTheCaches() throws IOException {
    PushStandIn cachix = PushStandIn.install(ProgramCache.Program.CACHIX, folder, "me:pw");
    for (Optional<SigningKey> key : List.of(Optional.<SigningKey>empty(), Optional.of(OTHER))) {
      var notes = new ArrayList<ProgressEvent>();
      try (var publication =
          Publication.prepare(
              policy(THROUGH),
              Audience.TRUSTED,
              SubstitutersTest.settings(key),
              cachix.path(),
              notes::add)) {
        assertThat(publication.publish(List.of(PATH))).isEmpty();
      }
      assertThat(notes.getLast())
          .isEqualTo(
              new ProgressEvent.Note(
                  "https://boards.cachix.org: 1 path published or there, says `cachix`"));
    }
    assertThat(cachix.calls()).isEqualTo(2);
    assertThat(cachix.paths(2)).containsExactly(PATH.path().toString());
  }

  @Test
  void aFailureOfTheProgramIsThePublications() throws IOException {
    PushStandIn cachix = PushStandIn.install(ProgramCache.Program.CACHIX, folder, "another");
    try (var publication =
        Publication.prepare(
            policy(THROUGH),
            Audience.TRUSTED,
            SubstitutersTest.settings(Optional.empty()),
            cachix.path(),
            Progress.SILENT)) {
      assertThat(publication.publish(List.of(PATH))).containsInstanceOf(PublishFailed.class);
    }
  }

  @Test
  void whatIsMissingIsToldBeforeAnythingIsBuilt() {
    Settings settings = SubstitutersTest.settings(Optional.empty());
    assertThat(refusal(THROUGH, settings).problem()).contains("`cachix`", "PATH");
    assertThat(refusal(THROUGH, withoutToken(settings)).advice()).contains("cache-credentials");
    assertThat(refusal(THROUGH + UPLOADED, settings).advice()).contains("input signing-key");
  }

  @Test
  void pullRequestsGetNoKeyThatProductionTrusts() {
    var renamed =
        SigningKey.parse("renamed-1:" + OTHER.export().reveal().replaceFirst("[^:]*:", ""));
    String previews = "  - url: file:///srv/previews\n    for: pull-requests\n";
    var none = SubstitutersTest.settings(Optional.empty());
    var production = SubstitutersTest.settings(Optional.of(OTHER));
    String declared = UPLOADED + "    public-key: " + OTHER.publicKey() + "\n";
    for (SigningKey key : List.of(OTHER, renamed)) {
      for (Failure refused :
          List.of(
              refusal(
                  UPLOADED + previews, Audience.PULL_REQUESTS, forPullRequests(production, key)),
              refusal(declared + previews, Audience.PULL_REQUESTS, forPullRequests(none, key)),
              refusal(declared, Audience.PULL_REQUESTS, forPullRequests(none, key)))) {
        assertThat(refused.code()).isEqualTo(FailureCode.CACHE_KEY);
        assertThat(refused.problem())
            .contains(key.publicKey().name())
            .contains("production trusts")
            .doesNotContain(key.export().reveal());
      }
    }
    var another = forPullRequests(production, SigningKey.generate("previews-1"));
    assertThat(new SigningKeys(policy(declared + previews), another).of(Audience.PULL_REQUESTS))
        .isEqualTo(another.pullRequestSigningKey());
  }

  private static Settings forPullRequests(Settings settings, SigningKey key) {
    return with(settings, Optional.of(key), settings.cacheCredentials());
  }

  private static Settings withoutToken(Settings settings) {
    return with(settings, settings.pullRequestSigningKey(), Optional.empty());
  }

  private static Settings with(
      Settings settings,
      Optional<SigningKey> pullRequestSigningKey,
      Optional<HostLogins> cacheCredentials) {
    return new Settings(
        settings.login(),
        settings.signingKey(),
        pullRequestSigningKey,
        cacheCredentials,
        settings.narrowing(),
        settings.policyPath(),
        settings.flakeFolder(),
        settings.allowOlder(),
        settings.replaceUnknown(),
        settings.showTrace(),
        settings.dryRun());
  }

  private static Failure refusal(String caches, Settings settings) {
    return refusal(caches, Audience.TRUSTED, settings);
  }

  private static Failure refusal(String caches, Audience audience, Settings settings) {
    return Objects.requireNonNull(
        catchThrowableOfType(
            Failure.class,
            () ->
                Publication.prepare(
                        policy(caches),
                        audience,
                        settings,
                        new SearchPath(List.of()),
                        Progress.SILENT)
                    .close()));
  }
}
