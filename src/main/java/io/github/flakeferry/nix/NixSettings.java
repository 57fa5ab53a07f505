package io.github.flakeferry.nix;

import io.github.flakeferry.model.PublicKey;
import io.github.flakeferry.model.SystemPlatform;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What we ask of Nix beyond the machine's own {@code nix.conf}.
 *
 * @param substituters caches to fetch from, besides those of the machine; no credentials in them
 * @param trustedKeys keys whose signatures are accepted, besides those of the machine
 * @param extraPlatforms platforms this machine can run besides its own, by emulation
 * @param showTrace whether an evaluation error comes with Nix's whole trace
 * @param logins with what private inputs are fetched
 * @param options any other settings of {@code nix.conf}, by name
 */
public record NixSettings(
    List<String> substituters,
    List<PublicKey> trustedKeys,
    Set<SystemPlatform> extraPlatforms,
    boolean showTrace,
    Logins logins,
    Map<String, String> options) {

  /** What of the user's opens private inputs. */
  public enum Logins {
    /** Nothing: the flake may be anybody's, and name as an input whatever could be opened. */
    NONE,
    /** The tokens and logins that the machine's and the user's settings of Nix name. */
    CONFIGURED,
    /** Besides, the user's SSH agent and settings of SSH: where one works on the flake oneself. */
    USERS_OWN
  }

  /** Nothing beyond the machine's own. */
  public static final NixSettings DEFAULT = new NixSettings(List.of(), List.of(), Set.of(), false);

  /** The same for somebody's own working copy. */
  public static final NixSettings BY_HAND = DEFAULT.with(Logins.USERS_OWN);

  public NixSettings {
    substituters = List.copyOf(substituters);
    trustedKeys = List.copyOf(trustedKeys);
    extraPlatforms = Set.copyOf(extraPlatforms);
    options = Map.copyOf(options);
    for (String url : substituters) {
      if (url.isEmpty() || url.chars().anyMatch(c -> c <= ' ')) {
        throw new IllegalArgumentException("not the URL of a cache: '" + url + "'");
      }
    }
  }

  public NixSettings(
      List<String> substituters,
      List<PublicKey> trustedKeys,
      Set<SystemPlatform> extraPlatforms,
      boolean showTrace) {
    this(substituters, trustedKeys, extraPlatforms, showTrace, Logins.CONFIGURED, Map.of());
  }

  public NixSettings withExtraPlatforms(Set<SystemPlatform> platforms) {
    return new NixSettings(substituters, trustedKeys, platforms, showTrace, logins, options);
  }

  public NixSettings withOptions(Map<String, String> settings) {
    return new NixSettings(substituters, trustedKeys, extraPlatforms, showTrace, logins, settings);
  }

  public NixSettings with(Logins others) {
    return new NixSettings(substituters, trustedKeys, extraPlatforms, showTrace, others, options);
  }
}
