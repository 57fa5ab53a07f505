package io.github.flakeferry.support.progress;

/**
 * Something that is waited for and says nothing of itself meanwhile, such as a board's answer,
 * until this is closed.
 */
public final class Wait implements AutoCloseable {
  private final String what;
  private final Progress progress;

  private Wait(String what, Progress progress) {
    this.what = what;
    this.progress = progress;
  }

  /**
   * It is waited for from now on.
   *
   * @param what as it goes on after "still": {@code asking unmatched-1}
   */
  public static Wait begin(String what, Progress progress) {
    progress.report(new ProgressEvent.WaitBegun(what));
    return new Wait(what, progress);
  }

  @Override
  public void close() {
    progress.report(new ProgressEvent.WaitEnded(what));
  }
}
