package io.github.flakeferry.pipeline.check;

import io.github.flakeferry.support.progress.Progress;
import io.github.flakeferry.support.progress.Wait;
import java.util.List;

/**
 * A check that may take its time, and tells so.
 *
 * @param what it does meanwhile: {@code asking https://cache.example.org}
 */
public record AwaitedCheck(String what, Check check, Progress progress) implements Check {
  @Override
  public String name() {
    return check.name();
  }

  @Override
  public List<Finding> look() {
    try (var _ = Wait.begin(what, progress)) {
      return check.look();
    }
  }
}
