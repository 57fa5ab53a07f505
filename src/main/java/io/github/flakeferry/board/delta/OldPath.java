package io.github.flakeferry.board.delta;

import io.github.flakeferry.model.StorePath;

/**
 * A path that a board says it has.
 *
 * @param narSize bytes of its NAR, as the board says
 */
public record OldPath(StorePath path, long narSize) {}
