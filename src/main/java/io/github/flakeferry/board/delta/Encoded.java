package io.github.flakeferry.board.delta;

import java.nio.file.Path;

/**
 * A piece that is ready to be sent.
 *
 * @param file a zstd frame with its checksum; stays as long as its {@link Encodings}
 * @param difference whether the piece's references are needed to unpack it
 */
public record Encoded(Path file, long size, boolean difference) {}
