package io.github.flakeferry.support.progress;

import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.StorePath;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** One thing that happened. */
public sealed interface ProgressEvent {
  /** A stage of the run begins: check out, evaluate, build, publish, deploy. */
  record StageStarted(String stage) implements ProgressEvent {}

  record StageEnded(String stage, Duration took) implements ProgressEvent {}

  /** A sentence for people, by us. */
  record Note(String text) implements ProgressEvent {}

  /** Something that people should look at, though it went on. */
  record Warning(String text) implements ProgressEvent {}

  /**
   * A line that somebody else wrote: a board, a program. It may say anything, workflow commands
   * too.
   */
  record ForeignLine(String origin, String text) implements ProgressEvent {}

  /** A line that a builder wrote; several build at once. It may say anything, too. */
  record BuilderLine(StorePath derivation, String text) implements ProgressEvent {}

  /** A derivation is being built from now on. */
  record DerivationBegun(StorePath derivation) implements ProgressEvent {}

  /** It no longer is, well or not; what its builder wrote came before. */
  record DerivationEnded(StorePath derivation) implements ProgressEvent {}

  /**
   * How far the build is.
   *
   * @param running names of the derivations that are being built now
   * @param downloadedBytes what substituters sent so far
   */
  record BuildAdvanced(
      int done, int expected, List<String> running, long downloadedBytes, long expectedBytes)
      implements ProgressEvent {}

  /**
   * How far uploading to a cache is, in paths and NAR bytes, of what it is known to lack so far.
   *
   * @param sentBytes what the paths are after compression that are done
   * @param bytesPerSecond NAR bytes, while something was under way; 0 as long as nobody knows
   * @param ended whether nothing more will come
   */
  record PublishAdvanced(
      String cache,
      int done,
      int expected,
      long bytes,
      long expectedBytes,
      long sentBytes,
      long bytesPerSecond,
      boolean ended)
      implements ProgressEvent {}

  /** How far the transfer to a board is, in paths and NAR bytes. */
  record TransferAdvanced(BoardName board, int done, int expected, long bytes, long expectedBytes)
      implements ProgressEvent {}

  /** A board reached a step of the protocol: facts, transfer, activating, waiting, committed. */
  record BoardStep(BoardName board, String step, Optional<String> detail)
      implements ProgressEvent {}

  /**
   * Something is waited for from now on that says nothing of itself meanwhile. No log tells it
   * unless it takes long.
   *
   * @param what {@code asking unmatched-1}
   */
  record WaitBegun(String what) implements ProgressEvent {}

  /** It no longer is: it came, or will not. */
  record WaitEnded(String what) implements ProgressEvent {}

  /** Nothing more is done to a board for now, which was not brought to a system. */
  record BoardLeft(BoardName board) implements ProgressEvent {}

  /** Nothing more is done to a board. */
  record BoardEnded(BoardResult result) implements ProgressEvent {}
}
