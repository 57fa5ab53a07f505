package io.github.flakeferry.support.progress;

import io.github.flakeferry.model.StorePath;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps what builders write until each has come to its end, so that the lines of one stand
 * together. For one thread at a time.
 */
final class BuilderLogs {
  /** In characters, of one builder; as many build at once as the machine has jobs for. */
  static final int MOST = 1 << 20;

  private final Map<StorePath, Kept> kept = new LinkedHashMap<>();

  /** Lines of one builder, one after another. */
  record Block(StorePath derivation, List<String> lines) {}

  private static final class Kept {
    private final List<String> lines = new ArrayList<>();
    private int size;
  }

  /** Keeps a line; gives all that is kept of its builder where that has become too much. */
  Optional<Block> add(ProgressEvent.BuilderLine line) {
    Kept of = kept.computeIfAbsent(line.derivation(), derivation -> new Kept());
    of.lines.add(line.text());
    of.size += line.text().length() + 1;
    return of.size < MOST ? Optional.empty() : take(line.derivation());
  }

  /** What is kept of a builder, and no longer is. */
  Optional<Block> take(StorePath derivation) {
    return Optional.ofNullable(kept.remove(derivation)).map(of -> new Block(derivation, of.lines));
  }

  /** All that is kept, and no longer is. */
  List<Block> takeAll() {
    return List.copyOf(kept.keySet()).stream().flatMap(d -> take(d).stream()).toList();
  }
}
