package io.github.flakeferry.board;

import io.github.flakeferry.model.Closure;

/**
 * What a board runs.
 *
 * @param closure of its current system
 */
public record BoardView(BoardFacts facts, Closure closure) {}
