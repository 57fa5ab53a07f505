package io.github.flakeferry.fleet;

import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.HostKey;
import java.util.List;
import java.util.SortedSet;

/**
 * A board as far as it could be read.
 *
 * @param place of its name
 * @param keys empty where they are missing or wrong
 * @param tagged whether its tags could be read
 */
record BoardDraft(
    Place place,
    BoardName name,
    String configuration,
    Endpoint endpoint,
    List<HostKey> keys,
    List<Jump> jumps,
    SortedSet<String> tags,
    boolean tagged) {}
