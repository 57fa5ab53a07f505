package io.github.flakeferry.support.progress;

import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.StorePath;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is under way, as far as events tell. For one thread at a time. */
public final class Ongoing {
  private final Map<String, Instant> stages = new LinkedHashMap<>();
  private final Map<StorePath, Instant> derivations = new LinkedHashMap<>();
  private final Map<BoardName, BoardNow> boards = new LinkedHashMap<>();
  private final Map<BoardName, Rate> rates = new LinkedHashMap<>();
  private final Map<String, ProgressEvent.PublishAdvanced> publishes = new LinkedHashMap<>();
  private final List<Named> waits = new ArrayList<>();
  private Optional<ProgressEvent.BuildAdvanced> build = Optional.empty();

  /**
   * Something that has a name and goes on.
   *
   * @param since when it began
   */
  public record Named(String name, Instant since) {}

  /**
   * A board that something is done to.
   *
   * @param since when this step began
   * @param transfer how far it is, while the step is that
   */
  public record BoardNow(
      BoardName board,
      String step,
      Optional<String> detail,
      Instant since,
      Optional<ProgressEvent.TransferAdvanced> transfer) {}

  /** Takes what happened next. */
  public void take(ProgressEvent event, Instant now) {
    switch (event) {
      case ProgressEvent.StageStarted(String stage) -> stages.put(stage, now);
      case ProgressEvent.StageEnded(String stage, Duration _) -> {
        stages.remove(stage);
        if (stages.isEmpty()) {
          build = Optional.empty();
          derivations.clear();
        }
      }
      case ProgressEvent.DerivationBegun(StorePath derivation) -> derivations.put(derivation, now);
      case ProgressEvent.DerivationEnded(StorePath derivation) -> derivations.remove(derivation);
      case ProgressEvent.BuildAdvanced advanced -> build = Optional.of(advanced);
      case ProgressEvent.PublishAdvanced publish -> {
        if (publish.ended()) {
          publishes.remove(publish.cache());
        } else {
          publishes.put(publish.cache(), publish);
        }
      }
      case ProgressEvent.TransferAdvanced transfer -> transferred(transfer, now);
      case ProgressEvent.BoardStep(var board, String step, var detail) -> {
        boards.put(board, new BoardNow(board, step, detail, now, Optional.empty()));
        rates.remove(board);
      }
      case ProgressEvent.WaitBegun(String what) -> waits.add(new Named(what, now));
      case ProgressEvent.WaitEnded(String what) ->
          waits.stream()
              .filter(wait -> wait.name().equals(what))
              .findFirst()
              .ifPresent(waits::remove);
      case ProgressEvent.BoardLeft(var board) -> left(board);
      case ProgressEvent.BoardEnded(var result) -> left(result.board());
      case ProgressEvent.Note _,
          ProgressEvent.Warning _,
          ProgressEvent.ForeignLine _,
          ProgressEvent.BuilderLine _ -> {}
    }
  }

  private void left(BoardName board) {
    boards.remove(board);
    rates.remove(board);
  }

  private void transferred(ProgressEvent.TransferAdvanced transfer, Instant now) {
    boards.compute(
        transfer.board(),
        (board, before) ->
            before == null
                ? new BoardNow(board, "transfer", Optional.empty(), now, Optional.of(transfer))
                : new BoardNow(
                    board, before.step(), before.detail(), before.since(), Optional.of(transfer)));
    rates.computeIfAbsent(transfer.board(), board -> new Rate()).advanced(transfer.bytes(), now);
  }

  /** The stage that began last. */
  public Optional<Named> stage() {
    return stages.entrySet().stream()
        .map(e -> new Named(e.getKey(), e.getValue()))
        .reduce((earlier, later) -> later);
  }

  /** How far the build is, as long as there is something to build or to fetch. */
  public Optional<ProgressEvent.BuildAdvanced> build() {
    return build.filter(
        b ->
            !derivations.isEmpty()
                || b.done() < b.expected()
                || b.downloadedBytes() < b.expectedBytes());
  }

  /** Names of what is being built, the longest first. */
  public List<Named> derivations() {
    return derivations.entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Comparator.naturalOrder()))
        .map(e -> new Named(e.getKey().derivationName(), e.getValue()))
        .toList();
  }

  /** When the building of this one began. */
  Optional<Instant> begin(StorePath derivation) {
    return Optional.ofNullable(derivations.get(derivation));
  }

  public List<BoardNow> boards() {
    return List.copyOf(boards.values());
  }

  /** Caches that something is published to. */
  public List<ProgressEvent.PublishAdvanced> publishes() {
    return List.copyOf(publishes.values());
  }

  /** What is waited for, the longest first; what several wait for is there once. */
  public List<Named> waits() {
    Map<String, Named> once = new LinkedHashMap<>();
    waits.forEach(wait -> once.putIfAbsent(wait.name(), wait));
    return List.copyOf(once.values());
  }

  /** Whether nothing is under way at all. */
  public boolean isNothing() {
    return stages.isEmpty()
        && derivations.isEmpty()
        && boards.isEmpty()
        && publishes.isEmpty()
        && waits.isEmpty()
        && build().isEmpty();
  }

  /** NAR bytes a second that arrive on a board; 0 as long as nobody can say. */
  public long bytesPerSecond(BoardName board, Instant now) {
    return Optional.ofNullable(rates.get(board)).map(rate -> rate.perSecond(now)).orElse(0L);
  }

  /** How long so many bytes will take; absent where nobody can say. */
  public static Optional<Duration> left(long bytes, long bytesPerSecond) {
    return bytesPerSecond <= 0 || bytes <= 0
        ? Optional.empty()
        : Optional.of(Duration.ofSeconds(bytes / bytesPerSecond));
  }
}
