package io.github.flakeferry.cache;

import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.FailureReason;
import java.util.Optional;

/** A cache did not take what it should. */
public final class PublishFailed extends Failure {
  private final String cache;
  private final Optional<String> subject;
  private final Optional<Integer> status;

  PublishFailed(
      String cache,
      Optional<String> subject,
      Optional<Integer> status,
      String message,
      String advice) {
    super(FailureReason.PUBLISH_FAILED, message, advice);
    this.cache = cache;
    this.subject = subject;
    this.status = status;
  }

  /** The cache's URL, without credentials. */
  public String cache() {
    return cache;
  }

  /** The store path, or the file in the cache, that it was about. */
  public Optional<String> subject() {
    return subject;
  }

  /** The status of the HTTP answer, where there was one. */
  public Optional<Integer> status() {
    return status;
  }
}
