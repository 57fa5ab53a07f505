/**
 * Boards over SSH: facts, preflight, transfer, supervised activation. The connection is sshj's, and
 * none of its types leaves this package.
 */
@NullMarked
package io.github.flakeferry.board;

import org.jspecify.annotations.NullMarked;
