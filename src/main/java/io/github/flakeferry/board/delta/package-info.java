/**
 * What a board lacks as differences to what it has: which old path a new one is compared with, in
 * which portions, and the encoding of them, once for all boards. Knows of no connection.
 */
@NullMarked
package io.github.flakeferry.board.delta;

import org.jspecify.annotations.NullMarked;
