package io.github.flakeferry.fleet;

import io.github.flakeferry.model.HostKey;
import java.util.List;

/**
 * A host on the way to a board.
 *
 * @param place where the file says so
 * @param keys empty: they are pinned elsewhere in the file
 */
record Jump(Place place, Endpoint endpoint, List<HostKey> keys) {}
