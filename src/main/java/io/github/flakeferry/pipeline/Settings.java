package io.github.flakeferry.pipeline;

import io.github.flakeferry.model.HostLogins;
import io.github.flakeferry.model.Secret;
import io.github.flakeferry.model.SigningKey;
import io.github.flakeferry.model.SshIdentity;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the run was given besides the event.
 *
 * @param login logs in on the boards; not needed where nothing is deployed
 * @param signingKey signs what boards and caches get
 * @param pullRequestSigningKey signs what pull requests' caches get
 * @param cacheCredentials opens the caches
 * @param policyPath where the policy is in the repository; absent: the usual places
 * @param flakeFolder where {@code flake.nix} is in the repository; empty: at its root
 * @param allowOlder whether a board's newer commit may be replaced
 * @param replaceUnknown whether a system may be replaced that somebody else activated
 * @param showTrace whether evaluation errors come with Nix's trace
 * @param dryRun whether to stop after the build
 */
public record Settings(
    Optional<SshIdentity> login,
    Optional<SigningKey> signingKey,
    Optional<SigningKey> pullRequestSigningKey,
    Optional<HostLogins> cacheCredentials,
    Narrowing narrowing,
    Optional<String> policyPath,
    Path flakeFolder,
    boolean allowOlder,
    boolean replaceUnknown,
    boolean showTrace,
    boolean dryRun) {

  /** What opens a cache, where there is something for it. */
  public Optional<Secret> credentialsFor(URI cache) {
    return cacheCredentials.flatMap(all -> all.of(cache));
  }

  /** The same, and what a command's options permit besides. */
  public Settings permitting(boolean older, boolean unknown) {
    return new Settings(
        login,
        signingKey,
        pullRequestSigningKey,
        cacheCredentials,
        narrowing,
        policyPath,
        flakeFolder,
        allowOlder || older,
        replaceUnknown || unknown,
        showTrace,
        dryRun);
  }
}
