package io.github.flakeferry.pipeline.setup;

import io.github.flakeferry.fleet.Endpoint;
import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.HostKey;
import io.github.flakeferry.model.SystemPlatform;
import java.util.Optional;

/**
 * A board as the policy is to have it.
 *
 * @param platform what it runs; absent where neither it nor the flake told
 */
record NewBoard(
    BoardName name,
    Endpoint endpoint,
    HostKey hostKey,
    String configuration,
    Optional<SystemPlatform> platform) {}
