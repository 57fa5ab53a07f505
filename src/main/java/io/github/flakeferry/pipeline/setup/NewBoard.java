package io.github.flakeferry.pipeline.setup;

import io.github.flakeferry.fleet.Endpoint;
import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.HostKey;
import io.github.flakeferry.model.SystemPlatform;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A board as the policy is to have it.
 *
 * @param platform what it runs; absent where neither it nor the flake told
 * @param tag by which an environment chooses it; absent where none has to
 */
record NewBoard(
    BoardName name,
    Endpoint endpoint,
    HostKey hostKey,
    String configuration,
    Optional<SystemPlatform> platform,
    Optional<String> tag) {

  /** The same with a tag. */
  NewBoard tagged(String with) {
    return new NewBoard(name, endpoint, hostKey, configuration, platform, Optional.of(with));
  }

  /** What selectors choose it by, besides its name. */
  List<String> tags() {
    return Stream.concat(platform.map(SystemPlatform::machine).stream(), tag.stream()).toList();
  }
}
