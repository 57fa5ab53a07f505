package io.github.flakeferry.board.delta;

import com.github.luben.zstd.ZstdOutputStream;
import io.github.flakeferry.model.ContentSource;
import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.support.process.Command;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Packs pieces. What is packed of a single path is its NAR, of several their headers, too: so that
 * what a board takes for a header never comes out of a reference that may be damaged, unless a
 * checksum was looked at before.
 */
final class Encoder {
  private static final int LEVEL = 3;
  private static final int BUFFER = 1 << 16;

  private final ContentSource contents;
  private final ContentSource old;
  private final PieceHeader header;
  private final Optional<Path> program;

  /**
   * @param program zstd; without it nothing becomes a difference
   */
  Encoder(ContentSource contents, ContentSource old, PieceHeader header, Optional<Path> program) {
    this.contents = contents;
    this.old = old;
    this.header = header;
    this.program = program;
  }

  /**
   * Packs a piece: as a difference if it has references and these can be had.
   *
   * @param folder an empty one, where the result will be
   * @throws IOException if the piece's own content can't be read, or there is no room
   */
  Encoded encode(Piece piece, Path folder) throws IOException {
    Path packed = folder.resolve("packed");
    if (program.isPresent() && !piece.references().isEmpty()) {
      Path reference = folder.resolve("reference");
      Path target = folder.resolve("target");
      try {
        if (readReferences(piece, reference)) {
          write(piece, target);
          if (compare(program.get(), reference, target, packed)) {
            return new Encoded(packed, Files.size(packed), true);
          }
        }
      } finally {
        Files.deleteIfExists(reference);
        Files.deleteIfExists(target);
      }
    }
    try (var file = Files.newOutputStream(packed);
        var zstd = new ZstdOutputStream(file, LEVEL).setChecksum(true);
        var buffered = new BufferedOutputStream(zstd, BUFFER)) {
      write(piece, buffered);
    }
    return new Encoded(packed, Files.size(packed), false);
  }

  // false: not to be had, or other than the board's
  private boolean readReferences(Piece piece, Path to) throws IOException {
    try (var file = new BufferedOutputStream(Files.newOutputStream(to), BUFFER)) {
      for (OldPath path : piece.references()) {
        old.writeNar(path.path(), file);
      }
    } catch (IOException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw e;
      }
      return false;
    }
    return Files.size(to) == piece.referenceSize();
  }

  private void write(Piece piece, Path to) throws IOException {
    try (var file = new BufferedOutputStream(Files.newOutputStream(to), BUFFER)) {
      write(piece, file);
    }
  }

  private void write(Piece piece, OutputStream to) throws IOException {
    for (PathInfo info : piece.paths()) {
      if (piece.paths().size() > 1) {
        header.write(info, to);
      }
      contents.writeNar(info.path(), to);
    }
  }

  // zstd's jobs would each see a part of the reference only
  private static boolean compare(Path program, Path reference, Path target, Path packed)
      throws IOException {
    return Command.of(
            List.of(
                program.toString(),
                "-qf",
                "-" + LEVEL,
                "--single-thread",
                "--long=31",
                "--check",
                "--patch-from=" + reference,
                target.toString(),
                "-o",
                packed.toString()))
        .run()
        .exit()
        .succeeded();
  }
}
